"""My Profile: what is known about the client, and changing it."""

from typing import Any

from flask import request, url_for

from portal import phones
from portal.answers import Answer, done, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.profile import ProfileInput
from portal.models import Client
from portal.rules import email_changes, files, profiles, sign_ins, viewing
from portal.rules.refused import Refused
from portal.views.client.room import ADDRESS, me, myself, room
from portal.views.doors import origin, refused, typed
from portal.views.files import picture
from portal.views.uploads import taken


@room.get("/profile")
def show_profile() -> Answer:
    at = now()
    waiting, places = email_changes.waiting(me().id, at=at), sign_ins.of_client(me().id, at=at)
    return show("client/profile", at=at, client=myself(), waiting=waiting, sign_ins=places)


@room.get("/profile/photo")
def show_own_photo() -> Answer:
    return picture(me().photo_id, small=request.args.get("size") != "l")


@room.get("/profile/edit")
def edit_profile() -> Answer:
    profiles.must_be_open(me().actor)
    client = myself()
    return written(profile_form(client, obj=client))


@room.post("/profile")
def change_profile() -> Answer:
    profiles.must_be_open(me().actor)
    client = myself()
    form = profile_form(client)
    if not form.validate():
        return written(form, status=422)
    try:
        return changed(client, form)
    except viewing.NotWhileViewing:
        raise
    except Refused as no:
        return refused(written, form, no, "password" if isinstance(no, profiles.NotProven) else "email")


def changed(client: Client, form: ProfileInput) -> Answer:
    at, email, facts = now(), typed(form.email), form.facts
    if profiles.opens_door(client, email, facts["phone"]):
        must_not_be_viewing()
        profiles.prove(client, sign_ins.one(me().sign_in_id), typed(form.password), origin=origin(), at=at)
    if not taken(form.photo, files.keep_photo, sent_by=client.id, at=at):
        return written(form, status=422)
    photo, removed = form.photo.data, form.remove_photo.data
    waits = profiles.change(client, facts, email=email, photo=photo, remove_photo=removed, by=me().actor, at=at)
    said = f"Saved. Open the letter that is on its way to {email} to confirm that address." if waits else "Saved."
    return go(url_for(".show_profile"), said=said)


def must_not_be_viewing() -> None:
    if me().viewer:
        raise viewing.NotWhileViewing(ADDRESS)


def profile_form(client: Client, **more: Any) -> ProfileInput:
    return ProfileInput(kept_email=client.email, kept_phone=client.phone, country=business().country, **more)


def written(form: ProfileInput, no: object = "", status: int = 200) -> Answer:
    fresh = sign_ins.is_fresh(sign_ins.one(me().sign_in_id), at=now())
    names = {"no": no, "fresh": fresh, "phone_example": phones.example(business().country)}
    return show("client/profile_edit", "client/profile_form", status, form=form, client=myself(), **names)


@room.post("/profile/email/letter")
def mail_email_letter() -> Answer:
    change = email_changes.mail_again(myself(), at=now())
    return go(url_for(".show_profile"), said=f"The letter is on its way to {change.email} once more.")


@room.post("/profile/email/removal")
def forget_email_change() -> Answer:
    email_changes.forget(myself(), by=me().actor, at=now())
    said = "Your e-mail stays as it is."
    return done("client/email_waits", then=url_for(".show_profile"), said=said, waiting=None, fresh=True)
