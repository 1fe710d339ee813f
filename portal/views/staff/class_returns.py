"""Bringing back a date of a class that was called off."""

from functools import partial

from flask import request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.models import ServiceSession
from portal.rules import rolls, series_additions, session_returns
from portal.views.staff.room import me, room, the
from portal.wording import counted, listed

seen = partial(the, locked=False)  # the rule locks what it changes, in an order of its own


@room.get("/classes/<int:session_id>/return")
def ask_to_bring_back(session_id: int) -> Answer:
    session, at = seen(ServiceSession, session_id), now()
    session_returns.must_be_returnable(session, at)
    clashes = session_returns.against(session, at)
    return show("staff/class_return", session=rolls.class_of(session_id), clashes=clashes)


@room.post("/classes/<int:session_id>/return")
def bring_back_class(session_id: int) -> Answer:
    registered, tell = request.form.get("registered") == "y", not request.form.get("quiet")
    session = seen(ServiceSession, session_id)
    booked = session_returns.bring_back(session, registered=registered, tell=tell, by=me().actor, at=now())
    heard = ": the clients are told" if tell else ""
    told = f" {counted(booked, 'booking')}{heard}." if booked else " Nobody is booked yet."
    left_out = not_put_in(session) if registered else ""
    return go(url_for(".show_class", session_id=session_id), said=f"It takes place.{told}{left_out}")


def not_put_in(session: ServiceSession) -> str:
    """Staff ask them; their pets cannot be at two places at once."""
    names = series_additions.missing(session)
    return f" Not booked, as they are booked elsewhere then: {listed(names)}." if names else ""
