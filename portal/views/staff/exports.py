"""Lists taken out of the portal: told of first, then streamed, so that no list is too long."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Flask, Response, current_app

from portal.db import may_write, now
from portal.gateways import files, tables
from portal.rules import exports
from portal.rules.exports import Stretch
from portal.views.staff.room import me, room

Stretches = Callable[[int, datetime], Stretch]


@room.post("/customers/export/clients")
def export_clients() -> Response:
    return streamed("Customers", exports.client_headers(), exports.clients)


@room.post("/customers/export/pets")
def export_pets() -> Response:
    return streamed("Pets", exports.pet_headers(), exports.pets)


@room.post("/customers/export/bookings")
def export_bookings() -> Response:
    return streamed("Bookings", exports.booking_headers(), exports.bookings)


def streamed(subject: str, headers: list[str], stretches: Stretches) -> Response:
    at = now()
    exports.note(subject, by=me().actor, at=at)
    name = f"{subject} {at:%Y-%m-%d}.csv"
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    rows = whole(app, headers, stretches, at)
    saved = {"Content-Disposition": files.disposition(name, inline=False)}
    return Response(tables.lines(rows), content_type="text/csv; charset=utf-8", headers=saved)


def whole(app: Flask, headers: list[str], stretches: Stretches, at: datetime) -> Iterator[list[str]]:
    """The answer is sent when the request is over, so each stretch is read in a moment of its own."""
    yield headers
    after: int | None = 0
    while after is not None:
        with app.app_context():
            may_write.set(False)
            rows, after = stretches(after, at)
        yield from rows
