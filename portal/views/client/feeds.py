"""The address from which the client's own calendar reads their bookings: made, made anew, revoked."""

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.rules import feeds
from portal.views.client.room import me, myself, room


@room.get("/profile/feed")
def show_feed() -> Answer:
    feed = feeds.of_client(me().id)
    return show("client/feed", address=feeds.address(feed) if feed else "")


@room.post("/profile/feed")
def make_feed() -> Answer:
    feeds.make(myself(), by=me().actor, at=now())
    return go(url_for(".show_feed"), "This is your new address.")


@room.post("/profile/feed/revocation")
def revoke_feed() -> Answer:
    feeds.revoke(myself(), by=me().actor, at=now())
    return go(url_for(".show_feed"), "The address is dead. Calendars that had it get nothing more.")
