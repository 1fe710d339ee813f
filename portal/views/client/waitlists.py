"""The client's waitlist entries."""

from datetime import datetime

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.models import WaitlistEntry
from portal.rules import agendas, waitlists
from portal.views.client.room import me, mine, room


@room.get("/waitlists")
def list_waitlists() -> Answer:
    at = now()
    return show("client/waitlists", at=at, entries=agendas.waitlist_page(me().id, at=at))


@room.post("/waitlists/<int:entry_id>/removal")
def leave_waitlist(entry_id: int) -> Answer:
    at = now()
    entry = waitlists.leave(mine(WaitlistEntry, entry_id), by=me().actor, at=at)
    return changed(entry, at, f"{entry.service} is removed from your waitlists.")


@room.delete("/waitlists/<int:entry_id>/removal")
@room.post("/waitlists/<int:entry_id>/return")
def return_to_waitlist(entry_id: int) -> Answer:
    at = now()
    entry = waitlists.return_to(mine(WaitlistEntry, entry_id), by=me().actor, at=at)
    return changed(entry, at, f"{entry.service} is back on your waitlists.")


def changed(entry: waitlists.Waiting, at: datetime, said: str) -> Answer:
    then = url_for(".list_bookings", _anchor=f"waitlist_row-{entry.id}")
    return done("client/waitlist_row", then=then, said=said, entry=entry, at=at, fresh=True)
