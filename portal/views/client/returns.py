"""The way back to what somebody was doing when they were sent to mend something."""

from urllib.parse import quote

from portal.inputs import asked
from portal.links import own_path
from portal.views.client.room import room

LONGEST = 1_000


def way_back() -> str:
    """A path of ours out of the address, or nothing."""
    return own_path(asked("back", most=LONGEST), "")


@room.context_processor
def with_way_back() -> dict[str, str]:
    """`returning` hands it on from one address to the next."""
    back = way_back()
    return {"back": back, "returning": f"?back={quote(back, safe='')}" if back else ""}
