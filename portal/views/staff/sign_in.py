"""Signing in and out, for staff."""

from functools import partial

from flask import url_for

from portal import identity
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import asked
from portal.inputs.accounts import DeskSignIn
from portal.links import own_path
from portal.rules import accounts
from portal.views.doors import filled_in, origin, typed
from portal.views.staff.room import room

page = partial(show, "staff/sign_in")


@room.get("/sign-in")
def sign_in() -> Answer:
    return page(form=DeskSignIn())


@room.post("/sign-in")
@filled_in(DeskSignIn, page)
def enter(form: DeskSignIn) -> Answer:
    at = now()
    member = accounts.recognise_member(typed(form.email), typed(form.password), origin=origin(), at=at)
    identity.sign_in_member(member, at=at)
    return go(own_path(asked("next"), url_for(".today")))


@room.post("/sign-out")
def sign_out() -> Answer:
    identity.sign_out()
    return go(url_for(".sign_in"), said="You are signed out.")
