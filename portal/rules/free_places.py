"""Free places: those who wait for one are asked in turn. Each step is a change of its own, so that a
worker that is killed loses nothing."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from portal import wording
from portal.db import atomic, db, lock
from portal.models import (
    Booking,
    BookingPet,
    Cancellation,
    Decision,
    Location,
    Outcome,
    QueueCheck,
    Registration,
    Series,
    Service,
    ServiceKind,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import chances, offers, places
from portal.rules.actors import SYSTEM
from portal.rules.business import the_business
from portal.rules.turns import line_of

LEASE = timedelta(minutes=1)
# Somebody is just changing their entry: they are asked a moment later.
SOON = timedelta(seconds=5)
BY_DAY = (ServiceKind.DAY, ServiceKind.STAY)


def run_due(at: datetime) -> None:
    """What was held for too long is given up; then whoever is next is asked, for each place that became free."""
    offers.lapse(at)
    while check_id := claim(at):
        serve(check_id, at)


@atomic
def claim(at: datetime) -> int | None:
    """For this worker alone until the lease ends."""
    due = (
        select(QueueCheck.id)
        .where(QueueCheck.due_at <= at)
        .where(or_(QueueCheck.leased_until.is_(None), QueueCheck.leased_until < at))
        .order_by(QueueCheck.due_at, QueueCheck.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(QueueCheck)
        .where(QueueCheck.id == due.scalar_subquery())
        .values(leased_until=at + LEASE)
        .returning(QueueCheck.id)
    )
    return db.session.scalar(claimed)


@atomic
def serve(check_id: int, at: datetime) -> None:
    """In the order of joining: who cannot be served now is passed over and keeps their turn."""
    row = db.session.get_one(QueueCheck, check_id)
    full: dict[Any, int] = {}
    busy = False
    for ids in line(row):
        entries = untouched(ids)
        if not entries:
            busy = busy or entries is None
            continue
        if series := entries[0].series:
            offers.offer_series(entries, series, by=SYSTEM, at=at)
            continue
        chance = chances.of_entry(entries[0]).chance() or chances.for_any(row, len(entries), at)
        if chance is None or len(entries) >= full.get(chance, 10_000) or offers.held(entries[0]):
            continue
        if chances.why_not(entries, chance, by=SYSTEM, at=at):
            continue
        if places.guard(chance.wanted(len(entries)), at=at):
            full[chance] = len(entries)
        else:
            offers.hold(entries, chance, by=SYSTEM, at=at)
    if busy:
        row.due_at, row.leased_until = at + SOON, None
    else:
        db.session.delete(row)


def line(row: QueueCheck) -> Iterator[list[int]]:
    """Entries that are served together, or not at all. Who waits for just this comes before who waits for any date."""
    series_id = db.session.get_one(ServiceSession, row.service_session_id).series_id if row.service_session_id else None
    # Of a series nobody gets a single date.
    for where in [WaitlistEntry.series_id == series_id] if series_id else [of_date(row), of_any(row)]:
        found: dict[int, list[int]] = {}
        rows = select(WaitlistEntry.id, line_of(WaitlistEntry)).where(WaitlistEntry.removed_at.is_(None), where)
        for entry_id, party in db.session.execute(rows.order_by(WaitlistEntry.joined_at, WaitlistEntry.id)):
            found.setdefault(party, []).append(entry_id)
        yield from found.values()


def of_date(row: QueueCheck) -> Any:
    """Who waits for this session, or for days among these: for all services in the house, if they share it."""
    if row.service_session_id:
        return WaitlistEntry.service_session_id == row.service_session_id
    service = db.session.get_one(Service, row.service_id)
    place = db.session.get_one(Location, row.location_id)
    here = WaitlistEntry.service_id == row.service_id
    if service.kind in BY_DAY and place.places is not None:
        here = WaitlistEntry.service_id.in_(select(Service.id).where(Service.kind.in_(BY_DAY)))
    days = and_(here, WaitlistEntry.location_id == row.location_id, WaitlistEntry.first_day.is_not(None))
    if row.first_day:
        return and_(days, WaitlistEntry.first_day <= row.last_day, WaitlistEntry.last_day >= row.first_day)
    sessions = select(ServiceSession.id).where(
        ServiceSession.service_id == row.service_id, ServiceSession.location_id == row.location_id
    )
    series = select(Series.id).where(Series.service_id == row.service_id, Series.location_id == row.location_id)
    return or_(days, WaitlistEntry.service_session_id.in_(sessions), WaitlistEntry.series_id.in_(series))


def of_any(row: QueueCheck) -> Any:
    return and_(
        WaitlistEntry.service_id == row.service_id,
        or_(WaitlistEntry.location_id.is_(None), WaitlistEntry.location_id == row.location_id),
        WaitlistEntry.service_session_id.is_(None),
        WaitlistEntry.first_day.is_(None),
        WaitlistEntry.series_id.is_(None),
    )


def untouched(ids: Sequence[int]) -> list[WaitlistEntry] | None:
    """These entries, as long as they all wait; None while somebody else is changing one of them."""
    rows = select(WaitlistEntry).where(WaitlistEntry.id.in_(ids)).order_by(WaitlistEntry.id)
    locked = rows.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    entries = list(db.session.scalars(locked))
    if len(entries) < len(ids):
        return None
    return [] if any(entry.removed_at for entry in entries) else entries


# They were booked by another door: by staff, or because a place was free before it was offered.
SERVED = (
    select(WaitlistEntry.id, func.min(Booking.id))
    .join(BookingPet, BookingPet.pet_id == WaitlistEntry.pet_id)
    .join(Booking, Booking.id == BookingPet.booking_id)
    .outerjoin(Cancellation, Cancellation.booking_id == Booking.id)
    .outerjoin(Decision, Decision.booking_id == Booking.id)
    .outerjoin(Registration, Registration.id == Booking.registration_id)
    .where(
        WaitlistEntry.removed_at.is_(None),
        or_(
            Booking.service_session_id == WaitlistEntry.service_session_id,
            Registration.series_id == WaitlistEntry.series_id,
        ),
        Cancellation.id.is_(None),
        or_(Decision.id.is_(None), Decision.confirmed.is_(True)),
    )
    .group_by(WaitlistEntry.id)
)


def expire(at: datetime) -> None:
    """Nobody waits for what is over, or does not take place."""
    over = select(WaitlistEntry.id).join(ServiceSession, ServiceSession.id == WaitlistEntry.service_session_id)
    over = over.where(or_(ServiceSession.starts_at <= at, ServiceSession.called_off_at.is_not(None)))
    days = select(WaitlistEntry.id).where(WaitlistEntry.first_day <= at.date() + timedelta(days=1))
    for entries in (over, days):
        for entry_id in list(db.session.scalars(entries.where(WaitlistEntry.removed_at.is_(None)))):
            expire_one(entry_id, at)
    for entry_id, booking_id in list(db.session.execute(SERVED)):
        end_served(entry_id, booking_id, at)


@atomic
def expire_one(entry_id: int, at: datetime) -> None:
    entry = db.session.get_one(WaitlistEntry, entry_id)
    lock(entry)
    if entry.removed_at or not is_over(entry, at):
        return
    offers.end(entry, Outcome.EXPIRED, at=at)
    offers.note(entry, "Waiting", "The date has passed", by=SYSTEM, at=at)


def is_over(entry: WaitlistEntry, at: datetime) -> bool:
    if entry.service_session:
        return entry.service_session.starts_at <= at or entry.service_session.called_off_at is not None
    zone = entry.location.time_zone if entry.location else the_business().time_zone
    return entry.first_day is not None and entry.first_day < wording.today_in(zone, at)


@atomic
def end_served(entry_id: int, booking_id: int, at: datetime) -> None:
    entry = db.session.get_one(WaitlistEntry, entry_id)
    lock(entry)
    if entry.removed_at:
        return
    offers.end(entry, Outcome.ACCEPTED, at=at)
    entry.booking_id = booking_id
    offers.note(entry, "Waiting", "Booked", by=SYSTEM, at=at)
