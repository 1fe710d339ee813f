"""Where a long list goes on."""

import re
from datetime import UTC, datetime

from flask import abort, request

from portal.inputs import LARGEST_ID

CURSOR = re.compile(r"(\d{20})-([01])-(\d{1,10})", re.ASCII)


def after() -> tuple[datetime, int, int] | None:
    """The moment, kind and id of the last row seen; an address that holds none of that belongs to nothing."""
    told = request.args.get("after")
    if told is None:
        return None
    found = CURSOR.fullmatch(told)
    if not found or int(found[3]) > LARGEST_ID:
        abort(404)
    try:
        moment = datetime.strptime(found[1], "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    except ValueError:
        abort(404)
    return moment, int(found[2]), int(found[3])
