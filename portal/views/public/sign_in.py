"""Signing in, for clients."""

from portal.answers import Answer, show
from portal.views.public.room import room


@room.get("/sign-in")
def sign_in() -> Answer:
    return show("public/sign_in")
