"""Book Now, for a client."""

from datetime import timedelta

from flask import url_for

from portal.answers import Answer, go, show
from portal.chosen import NOTHING
from portal.db import now
from portal.inputs import book
from portal.rules import plan_bookings
from portal.views import book_steps
from portal.views.client.room import me, myself, room

WAY = book_steps.Way("/book", "client/book")


@room.get("/book")
def choose() -> Answer:
    at, chosen = now(), book.chosen()
    client = myself(with_pets=chosen != NOTHING)
    return book_steps.show_step(WAY, book_steps.planned(chosen, client, at), at)


@room.post("/book")
def book_now() -> Answer:
    at = now()
    plan = book_steps.planned(book.chosen(), myself(with_pets=True), at)
    made = book_steps.carry_out(WAY, plan, by=me().actor, at=at)
    return go(done(made)) if isinstance(made, plan_bookings.Outcome) else made


def done(made: plan_bookings.Outcome) -> str:
    ids = [booking.id for booking in made.booked]
    return url_for(".booked", booking=ids, waiting=made.waiting, already=made.already, skipped=made.skipped)


@room.get("/book/done")
def booked() -> Answer:
    at = now()
    rows = plan_bookings.booked(me().id, book.many("booking"), since=at - timedelta(days=1))
    waiting, already, skipped = (book.days(name) for name in ("waiting", "already", "skipped"))
    return show("client/booked", at=at, rows=rows, waiting=waiting, already=already, skipped=skipped)
