"""Requests: bookings that the business must agree to, confirmed or declined with a reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, or_, select, tuple_

from portal.db import AnySelect, Instant, atomic, db, first_of, lock, rows_of, written
from portal.models import Booking, BookingProvider, Client, Decision, Registration, Service, State
from portal.rules import history, message_templates, places, queues, series_registrations
from portal.rules.actors import SYSTEM, Actor
from portal.rules.agendas import Stretch, cursor, stretch
from portal.rules.bookings import in_full, note
from portal.rules.merge_codes import guests
from portal.rules.occupancy import HOUSED, IS_HOUSED
from portal.rules.refused import Refused, stale
from portal.rules.standing import STANDING, WIDTH, Standing, as_standing, is_request, standing, status
from portal.rules.states import IS_REQUEST

KEPT, LONG = timedelta(days=7), 50
SINCE = bindparam("since", type_=Instant)
PENDING = and_(IS_REQUEST, Booking.starts_at > SINCE)
SOME = first_of(select(Booking.id).where(PENDING), 100)
HOW_MANY = select(func.count()).select_from(SOME.subquery()).scalar_subquery()
# Who asked for a series is answered for all of its dates: the first of them stands for all.
Earlier = Booking.__table__.alias("earlier")
EARLIER = (
    select(Earlier.c.id)
    .where(
        Earlier.c.registration_id == Booking.registration_id,
        tuple_(Earlier.c.starts_at, Earlier.c.id) < tuple_(Booking.starts_at, Booking.id),
        Earlier.c.starts_at > SINCE,
        Earlier.c.state == written(State.REQUESTED),
    )
    .exists()
)
LISTED: AnySelect = (
    STANDING.join(Client, Client.id == Booking.client_id)
    .add_columns(Client.first_name + " " + Client.last_name, Booking.notes, Booking.made_at)
    .where(PENDING, or_(Booking.registration_id.is_(None), ~EARLIER))
    .order_by(Booking.starts_at, Booking.id)
    .limit(LONG + 1)
)
LAST = tuple_(bindparam("from", type_=Instant), bindparam("id", type_=Booking.id.type))
FOLLOWING = LISTED.where(tuple_(Booking.starts_at, Booking.id) > LAST)


class Full(Refused):
    """Somebody else has the place by now. Staff may confirm all the same, or decline."""


@dataclass(slots=True)
class Asked:
    """A request as the desk lists it."""

    booking: Standing
    client: str
    notes: str
    made_at: datetime

    @property
    def id(self) -> int:
        return self.booking.id


def since(at: datetime) -> datetime:
    """What nobody answered in time stays for a week, so that it is not forgotten."""
    return at - KEPT


def asked(at: datetime, after: tuple[datetime, int, int] | None = None) -> list[Asked]:
    """Soonest first, as many as one page holds and one more."""
    names = {"since": since(at)} | ({"from": after[0], "id": after[2]} if after else {})
    rows = map(tuple, rows_of(FOLLOWING if after else LISTED, names))
    return [Asked(as_standing(row), *row[WIDTH:]) for row in rows]


def page(at: datetime, after: tuple[datetime, int, int] | None = None) -> Stretch:
    return stretch(asked(at, after), lambda one: cursor(one.booking.starts_at, 0, one.id), LONG)


def one(booking: Booking) -> Asked:
    return Asked(standing(booking.id), booking.client.name, booking.notes, booking.made_at)


def asked_together(booking: Booking) -> list[Booking]:
    """A series is asked for as a whole, and answered so."""
    if booking.registration_id is None:
        return [booking]
    registration = db.session.get_one(Registration, booking.registration_id)
    dates = series_registrations.bookings_of(registration)
    return [date for date in dates if is_request(standing(date.id)) and date.cancellation is None] or [booking]


@atomic
def confirm_request(
    booking: Booking, *, overbook: bool = False, tell: bool = True, by: Actor, at: datetime
) -> Standing:
    """The places are counted again: what has become too much is confirmed only on purpose."""
    places.lock_client(booking.client_id)
    together = asked_together(booking)
    full = {one.id: lacking(one, at) for one in sorted(together, key=lambda one: one.service_session_id or 0)}
    for one in together:
        lock(one)
        must_be_asked(one, at)
    reasons = list(dict.fromkeys(words for found in full.values() for words in found))
    if reasons and not overbook:
        raise Full(" ".join(reasons))
    for one in together:
        decide(one, True, "", by=by, at=at)
        one.overbooked = bool(full[one.id])
    db.session.flush()
    stands = [standing(one.id) for one in together]
    if reasons:
        subject = in_full(stands[0], at)
        history.note(booking.client_id, "Overbooked", "", " ".join(reasons), subject=subject, by=by, at=at)
    if tell:
        then = f"We look forward to {guests(stands[0])}."
        write("confirmed", booking, stands, "You are booked for {name}.", then, {}, at=at)
    return standing(booking.id)


@atomic
def decline(booking: Booking, reason: str, *, tell: bool = True, by: Actor, at: datetime) -> Standing:
    """The client reads the reason, and the place is free for whoever waits."""
    if not reason.strip():
        raise Refused("Give a reason: the client reads it.")
    together = asked_together(booking)
    for one in together:
        lock(one)
        must_be_asked(one, at)
        decide(one, False, reason.strip(), by=by, at=at)
        queues.freed(one, due_at=at)
    db.session.flush()
    stands = [standing(one.id) for one in together]
    if tell:
        then = f"{reason.strip()}\n\nNothing has been charged."
        write("declined", booking, stands, "We cannot confirm {name}.", then, {"REASON": reason.strip()}, at=at)
    return standing(booking.id)


def must_be_asked(booking: Booking, at: datetime) -> None:
    stands = standing(booking.id)
    if not is_request(stands) or stands.cancelled_at:
        raise stale(f"This is no open request any more: it is marked “{status(stands, at)}”.")


def decide(booking: Booking, confirmed: bool, reason: str, *, by: Actor, at: datetime) -> None:
    db.session.add(Decision(booking_id=booking.id, confirmed=confirmed, reason=reason, at=at, **by.signed))
    new = "Booked" if confirmed else f"Declined: {reason}"
    note(standing(booking.id), "Requested", new, by=by, at=at)


def write(
    kind: str,
    booking: Booking,
    stands: Sequence[Standing],
    happened: str,
    then: str,
    more: dict[str, str],
    *,
    at: datetime,
) -> None:
    """Of a series one letter with all of its dates."""
    if booking.registration_id is None:
        message_templates.tell(kind, booking.client, stands[0], more=more, at=at)
        return
    registration = db.session.get_one(Registration, booking.registration_id)
    series_registrations.write(registration, stands, happened.format(name=registration.series.name), then, at=at)


def lacking(booking: Booking, at: datetime) -> list[str]:
    """Locked, and counted without what others have only asked for."""
    wanted = places.wanted_by(booking)
    full = places.guard(wanted, at=at, except_booking=booking.id)
    others = list(db.session.scalars(rivals(booking))) if full else []
    if not others:
        return full
    # For a moment nobody else has asked: what they hold is not theirs yet.
    with db.session.begin_nested() as moment:
        declined = {"confirmed": False, "reason": "", "at": at, **SYSTEM.signed}
        db.session.add_all(Decision(booking_id=id, **declined) for id in others)
        db.session.flush()
        full = places.full(wanted, at=at, except_booking=booking.id)
        moment.rollback()
    return full


def rivals(booking: Booking) -> AnySelect:
    """Requests for the same places, who wait for the same locks."""
    providers = [one.id for one in booking.providers]
    with_them = select(BookingProvider.booking_id).where(BookingProvider.provider_id.in_(providers))
    housed = select(Service.id).where(IS_HOUSED)
    same = [Booking.service_id == booking.service_id]
    if booking.service.kind in HOUSED:
        same.append(Booking.service_id.in_(housed))
    at_the_place = and_(Booking.location_id == booking.location_id, or_(*same))
    near = timedelta(days=1)
    return (
        select(Booking.id)
        .where(
            IS_REQUEST,
            Booking.id != booking.id,
            or_(at_the_place, Booking.id.in_(with_them)),
            Booking.starts_at < booking.ends_at + near,
            Booking.ends_at > booking.starts_at - near,
        )
        .order_by(Booking.id)
    )
