"""Memberships, in the settings: which there are, and what they open."""

from typing import Any

from flask import url_for

from portal import wording
from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.offers import MembershipInput
from portal.models import Membership
from portal.rules import memberships, retiring, services
from portal.rules.refused import Misfit
from portal.views.staff.room import room, the


@room.get("/settings/memberships")
def list_memberships() -> Answer:
    today = wording.today_in(business().time_zone, now())
    return show("staff/settings/memberships", memberships=memberships.every(today))


@room.get("/settings/memberships/new")
def write_membership() -> Answer:
    return written(membership_form())


@room.post("/settings/memberships")
def add_membership() -> Answer:
    form = membership_form()
    if not form.validate():
        return written(form, status=422)
    try:
        membership = memberships.add(form.name.data or "", form.description.data or "", service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no)
    return go(url_for(".list_memberships"), said=f"{membership.name} is added.")


@room.get("/settings/memberships/<int:membership_id>")
def edit_membership(membership_id: int) -> Answer:
    membership = the(Membership, membership_id)
    ticked = [str(id) for id in memberships.services_of(membership)]
    words = {"name": membership.name, "description": membership.description, "services": ticked}
    return written(membership_form(data=words), membership)


@room.post("/settings/memberships/<int:membership_id>")
def change_membership(membership_id: int) -> Answer:
    membership, form = the(Membership, membership_id), membership_form()
    if not form.validate():
        return written(form, membership, 422)
    name, description = form.name.data or "", form.description.data or ""
    try:
        memberships.change(membership, name, description, service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no, the(Membership, membership_id))
    return go(url_for(".list_memberships"), said="Saved.")


@room.post("/settings/memberships/<int:membership_id>/retirement")
def retire_membership(membership_id: int) -> Answer:
    membership = the(Membership, membership_id)
    retiring.retire(membership, at=now())
    return go(url_for(".list_memberships"), said=f"{membership.name} is retired; who holds it keeps it.")


@room.post("/settings/memberships/<int:membership_id>/return")
def bring_back_membership(membership_id: int) -> Answer:
    membership = the(Membership, membership_id)
    retiring.bring_back(membership)
    return go(url_for(".list_memberships"), said=f"{membership.name} can be given again.")


def membership_form(**more: Any) -> MembershipInput:
    return MembershipInput(offered=services.named(), **more)


def misfit(form: MembershipInput, no: Misfit, membership: Membership | None = None) -> Answer:
    form[no.field].errors = [str(no)]
    return written(form, membership, 422)


def written(form: MembershipInput, membership: Membership | None = None, status: int = 200) -> Answer:
    return show("staff/settings/membership", "staff/membership_form", status, form=form, membership=membership)
