"""Leaving."""

from flask import url_for

from portal import identity
from portal.answers import Answer, go
from portal.views.client.room import room


@room.post("/sign-out")
def sign_out() -> Answer:
    identity.sign_out()
    return go(url_for("public.sign_in"), said="You are signed out.")
