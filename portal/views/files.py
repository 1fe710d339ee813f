"""Handing out stored bytes: only ever after the room's own finder has found the row they belong to."""

from collections.abc import Iterator
from datetime import datetime

from flask import Response, abort

from portal.answers import Answer
from portal.db import db
from portal.gateways import files
from portal.models import Booking, File
from portal.rules import calendars

# Browsers build a page of their own around a picture or a PDF, with styles in it; Chromium shows both in this box.
BOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; sandbox"
# The browser’s own reader of PDF does not start in a sandbox that is framed; it runs nothing of ours.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


def attachment(file: File | None, *, name: str = "", inline: bool = False, framed: bool = False) -> Answer:
    """A document, under the name it bears; shown in the browser, if at all, in a box that can do nothing.

    `framed`: a page of ours may show it inside itself.
    """
    if file is None:
        abort(404)
    headers = {
        "Content-Disposition": files.disposition(name or file.name, inline),
        "Content-Security-Policy": BOX,
        "Content-Length": str(file.size),
    }
    if framed and file.type == "application/pdf":
        headers |= {"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN"}
    return Response(stored(file.key), content_type=file.type, headers=headers)


def picture(file_id: int | None, *, small: bool = False) -> Answer:
    """A photo that was re-encoded here, kept by the browser as long as its address, which names the file's id."""
    file = db.session.get(File, file_id) if file_id else None
    if file is None:
        abort(404)
    kept = {"Cache-Control": "private, max-age=31536000, immutable"}
    return Response(stored(files.thumbnail(file.key) if small else file.key), content_type=file.type, headers=kept)


def calendar_file(booking: Booking, at: datetime) -> Answer:
    headers = {"Content-Disposition": f"attachment; filename=booking-{booking.id}.ics"}
    return Response(calendars.one(booking, at=at), mimetype="text/calendar", headers=headers)


def stored(key: str) -> Iterator[bytes]:
    try:
        return files.open(key)
    except FileNotFoundError:
        abort(404)
