"""How the client comes in: the password, and where they are signed in."""

from datetime import datetime

from flask import abort, url_for

from portal import identity
from portal.answers import Answer, done, go, show
from portal.db import now
from portal.inputs.profile import ChangePassword
from portal.rules import accounts, profiles, sign_ins
from portal.rules.refused import Refused
from portal.views.client.room import me, myself, room
from portal.views.doors import origin, refused, typed


@room.get("/profile/password")
def write_password() -> Answer:
    """Who has none has nothing to change: the profile says how to get one."""
    return page(blank()) if myself().password_hash else go(url_for(".show_profile"))


@room.post("/profile/password")
def change_password() -> Answer:
    form = blank()
    if not form.validate():
        return page(form, status=422)
    try:
        return changed(form)
    except Refused as no:
        return refused(page, form, no, beside="current")


def changed(form: ChangePassword) -> Answer:
    at, client, remember = now(), myself(), sign_ins.one(me().sign_in_id).remembered
    current, new = typed(form.current), typed(form.password)
    accounts.change_password(client, current, new, origin=origin(), by=me().actor, at=at)
    identity.sign_in_client(client, remember=remember, at=at)
    return go(url_for(".show_profile"), said="Your password is changed. Every other device is signed out.")


def blank() -> ChangePassword:
    return ChangePassword(accounts.forbidden_words(myself()))


def page(form: ChangePassword, no: object = "", status: int = 200) -> Answer:
    return show("client/password", "client/password_form", status, form=form, no=no, client=myself())


@room.post("/profile/password/link")
def mail_password_link() -> Answer:
    profiles.mail_password_link(myself(), at=now())
    return go(url_for(".show_profile"), said=f"A link to set your password is on its way to {me().email}.")


@room.post("/profile/sign-ins/<int:sign_in_id>/removal")
def end_sign_in(sign_in_id: int) -> Answer:
    if not sign_ins.end_one(sign_in_id, client_id=me().id):
        abort(404)
    return ended(now(), "Signed out there.")


@room.post("/profile/sign-ins/removal")
def end_other_sign_ins() -> Answer:
    sign_ins.end_all(client_id=me().id, but=me().sign_in_id)
    return ended(now(), "Signed out everywhere else.")


def ended(at: datetime, said: str) -> Answer:
    places = sign_ins.of_client(me().id, at=at)
    names = {"at": at, "sign_ins": places, "fresh": True}
    return done("client/sign_ins", then=url_for(".show_profile"), said=said, toast=True, **names)
