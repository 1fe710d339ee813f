"""Staff, in the settings: who works here, in which role, and who is invited."""

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.staff import Invite, RoleInput
from portal.models import Invitation, Member, Role
from portal.rules import invitations, members
from portal.rules.desk_links import INVITATION_LIVES
from portal.rules.refused import Refused
from portal.views.staff.room import me, room, the


@room.get("/settings/staff")
def list_members() -> Answer:
    stale = now() - INVITATION_LIVES
    return show("staff/settings/members", members=members.every(), invitations=invitations.every(), stale=stale)


@room.get("/settings/staff/new")
def write_invitation() -> Answer:
    return inviting(Invite())


@room.post("/settings/staff")
def invite_member() -> Answer:
    form = Invite()
    if not form.validate():
        return inviting(form, 422)
    try:
        invited = invitations.invite(form.email.data or "", Role(form.role.data), by=me().actor, at=now())
    except Refused as no:
        form.email.errors = [str(no)]
        return inviting(form, 422)
    return listed(f"The invitation is on its way to {invited.email}.")


def inviting(form: Invite, status: int = 200) -> Answer:
    return show("staff/settings/invitation", "staff/settings_invitation", status, form=form)


def listed(said: str) -> Answer:
    return go(url_for(".list_members"), said=said)


@room.post("/settings/invitations/<int:invitation_id>/letters")
def invite_again(invitation_id: int) -> Answer:
    invitation = the(Invitation, invitation_id)
    invitations.mail_again(invitation, by=me().actor, at=now())
    return listed(f"A new letter is on its way to {invitation.email}; the link in the old one is dead.")


@room.post("/settings/invitations/<int:invitation_id>/withdrawal")
def withdraw_invitation(invitation_id: int) -> Answer:
    invitation = the(Invitation, invitation_id)
    invitations.withdraw(invitation)
    return listed(f"The invitation of {invitation.email} is withdrawn.")


@room.get("/settings/staff/<int:member_id>")
def show_member(member_id: int) -> Answer:
    member = the(Member, member_id)
    return one(member, RoleInput(obj=member))


@room.post("/settings/staff/<int:member_id>")
def change_member(member_id: int) -> Answer:
    member, form = the(Member, member_id), RoleInput()
    if not form.validate():
        return one(member, form, 422)
    try:
        members.give_role(member, Role(form.role.data), by=me().actor, at=now())
    except Refused as no:
        form.role.errors = [str(no)]
        return one(member, form, 422)
    return listed("Saved.")


def one(member: Member, form: RoleInput, status: int = 200) -> Answer:
    return show("staff/settings/member", "staff/settings_member", status, member=member, form=form)


@room.post("/settings/staff/<int:member_id>/deactivation")
def deactivate_member(member_id: int) -> Answer:
    member = the(Member, member_id)
    members.deactivate(member, by=me().actor, at=now())
    return listed(f"{member.name} is deactivated, and signed out everywhere.")


@room.post("/settings/staff/<int:member_id>/reactivation")
def reactivate_member(member_id: int) -> Answer:
    member = the(Member, member_id)
    members.reactivate(member)
    return listed(f"{member.name} can sign in again.")
