"""Addresses that other machines call: each call is signed, and no person is signed in."""

import hmac
import time

from flask import Blueprint, Response, abort, request

from portal.answers import Answer, csrf
from portal.db import now
from portal.rules import inbound
from portal.settings import settings

room = Blueprint("hooks", __name__)
MINUTES = 5


@room.post("/hooks/inbound-mail")
@csrf.exempt
def inbound_mail() -> Answer:
    """A letter as it came, MIME and all, as the body; the signature covers the time, the address and the body."""
    request.max_content_length = inbound.LARGEST
    raw, to = request.get_data(cache=False), request.headers.get("X-Portal-Recipient", "")
    if not is_signed(to, raw):
        abort(403)
    try:
        message = inbound.receive(raw, to, at=now())
    except inbound.UnknownAddress as no:
        return plain(404, str(no))
    except inbound.Unreadable as no:
        return plain(422, str(no))
    return plain(200, "It joined its conversation." if message else "Nobody wrote this, so it was left out.")


def is_signed(to: str, raw: bytes) -> bool:
    """With our secret, a moment ago; without a secret there is no such address here."""
    secret, told = settings().inbound_secret or abort(404), request.headers.get("X-Portal-Time", "")
    if not (told.isascii() and told.isdecimal() and len(told) <= 12 and abs(time.time() - int(told)) <= MINUTES * 60):
        return False
    made = hmac.new(secret.encode(), f"{told}.{to}.".encode() + raw, "sha256").hexdigest()
    given = request.headers.get("X-Portal-Signature", "")
    return hmac.compare_digest(made.encode(), given.lower().encode())


def plain(status: int, words: str) -> Response:
    return Response(f"{words}\n", status, content_type="text/plain; charset=utf-8")
