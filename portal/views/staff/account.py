"""My Account, in the settings: everybody's own name, e-mail and password."""

from typing import Any

from flask import url_for

from portal import identity
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.staff import Account, ChangeOwnPassword
from portal.models import Member
from portal.rules import clients, desk_passwords, members
from portal.rules.refused import Refused
from portal.views.doors import origin, refused, typed
from portal.views.staff.room import me, room, the


@room.get("/settings/account")
def show_account() -> Answer:
    return account(Account(obj=the(Member, me().id)))


@room.post("/settings/account")
def change_account() -> Answer:
    form, member, at = Account(), the(Member, me().id), now()
    if not form.validate():
        return account(form, 422)
    try:
        if clients.folded(typed(form.email)) != member.email:
            members.prove(member, typed(form.current), origin=origin(), at=at)
    except Refused as no:
        return refused(account, form, no, beside="current")
    try:
        members.describe(member, typed(form.name), typed(form.email), at=at)
    except Refused as no:
        return refused(account, form, no, beside="email")
    return go(url_for(".show_account"), said="Saved.")


def account(form: Account, status: int = 200, no: object = "") -> Answer:
    return show("staff/settings/account", "staff/settings_account", status, form=form, no=no)


@room.get("/settings/account/password")
def write_own_password() -> Answer:
    return password_page(own_password())


@room.post("/settings/account/password")
def change_own_password() -> Answer:
    form, member, at = own_password(), the(Member, me().id), now()
    if not form.validate():
        return password_page(form, 422)
    try:
        desk_passwords.change(member, typed(form.current), typed(form.password), origin=origin(), at=at)
    except Refused as no:
        return refused(password_page, form, no, beside="current")
    identity.sign_in_member(member, at=at)
    return go(url_for(".show_account"), said="Your password is changed. Every other device is signed out.")


def own_password() -> ChangeOwnPassword:
    return ChangeOwnPassword(desk_passwords.forbidden_words(the(Member, me().id)))


def password_page(form: ChangeOwnPassword, status: int = 200, no: object = "") -> Answer:
    names: dict[str, Any] = {"form": form, "no": no, "member": the(Member, me().id)}
    return show("staff/settings/password", "staff/settings_password", status, **names)
