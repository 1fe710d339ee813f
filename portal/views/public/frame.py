"""What every page needs before anybody is known: the colour, the logo, the place for reports of the browser."""

import logging
import re

from flask import Response, abort, request

from portal.answers import Answer, csrf
from portal.db import now
from portal.identity import business
from portal.rules import throttles
from portal.rules.links import masked
from portal.views.doors import origin
from portal.views.files import picture
from portal.views.public.room import room

log = logging.getLogger("portal")


@room.get("/brand-<colour>.css")
def brand(colour: str) -> Answer:
    """The business's whole theme. The address holds the colour, so it may be kept for ever."""
    if not re.fullmatch(r"[0-9a-f]{6}", colour):
        abort(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(f":root {{ --business: #{colour}; }}\n", mimetype="text/css", headers=headers)


@room.get("/logo")
def show_logo() -> Answer:
    return picture(business().logo_id)


@room.post("/csp-report")
@csrf.exempt
def report() -> Answer:
    told = request.get_data(cache=False)[:2000].decode("utf-8", "replace")
    here = throttles.place(origin())
    if throttles.count(throttles.REPORTS, here, at=now()) <= throttles.REPORTS.most:
        log.warning("content security policy: %r", masked(told))
    return Response("", 204)
