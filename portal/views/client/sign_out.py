"""Leaving: the portal, or for staff who look on, back to the front desk."""

from flask import abort, url_for

from portal import identity
from portal.answers import Answer, go
from portal.views.client.room import me, room


@room.post("/sign-out")
def sign_out() -> Answer:
    identity.sign_out()
    return go(url_for("public.sign_in"), said="You are signed out.")


@room.post("/front-desk")
def return_to_desk() -> Answer:
    if not me().viewer:
        abort(404)
    profile = f"/desk/customers/{me().id}"
    identity.sign_out()
    return go(profile)
