"""The desk's door for those who come by a letter: to join, or to set a new password."""

from functools import partial

from flask import url_for

from portal import identity
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.accounts import NewPassword
from portal.inputs.staff import AskForDeskLink, Join
from portal.rules import desk_links, desk_passwords, invitations
from portal.rules.links import DeadLink
from portal.rules.refused import Refused
from portal.views.doors import filled_in, origin, typed
from portal.views.staff.room import room

page = partial(show, "staff/ask_for_link")


@room.get("/password")
def ask_for_link() -> Answer:
    return page(form=AskForDeskLink())


@room.post("/password")
@filled_in(AskForDeskLink, page)
def send_link(form: AskForDeskLink) -> Answer:
    desk_passwords.ask_for_link(typed(form.email), origin=origin(), at=now())
    return go(url_for(".link_sent"))


@room.get("/password/sent")
def link_sent() -> Answer:
    return show("staff/link_sent")


@room.get("/password/<token>")
def choose_password(token: str) -> Answer:
    member, _ = desk_links.member_of(token, at=now())
    form = NewPassword(desk_passwords.forbidden_words(member))
    return show("staff/new_password", member=member, form=form)


@room.post("/password/<token>")
def set_password(token: str) -> Answer:
    at = now()
    member, _ = desk_links.member_of(token, at=at)
    form = NewPassword(desk_passwords.forbidden_words(member))
    if not form.validate():
        return show("staff/new_password", status=422, member=member, form=form)
    member = desk_passwords.set_by_link(token, typed(form.password), at=at)
    identity.sign_in_member(member, at=at)
    return go(url_for(".today"), said="Your password is set, and you are signed in.")


@room.get("/join/<token>")
def read_invitation(token: str) -> Answer:
    invitation = desk_links.invitation_of(token, at=now())
    form = Join(invitations.forbidden_words(invitation))
    return show("staff/join", invitation=invitation, form=form)


@room.post("/join/<token>")
def join(token: str) -> Answer:
    at = now()
    invitation = desk_links.invitation_of(token, at=at)
    form = Join(invitations.forbidden_words(invitation))
    if not form.validate():
        return show("staff/join", status=422, invitation=invitation, form=form)
    member = invitations.accept(token, typed(form.name), typed(form.password), at=at)
    identity.sign_in_member(member, at=at)
    return go(url_for(".today"), said=f"Welcome, {member.name}.")


@room.errorhandler(DeadLink)
def dead_link(no: Refused) -> Answer:
    return show("staff/dead_link", status=410, no=no)
