"""Places in classes as a client's calendar shows them: what can be booked, what is full, what they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, func, select

from portal.db import AnySelect, rows_of
from portal.models import (
    Client,
    Location,
    Offer,
    Service,
    ServiceKind,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import given_by
from portal.rules.occupancy import IS_OPEN, TAKEN_IN_SESSION, excepting, one_of_the_sessions
from portal.rules.time_obstacles import limit
from portal.rules.turns import line_of

CLIENT = bindparam("client_id", type_=Integer)
SHORT = {"offered": "Held for you", "waiting": "Waitlisted", "join": "Full"}
WORDS = {"past": "Past", "too-late": "Too late to book", "too-far": "Not open yet"}


@dataclass(frozen=True, slots=True)
class Doors:
    """What the business has opened."""

    booking: bool
    waitlist: bool


@dataclass(slots=True)
class Place:
    """A class, and what this client can do about it: book, wait, or why nothing."""

    id: int
    service_id: int
    name: str
    kind: ServiceKind
    notice_minutes: int
    ahead_days: int
    series_id: int | None
    starts_at: datetime
    ends_at: datetime
    location: str
    zone: str
    waitlist_open: bool
    blocked: bool
    left: int
    providers: str
    entry_id: int | None
    held_until: datetime | None
    state: str = ""
    why: str = ""

    @property
    def word(self) -> str:
        """In a month, where lines are short."""
        return f"{self.left} left" if self.state == "book" else SHORT.get(self.state, self.why)

    @property
    def path(self) -> str:
        """Where it leads to: nowhere, if nothing can be done."""
        if self.state == "book":
            what = f"series={self.series_id}" if self.series_id else f"session={self.id}"
            return f"/book?service={self.service_id}&{what}"
        if self.state == "join":
            return f"/waitlists/new?session={self.id}"
        return f"/waitlists/{self.entry_id}/offer" if self.state else ""


OWN_ENTRY = (
    WaitlistEntry.client_id == CLIENT,
    WaitlistEntry.service_session_id == ServiceSession.id,
    WaitlistEntry.removed_at.is_(None),
)
ENTRY = select(func.min(WaitlistEntry.id)).where(*OWN_ENTRY).correlate(ServiceSession).scalar_subquery()
HELD_UNTIL = (
    select(func.max(Offer.until))
    .join(WaitlistEntry, line_of(WaitlistEntry) == Offer.waitlist_entry_id)
    .where(*OWN_ENTRY, *IS_OPEN)
    .correlate(ServiceSession)
    .scalar_subquery()
)
BLOCKED = select(Client.blocked_online).where(Client.id == CLIENT).scalar_subquery()
PLACES: AnySelect = (
    select(
        ServiceSession.id,
        Service.id,
        Service.name,
        Service.kind,
        Service.notice_minutes,
        Service.ahead_days,
        ServiceSession.series_id,
        ServiceSession.starts_at,
        ServiceSession.ends_at,
        Location.name,
        Location.time_zone,
        Service.waitlist_open,
        BLOCKED,
        ServiceSession.capacity - TAKEN_IN_SESSION,
        func.coalesce(given_by.OF_SESSION, ""),
        ENTRY,
        HELD_UNTIL,
    )
    .join(Service, Service.id == ServiceSession.service_id)
    .join(Location, Location.id == ServiceSession.location_id)
    .where(one_of_the_sessions(ServiceSession.id))
)


def places_of(client_id: int, session_ids: Sequence[int], doors: Doors, *, at: datetime) -> dict[int, Place]:
    """One query."""
    if not session_ids:
        return {}
    names = {"client_id": client_id, "session_ids": list(session_ids), "at": at, **excepting(None, None)}
    places = [Place(*row) for row in rows_of(PLACES, names)]
    for place in places:
        place.state, place.why = judged(place, doors, at)
    return {place.id: place for place in places}


def judged(place: Place, doors: Doors, at: datetime) -> tuple[str, str]:
    """Offered, waiting, book, join, or nothing and why: by the judge of bookings, as far as pets do not matter."""
    limited = limit(place, place.starts_at, place.zone, at)
    if limited == "past":
        return "", WORDS["past"]
    if place.entry_id:
        return ("offered", "") if place.held_until else ("waiting", "")
    if limited:
        return "", WORDS[limited]
    if not doors.booking or place.blocked:
        return "", "Not open online"
    if place.left > 0:
        return "book", ""
    if doors.waitlist and place.waitlist_open and not place.series_id:
        return "join", ""
    return "", "Full"
