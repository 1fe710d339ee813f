"""The times that a plan can choose from: appointments, dates of a class, series, days and nights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Integer, bindparam, select

from portal import wording
from portal.db import Instant, rows_of
from portal.models import Location, Series, Service, ServiceSession
from portal.rules import availability, given_by, hours, occupancy, pet_engagements, places
from portal.rules.availability import Day
from portal.rules.packing import units
from portal.rules.pet_engagements import Engaged, meets
from portal.rules.plans import Plan
from portal.rules.time_obstacles import limit

STRETCH = 14
ENOUGH = 40  # times on one page, and as many more as their last day has
# As many as a page shows, and as many as could begin in the same minute besides.
MOST_SESSIONS, MOST_AT_ONCE = 20, 60
BOOKED = "Booked"
LATE = {"past": "Past", "too-late": "Too late to book", "too-far": "Not open yet"}
SESSION = select(ServiceSession.id, ServiceSession.starts_at, ServiceSession.ends_at, given_by.OF_SESSION).where(
    ServiceSession.called_off_at.is_(None), ServiceSession.starts_at > bindparam("since", type_=Instant)
)
OF_SERVICE = (
    SESSION.add_columns(ServiceSession.capacity - occupancy.TAKEN_IN_SESSION)
    .where(
        ServiceSession.service_id == bindparam("service_id", type_=Integer),
        ServiceSession.location_id == bindparam("location_id", type_=Integer),
        ServiceSession.series_id.is_(None),
    )
    .order_by(ServiceSession.starts_at, ServiceSession.id)
    .limit(MOST_AT_ONCE)
)
RUNS = (
    select(Series.id, Series.name, Series.description, Series.price, ServiceSession.id, ServiceSession.starts_at)
    .join(ServiceSession, ServiceSession.series_id == Series.id)
    .where(
        Series.service_id == bindparam("service_id", type_=Integer),
        Series.location_id == bindparam("location_id", type_=Integer),
        Series.retired_at.is_(None),
        ServiceSession.called_off_at.is_(None),
    )
    .order_by(Series.name, Series.id, ServiceSession.starts_at)
)


class Time(NamedTuple):
    """A free appointment, as its button says it."""

    starts_at: datetime
    day: date
    word: str
    clock: str
    spoken: str


@dataclass(slots=True)
class Date:
    """A session of a class; `why` it cannot be booked, if it cannot."""

    id: int
    starts_at: datetime
    clock: str
    providers: str
    left: int
    why: str


@dataclass(slots=True)
class Run:
    """A series: all of its dates, and the places left on the fullest of them."""

    id: int
    name: str
    description: str
    price: int
    dates: list[str]
    left: int
    why: str


def appointments(
    plan: Plan, service: Service, location: Location, since: date, at: datetime, most: int | None = None
) -> list[tuple[date, list[Time]]]:
    slots = availability.free_times(
        service,
        location,
        pets=max(len(plan.pets), 1),
        extra_minutes=plan.more_minutes,
        provider_id=plan.provider.id if plan.provider else None,
        first=since,
        days=STRETCH,
        for_staff=plan.by_staff,
        most=most,
        coming=plan.pets,
        frame=plan.frame,
        at=at,
    )
    days: dict[date, list[Time]] = {}
    for slot in slots:
        time = as_time(slot.start, location.time_zone)
        days.setdefault(time.day, []).append(time)
    return list(days.items())


def engaged(plan: Plan, service: Service, since: datetime, until: datetime, at: datetime) -> list[Engaged]:
    """What keeps their pets from coming. Staff are warned of other services, and book."""
    found = pet_engagements.engaged(plan.pets, since, until, at=at)
    return [one for one in found if not plan.by_staff or one.service_id == service.id]


@lru_cache(4_096)
def as_time(minute: int, zone: str) -> Time:
    """Everybody who looks is told the same times of the same days."""
    starts_at = hours.moment(minute)
    here = wording.local(starts_at, zone)
    clock, word = wording.clock(here), f"{starts_at.isoformat()[:16]}Z"
    return Time(starts_at, here.date(), word, clock, f"{wording.spoken_day(here.date())}, {clock} {here.tzname()}")


def by_day(rows: Iterable[Any], zone: str) -> list[tuple[date, list[Any]]]:
    return [(day, list(times)) for day, times in groupby(rows, lambda row: wording.local(row.starts_at, zone).date())]


def sessions(
    plan: Plan, service: Service, location: Location, since: datetime, at: datetime
) -> tuple[list[tuple[date, list[Date]]], bool]:
    """The next ones, those that are full too, because one can wait for them; and whether there are more."""
    zone, pets = location.time_zone, max(len(plan.pets), 1)
    of = {"service_id": service.id, "location_id": location.id, "since": since}
    rows, more = whole_minutes(rows_of(OF_SERVICE, {**of, "at": at, **occupancy.excepting(None, None)}).all())
    known = engaged(plan, service, rows[0][1], rows[-1][2], at) if rows else []
    dates = []
    for id, starts_at, ends_at, names, places_left in rows:
        left = max(places_left, 0)
        providers = wording.listed(sorted(units(names)))
        late = limit(service, starts_at, zone, at)
        binding = late == "past" if plan.by_staff else late
        there = any(meets(one, service.kind, starts_at, ends_at, zone) for one in known)
        why = LATE[late] if binding else BOOKED if there else lack(left, pets)
        clock = wording.hours(starts_at, ends_at, zone)
        dates.append(Date(id, starts_at, clock, providers, left, why))
    return by_day(dates, zone), more


def whole_minutes(rows: Sequence[Any]) -> tuple[Sequence[Any], bool]:
    """Where there are more, what comes later begins after the last minute here: so no minute is cut in two."""
    if len(rows) <= MOST_SESSIONS:
        return rows, False
    last = rows[MOST_SESSIONS][1]
    return [row for row in rows if row[1] < last] or rows, True


def lack(left: int, pets: int) -> str:
    if left >= pets:
        return ""
    return f"Only {wording.counted(left, 'place')} left" if left else "Full"


def runs(plan: Plan, service: Service, location: Location, at: datetime) -> list[Run]:
    """Series that have not begun."""
    rows = rows_of(RUNS, {"service_id": service.id, "location_id": location.id}).all()
    left = places.sessions_left([row[4] for row in rows], at)
    found = []
    for (id, name, description, price), dates in groupby(rows, lambda row: tuple(row[:4])):
        meetings = list(dates)
        if meetings[0][5] <= at:
            continue
        least = min(left[meeting[4]] for meeting in meetings)
        each = service.price * len(meetings) if price is None else price
        days = [wording.day(wording.local(meeting[5], location.time_zone).date(), date.min) for meeting in meetings]
        found.append(Run(id, name, description, each, days, least, lack(least, max(len(plan.pets), 1))))
    return found


def month(plan: Plan, service: Service, location: Location, first: date, at: datetime) -> list[Day]:
    days = (following_month(first) - first).days
    pets, for_staff = max(len(plan.pets), 1), plan.by_staff
    wanted: dict[str, Any] = {"pets": pets, "first": first, "days": days, "for_staff": for_staff}
    found = availability.free_days(service, location, **wanted, frame=plan.frame, at=at)
    return without_booked(plan, service, location, found, at)


def without_booked(plan: Plan, service: Service, location: Location, found: list[Day], at: datetime) -> list[Day]:
    """On these days, or in these nights, one of the pets is in such a place already."""
    first, last = found[0].day, found[-1].day + timedelta(days=1)
    begins, ends = (occupancy.midnight(day, location.time_zone) for day in (first, last))
    there = {
        day
        for one in engaged(plan, service, begins, ends, at)
        if one.kind == service.kind
        for day in occupancy.days_of(one.kind, one.starts_at, one.ends_at, one.zone)
    }
    for one in found:
        one.why = one.why or (BOOKED if one.day in there else "")
    return found


def following_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def nights(plan: Plan, service: Service, location: Location, at: datetime) -> list[Day]:
    """Of the stay that is chosen, if one is."""
    first, last = plan.chosen.first, plan.chosen.last
    if not first or not last or not plan.has_time:
        return []
    pets, for_staff = max(len(plan.pets), 1), plan.by_staff
    found = availability.free_stay(
        service, location, pets=pets, first_day=first, last_day=last, for_staff=for_staff, frame=plan.frame, at=at
    )
    return [*without_booked(plan, service, location, found[:-1], at), found[-1]]
