"""Moving a booking to another time: it stays the same booking, and never holds two places, nor none."""

from collections.abc import Iterable
from datetime import datetime

from portal import wording
from portal.db import atomic, db, lock
from portal.models import (
    Booking,
    Client,
    Location,
    NoticeKind,
    Provider,
    Service,
    ServiceKind,
    ServiceSession,
)
from portal.rules import business, history, message_templates, notices, obstacles, places, queues
from portal.rules.actors import Actor
from portal.rules.bookings import in_full
from portal.rules.cancelling import last_moment, why_not
from portal.rules.merge_codes import day_and_time
from portal.rules.occupancy import days_of
from portal.rules.place_obstacles import is_offered
from portal.rules.places import Taken, Wanted
from portal.rules.refused import Refused
from portal.rules.standing import OPEN, Standing, is_request, pet_names, standing, status


def move_cut_off(booking: Standing) -> datetime:
    """The last moment for a client to move it."""
    return last_moment(booking.starts_at, booking.zone, booking.move_hours, booking.move_day_before_at)


def why_not_move(booking: Standing, at: datetime) -> str | None:
    """The one judge of moving by a client, apart from where to: a reason against it, or None."""
    return why_not(booking, "moved", booking.move_allowed, move_cut_off, at)


def movable(booking: Standing, at: datetime) -> bool:
    return why_not_move(booking, at) is None


def must_be_movable(booking: Standing, *, by: Actor, at: datetime) -> None:
    """Staff have no limits of time; but what is over, or not booked, cannot take place at another time."""
    if by.kind == "client":
        reason = why_not_move(booking, at)
        if reason or not business.the_business().moves_open:
            raise Refused(f"{reason or 'Bookings are not moved online at the moment.'} {business.contact()}")
    elif status(booking, at) not in OPEN:
        raise Refused(f"This cannot be moved: it is marked “{status(booking, at)}”. Make a new booking instead.")


def asks_again(service: Service, *, by: Actor) -> bool:
    """Moved by a client, what needs approval is a request once more."""
    return by.kind == "client" and service.needs_approval


@atomic
def move(
    booking: Booking,
    *,
    starts_at: datetime,
    ends_at: datetime | None = None,
    session: ServiceSession | None = None,
    providers: Iterable[Provider] | None = None,
    location: Location | None = None,
    overbook: bool = False,
    tell: bool = True,
    by: Actor,
    at: datetime,
) -> Standing:
    """The new place is taken and the old one freed at once. Rules, messages and add-ons stay with the booking."""
    places.lock_client(booking.client_id)
    if session:
        starts_at, ends_at, location = session.starts_at, session.ends_at, session.location
    if providers is None:
        providers = session.providers if session else booking.providers
    wanted = Wanted(
        booking.service,
        location or booking.location,
        len(booking.pets),
        starts_at,
        ends_at or starts_at + (booking.ends_at - booking.starts_at),
        session,
        tuple(providers),
    )
    full = places.guard(wanted, at=at, except_booking=booking.id)
    lock(booking)
    was = standing(booking.id)
    must_be_movable(was, by=by, at=at)
    must_differ(booking, wanted)
    if full and not (overbook and by.kind == "member"):
        raise Taken(" ".join(full), booking.service)
    must_suit(booking, wanted, by=by, at=at)
    queues.freed(booking, due_at=at)
    before = told_of(booking)
    put(booking, wanted, overbooked=bool(full))
    if asks_again(booking.service, by=by):
        booking.needs_approval = True
        if booking.decision:
            db.session.delete(booking.decision)
    db.session.flush()
    db.session.expire(booking)
    stands = standing(booking.id)
    note(stands, before, told_of(booking), full, by=by, at=at)
    announce(booking.client, was, stands, tell=tell, by=by, at=at)
    return stands


def must_differ(booking: Booking, wanted: Wanted) -> None:
    old = booking.starts_at, booking.ends_at, booking.location_id, booking.service_session_id, ids(booking.providers)
    session_id = wanted.session.id if wanted.session else None
    if old == (wanted.starts_at, wanted.ends_at, wanted.location.id, session_id, ids(wanted.providers)):
        raise Refused("It is at that time already. Choose another one.")


def ids(rows: Iterable[Provider]) -> set[int]:
    return {row.id for row in rows}


def must_suit(booking: Booking, wanted: Wanted, *, by: Actor, at: datetime) -> None:
    """A client moves it to what they could book. No pet is twice in one place, whoever moves it."""
    obstacles.must_be_free_then(booking.pets, wanted, except_booking=booking.id, by=by, at=at)
    if by.kind == "client":
        if wanted.session and wanted.session.series_id and booking.registration_id is None:
            raise Refused("That date is part of a course, which is booked as a whole. Choose another date.")
        obstacles.must_be_free_of(judged(booking, wanted, at=at))


def judged(booking: Booking, wanted: Wanted, *, back: str = "", at: datetime) -> list[obstacles.Obstacle]:
    return obstacles.obstacles(
        booking.client,
        wanted.service,
        location=wanted.location,
        pets=booking.pets,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        session=wanted.session,
        providers=wanted.providers,
        except_booking=booking.id,
        back=back,
        at=at,
    )


def warnings(booking: Booking, wanted: Wanted, *, at: datetime) -> list[str]:
    """What staff should know before they move it there. Limits that are only the client's are not among it."""
    contact = f" {business.contact()}"
    found = [
        one.words.removesuffix(contact)
        for one in judged(booking, wanted, at=at)
        if one.kind not in ("blocked", "too-late", "too-far", "full") and (one.kind != "closed" or one.mend)
    ]
    full = places.full(wanted, at=at, except_booking=booking.id)
    if not full and wanted.service.kind == ServiceKind.INDIVIDUAL and not is_offered(wanted, booking.id, at):
        found.append("That is outside the times at which it is offered.")
    return list(dict.fromkeys(full + found))


def price_of(booking: Booking, wanted: Wanted) -> int:
    """As it was agreed. A stay of another length costs as much more or less as it has nights."""
    if booking.service.kind != ServiceKind.STAY:
        return booking.price
    kind, zone = booking.service.kind, booking.location.time_zone
    old, new = (len(days_of(kind, one.starts_at, one.ends_at, zone)) for one in (booking, wanted))
    return booking.price * new // old


def put(booking: Booking, wanted: Wanted, *, overbooked: bool) -> None:
    booking.price = price_of(booking, wanted)
    booking.starts_at, booking.ends_at = wanted.starts_at, wanted.ends_at
    booking.service_session_id = wanted.session.id if wanted.session else None
    booking.location_id = wanted.location.id
    booking.overbooked = overbooked
    booking.providers = list(wanted.providers)


def told_of(booking: Booking) -> dict[str, str]:
    """What can be another one after it was moved, in words."""
    zone, currency = booking.location.time_zone, business.the_business().currency
    starts, ends = wording.local(booking.starts_at, zone), wording.local(booking.ends_at, zone)
    until = (
        wording.clock(ends)
        if ends.date() == starts.date()
        else f"{wording.full_day(ends.date())}, {wording.clock(ends)}"
    )
    return {
        "Time": day_and_time(starts),
        "Until": until,
        "Location": booking.location.name,
        "Provider": wording.listed([one.name for one in booking.providers]),
        "Price": wording.money(booking.price, currency),
    }


def note(
    booking: Standing, before: dict[str, str], after: dict[str, str], full: list[str], *, by: Actor, at: datetime
) -> None:
    subject = in_full(booking, at)
    for field, old in before.items():
        if old != after[field] and not (field == "Until" and before["Time"] != after["Time"]):
            history.note(booking.client_id, field, old, after[field], subject=subject, by=by, at=at)
    if full:
        history.note(booking.client_id, "Overbooked", "", " ".join(full), subject=subject, by=by, at=at)


def announce(client: Client, was: Standing, stands: Standing, *, tell: bool, by: Actor, at: datetime) -> None:
    """To the client always, unless staff ticked the box; to staff what a client did."""
    requested = is_request(stands)
    if tell and requested and not is_request(was):
        message_templates.tell("requested", client, stands, at=at)
    elif tell:
        old = day_and_time(wording.local(was.starts_at, was.zone))
        message_templates.tell("moved", client, stands, at=at, more={"OLD_TIME": old})
    kind = NoticeKind.REQUEST if requested else NoticeKind.BOOKING
    words = f"{by.name} moved {in_full(was, at)} for {pet_names(was)} to {in_full(stands, at)}"
    notices.tell(kind, words, client_id=client.id, booking_id=stands.id, by=by, at=at)
