"""A salon with two providers who work here and elsewhere, and a kennel: made of what hypothesis chooses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    BookingPet,
    BookingProvider,
    Cancellation,
    Client,
    Closure,
    Decision,
    Location,
    Offer,
    OpeningHours,
    Pet,
    Provider,
    Service,
    ServiceKind,
    ServiceProvider,
    ServiceSession,
    SessionProvider,
    TimeOff,
    WaitlistEntry,
    WorkingHours,
)
from portal.rules import occupancy
from tests import cast

# Where the clock jumps at night, at midnight, by half an hour, and not at all.
ZONES = {
    "America/New_York": [date(2026, 11, 1), date(2027, 3, 14)],
    "America/Santiago": [date(2026, 9, 6), date(2027, 4, 3)],
    "Australia/Lord_Howe": [date(2026, 10, 4), date(2027, 4, 4)],
    "Asia/Kolkata": [date(2028, 2, 29), date(2026, 12, 31)],
}
# Half of the times lie around the hours that are skipped or come twice.
WALLS = st.sampled_from([0, 60, 75, 90, 105, 120]) | st.integers(0, 95).map(lambda quarter: quarter * 15)


@contextmanager
def undone() -> Iterator[None]:
    """What an example writes is gone for the next one."""
    try:
        yield
    finally:
        db.session.rollback()


def as_time(wall: int) -> time:
    return time(23, 59) if wall >= 1440 else time(wall // 60, wall % 60)


def add(row: Any) -> Any:
    db.session.add(row)
    db.session.flush()
    return row


@st.composite
def spans(draw: st.DrawFn) -> tuple[int, int]:
    since = draw(WALLS)
    return since, min(1440, since + draw(st.sampled_from([30, 60, 180, 240, 480, 900])))


@dataclass
class Busy:
    """Something that takes the time of a provider: so many minutes after the first midnight, for so long."""

    provider: int
    begins: int
    lasts: int
    kind: str


KINDS = ["booked", "requested", "held", "offered", "class", "off", "declined", "cancelled", "missed", "called off"]
BUSY = st.builds(
    Busy,
    provider=st.integers(0, 1),
    begins=st.integers(0, 2 * 96).map(lambda quarter: quarter * 15 - 60),
    lasts=st.sampled_from([15, 40, 60, 120, 300]),
    kind=st.sampled_from(KINDS),
)


@dataclass
class Case:
    zone: str
    day: date
    every: int
    minutes: int
    before: int
    after: int
    together: bool
    pets: int
    extra: int
    opening: list[tuple[int, int]]
    shifts: list[list[tuple[int, int]]]
    closed: bool
    busy: list[Busy]
    notice: int
    ahead: int
    asked: int


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(sorted(ZONES)))
    return Case(
        zone=zone,
        day=draw(st.sampled_from(ZONES[zone])),
        every=draw(st.sampled_from([15, 20, 30, 45, 60])),
        minutes=draw(st.sampled_from([10, 30, 45, 90])),
        before=draw(st.sampled_from([0, 0, 10, 30])),
        after=draw(st.sampled_from([0, 0, 15])),
        together=draw(st.booleans()),
        pets=draw(st.integers(1, 3)),
        extra=draw(st.sampled_from([0, 0, 15])),
        opening=draw(st.just([]) | st.lists(spans(), max_size=2)),
        shifts=draw(st.lists(st.lists(spans(), max_size=3), min_size=2, max_size=2)),
        closed=draw(st.integers(0, 9)) == 0,
        busy=draw(st.lists(BUSY, max_size=6)),
        notice=draw(st.sampled_from([0, 0, 90, 24 * 60])),
        ahead=draw(st.sampled_from([0, 1, 180])),
        asked=draw(st.integers(-30 * 60, 20 * 60)),
    )


class Salon:
    """The case as rows: two providers who work here, and elsewhere too."""

    def __init__(self, case: Case, rosa: Client) -> None:
        self.case, self.rosa, self.pet = case, rosa, rosa.pets[0]
        self.midnight = occupancy.midnight(case.day, case.zone).astimezone(UTC)
        self.at = self.midnight + timedelta(minutes=case.asked)
        self.here, self.elsewhere = db.session.query(Location).order_by(Location.id).all()
        self.here.time_zone = case.zone
        self.service = service = cast.service("Full Groom")
        service.minutes, service.every_minutes, service.together = case.minutes, case.every, case.together
        service.buffer_before, service.buffer_after, service.notice_minutes = case.before, case.after, case.notice
        service.ahead_days = case.ahead
        self.other = add(Service(name="Walk", kind=ServiceKind.INDIVIDUAL, buffer_before=5, buffer_after=20))
        self.providers = [add(Provider(name=name)) for name in ("Ana", "Bo")]
        self.hours()
        self.taken: list[set[datetime]] = [set(), set()]
        for busy in case.busy:
            self.engage(busy)

    def hours(self) -> None:
        case = self.case
        for since, until in case.opening:
            for weekday in range(7):
                times = {"opens_at": as_time(since), "closes_at": as_time(until)}
                add(OpeningHours(location_id=self.here.id, weekday=weekday, **times))
        for provider, shifts in zip(self.providers, case.shifts, strict=True):
            add(ServiceProvider(service_id=self.service.id, provider_id=provider.id))
            for since, until in shifts:
                work(provider, self.here, as_time(since), as_time(until))
            work(provider, self.elsewhere, time(0), time(23, 59))
        if case.closed:
            add(Closure(location_id=self.here.id, first_day=case.day, last_day=case.day))

    def engage(self, busy: Busy) -> None:
        starts = self.midnight + timedelta(minutes=busy.begins)
        ends, provider = starts + timedelta(minutes=busy.lasts), self.providers[busy.provider]
        before, after = {"class": (0, 0), "off": (0, 0)}.get(busy.kind, (5, 20))
        if busy.kind in ("class", "called off"):
            give_class(self.elsewhere, provider, starts, ends, self.at if busy.kind == "called off" else None)
        elif busy.kind == "off":
            signed = {"at": self.at, "by_kind": "member", "by_name": "Nina"}
            add(TimeOff(provider_id=provider.id, starts_at=starts, ends_at=ends, **signed))
        elif busy.kind == "offered":
            hold(self.other, self.elsewhere, self.pet, starts, ends, self.at, provider_id=provider.id)
        else:
            booked(self.other, self.elsewhere, self.pet, starts, ends, busy.kind, self.at, provider)
        if busy.kind in ("booked", "requested", "held", "offered", "class", "off"):
            first, last = -before, busy.lasts + after
            self.taken[busy.provider] |= {starts + timedelta(minutes=minute) for minute in range(first, last)}


def work(provider: Provider, place: Location, since: time, until: time) -> None:
    for weekday in range(7):
        add(WorkingHours(provider_id=provider.id, location_id=place.id, weekday=weekday, since=since, until=until))


def give_class(place: Location, by: Provider, starts: datetime, ends: datetime, called_off: datetime | None) -> None:
    row = add(
        ServiceSession(
            service_id=cast.service("Agility").id,
            location_id=place.id,
            starts_at=starts,
            ends_at=ends,
            capacity=4,
            called_off_at=called_off,
        )
    )
    add(SessionProvider(service_session_id=row.id, provider_id=by.id))


def booked(
    service: Service,
    place: Location,
    pet: Pet,
    starts: datetime,
    ends: datetime,
    state: str,
    at: datetime,
    provider: Provider | None = None,
) -> None:
    row = add(
        Booking(
            client_id=pet.client_id,
            service_id=service.id,
            location_id=place.id,
            starts_at=starts,
            ends_at=ends,
            needs_approval=state in ("requested", "declined"),
            made_at=at,
        )
    )
    add(BookingPet(booking_id=row.id, pet_id=pet.id, client_id=pet.client_id))
    if provider:
        add(BookingProvider(booking_id=row.id, provider_id=provider.id))
    signed = {"booking_id": row.id, "at": at, "by_kind": "member", "by_name": "Nina"}
    if state in ("cancelled", "held"):
        add(Cancellation(undo_until=at + timedelta(seconds=1 if state == "held" else 0), **signed))
    elif state == "declined":
        add(Decision(confirmed=False, **signed))
    elif state == "missed":
        add(Attendance(booking_id=row.id, missed_at=at, missed_by="Nina"))


def hold(
    service: Service,
    place: Location,
    pet: Pet,
    starts: datetime,
    ends: datetime,
    at: datetime,
    *,
    held_for: timedelta = timedelta(seconds=1),
    **more: Any,
) -> None:
    entry = add(WaitlistEntry(client_id=pet.client_id, pet_id=pet.id, service_id=service.id, joined_at=at))
    add(
        Offer(
            client_id=pet.client_id,
            waitlist_entry_id=entry.id,
            service_id=service.id,
            location_id=place.id,
            starts_at=starts,
            ends_at=ends,
            places=1,
            until=at + held_for,
            at=at,
            by_kind="system",
            by_name="",
            **more,
        )
    )
