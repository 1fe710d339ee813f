"""Registering, where the business allows it."""

from typing import Any

from flask import abort, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs import Input
from portal.inputs.accounts import Registration
from portal.rules import links, pet_profiles, registrations
from portal.rules.clients import KnownAlready
from portal.views.doors import filled_in, origin, typed
from portal.views.public.room import room


def page(form: Input, no: object = "", **names: Any) -> Answer:
    return show("public/register", form=form, no=no, known=isinstance(no, KnownAlready), **names)


def registration() -> Registration:
    if not business().registration_open:
        abort(404)
    return Registration(animals=pet_profiles.named_animals(), country=business().country)


@room.get("/register")
def write_registration() -> Answer:
    return page(form=registration())


@room.post("/register")
@filled_in(registration, page)
def register(form: Registration) -> Answer:
    registrations.register(
        typed(form.first_name),
        typed(form.last_name),
        typed(form.email),
        form.number or "",
        pet=typed(form.pet),
        animal_id=int(form.animal_id.data),
        origin=origin(),
        at=now(),
    )
    return go(url_for(".registered"))


@room.get("/register/sent")
def registered() -> Answer:
    return show("public/registered", good_for=links.SPOKEN[links.Purpose.INVITATION])
