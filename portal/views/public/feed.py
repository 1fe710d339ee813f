"""A client's bookings for a calendar program, which signs in nowhere: the address itself is the key."""

from flask import Response, abort, request

from portal.answers import Answer
from portal.db import now
from portal.rules import feeds
from portal.views.public.room import room


@room.get("/feed/<token>.ics")
def read_feed(token: str) -> Answer:
    """Nothing is sent again that the program has already."""
    feed = feeds.opened(token) or abort(404)
    answer = Response(feeds.calendar(feed, at=now()), mimetype="text/calendar")
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
