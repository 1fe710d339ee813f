"""Signing in with a password."""

from datetime import datetime
from functools import partial

from flask import url_for

from portal import identity
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import asked
from portal.inputs.accounts import SignIn
from portal.links import own_path
from portal.models import Client
from portal.rules import accounts
from portal.views.doors import filled_in, origin, typed
from portal.views.public.room import room

page = partial(show, "public/sign_in")
LONGEST_WAY = 2_000  # of many days that are being booked


@room.get("/sign-in")
def sign_in() -> Answer:
    return page(form=SignIn())


@room.post("/sign-in")
@filled_in(SignIn, page)
def enter(form: SignIn) -> Answer:
    at = now()
    client = accounts.recognise(typed(form.login), typed(form.password), origin=origin(), at=at)
    return let_in(client, remember=form.remember.data, at=at)


def let_in(client: Client, *, remember: bool, at: datetime) -> Answer:
    """To where they were when they had to sign in, or to their bookings."""
    identity.sign_in_client(client, remember=remember, at=at)
    return go(own_path(asked("next", most=LONGEST_WAY), url_for("client.list_bookings")))
