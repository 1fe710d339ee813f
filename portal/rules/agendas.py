"""Agendas: a client's waitlists, upcoming and past bookings, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, func, literal, or_, select, true, tuple_, union_all
from sqlalchemy.orm import aliased

from portal.db import rows_of
from portal.models import Booking, Outcome, Pet, ServiceRequest, ServiceSession, Vaccination, VaccineKind, WaitlistEntry
from portal.rules.standing import STANDING, Standing, as_standing, first_of, standings
from portal.rules.turns import WAITING, Waiting, as_waiting
from portal.rules.waitlists import UNDO

SHORT, LONG, MOST_WAITS = 5, 25, 200
Row = Standing | Waiting


@dataclass(slots=True)
class Agenda:
    """The short lists of My Bookings, with how many there are in all."""

    waitlists: list[Waiting]
    upcoming: list[Row]
    past: list[Standing]
    waitlists_count: int
    upcoming_count: int
    past_count: int
    vaccines_due: int
    requests: int
    next_booking: Standing | None
    held: Waiting | None  # a place that is held for them, the one that runs out first


@dataclass(slots=True)
class Stretch:
    """One page of a long list; `after` continues it where there is more."""

    rows: list[Any]
    after: str | None


CLIENT, NOW = bindparam("client_id", type_=Integer), bindparam("at", type_=Booking.starts_at.type)
UPCOMING = select(Booking.id, literal(0).label("part")).where(Booking.client_id == CLIENT, Booking.ends_at >= NOW)
PAST = select(Booking.id, literal(1).label("part")).where(Booking.client_id == CLIENT, Booking.ends_at < NOW)
BOTH = union_all(
    select(UPCOMING.order_by(Booking.starts_at, Booking.id).limit(SHORT).subquery()),
    select(PAST.order_by(Booking.ends_at.desc(), Booking.id.desc()).limit(SHORT).subquery()),
).subquery()
SHORT_LISTS = STANDING.add_columns(BOTH.c.part).join(BOTH, BOTH.c.id == Booking.id)

# What was just removed stands there with its Undo, also for those who load the page anew.
JUST = bindparam("just", type_=Booking.starts_at.type)
LISTED = or_(
    WaitlistEntry.removed_at.is_(None),
    and_(WaitlistEntry.removed_at > JUST, WaitlistEntry.outcome == Outcome.WITHDRAWN),
)
# Which day it is depends on where: whoever reads this counts a day as ahead until it is over everywhere near.
TODAY = bindparam("today", type_=WaitlistEntry.last_day.type)
IS_GENERAL = and_(WaitlistEntry.service_session_id.is_(None), WaitlistEntry.first_day.is_(None))
IS_AHEAD = or_(ServiceSession.ends_at >= NOW, WaitlistEntry.last_day >= TODAY)
Waits, AtSession = aliased(WaitlistEntry), aliased(ServiceSession)
DATED = (
    select(func.count())
    .select_from(Waits)
    .outerjoin(AtSession, AtSession.id == Waits.service_session_id)
    .where(
        Waits.client_id == CLIENT,
        Waits.removed_at.is_(None),
        or_(AtSession.ends_at >= NOW, Waits.last_day >= TODAY),
    )
    .scalar_subquery()
)
GENERAL = (
    select(func.count())
    .where(
        Waits.client_id == CLIENT,
        Waits.removed_at.is_(None),
        Waits.service_session_id.is_(None),
        Waits.first_day.is_(None),
    )
    .scalar_subquery()
)
VACCINES_DUE = (
    select(func.count())
    .select_from(Pet)
    .join(VaccineKind, VaccineKind.animal_id == Pet.animal_id)
    .outerjoin(Vaccination, (Vaccination.pet_id == Pet.id) & (Vaccination.vaccine_kind_id == VaccineKind.id))
    .where(
        Pet.client_id == CLIENT,
        VaccineKind.required.is_(True),
        VaccineKind.retired_at.is_(None),
        Vaccination.expires_on.is_(None) | (Vaccination.expires_on <= bindparam("soon")),
    )
    .scalar_subquery()
)

REQUESTS = (
    select(func.count()).where(ServiceRequest.client_id == CLIENT, ServiceRequest.ended_at.is_(None)).scalar_subquery()
)


def counted(part: Any) -> Any:
    return select(func.count()).select_from(part.subquery()).scalar_subquery()


ONE = select(
    counted(UPCOMING).label("upcoming"),
    counted(PAST).label("past"),
    DATED.label("dated"),
    GENERAL.label("general"),
    VACCINES_DUE.label("due"),
    REQUESTS.label("requests"),
).subquery()
OPEN_ENDED = (
    select(WaitlistEntry.id)
    .where(WaitlistEntry.client_id == CLIENT, LISTED, IS_GENERAL)
    .order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
    .limit(SHORT)
)
# A day begins at another hour in each place, so that those of sessions and those of days are put in order by whoever
# reads them: a family waits for a handful of things.
SOONEST = (
    select(WaitlistEntry.id)
    .outerjoin(ServiceSession, ServiceSession.id == WaitlistEntry.service_session_id)
    .where(WaitlistEntry.client_id == CLIENT, LISTED, IS_AHEAD)
    .order_by(WaitlistEntry.id)
    .limit(MOST_WAITS)
)
EITHER = union_all(select(OPEN_ENDED.subquery()), select(SOONEST.subquery())).subquery()
WAITS = WAITING.join(EITHER, EITHER.c.id == WaitlistEntry.id).subquery("waits")
COUNTS_AND_WAITS = select(ONE, WAITS).select_from(ONE).outerjoin(WAITS, true())


def agenda(client_id: int, *, soon: date, at: datetime) -> Agenda:
    """My Bookings in two queries. `soon` is the day up to which a vaccine counts as running out."""
    names = {"client_id": client_id, "at": at, "soon": soon, **day_and_undo(at)}
    booked = [(as_standing(tuple(row)), row[-1]) for row in rows_of(SHORT_LISTS, names)]
    told = [tuple(row) for row in rows_of(COUNTS_AND_WAITS, names)]
    upcoming_count, past_count, dated_count, general_count, due, requests = told[0][:6]
    waits = sorted((as_waiting(row[6:]) for row in told if row[6] is not None), key=lambda entry: entry.id)
    upcoming: list[Standing] = sorted(
        (row for row, part in booked if part == 0), key=lambda row: (row.starts_at, row.id)
    )
    past = sorted((row for row, part in booked if part == 1), key=lambda row: (row.ends_at, row.id), reverse=True)
    dated = sorted((entry for entry in waits if entry.starts_at), key=place_in_time)[:SHORT]
    soonest: list[Row] = [*upcoming, *dated]
    return Agenda(
        waitlists=[entry for entry in waits if not entry.starts_at][:SHORT],
        upcoming=sorted(soonest, key=place_in_time)[:SHORT],
        past=past,
        waitlists_count=general_count,
        upcoming_count=upcoming_count + dated_count,
        past_count=past_count,
        vaccines_due=due,
        requests=requests,
        next_booking=first_of(upcoming, at),
        held=first_held(waits, at),
    )


def first_held(waits: list[Waiting], at: datetime) -> Waiting | None:
    held = [(entry.offered_until, entry.id, entry) for entry in waits if entry.offered_until and not entry.removed_at]
    return min((one for one in held if one[0] > at), default=(None, 0, None))[2]


def place_in_time(row: Row) -> tuple[Any, int, int]:
    return row.starts_at, int(isinstance(row, Waiting)), row.id


def cursor(at: datetime, kind: int, id: int) -> str:
    return f"{at:%Y%m%d%H%M%S%f}-{kind}-{id}"


FROM, KIND, ID = (
    bindparam("from", type_=Booking.starts_at.type),
    bindparam("kind", type_=Integer),
    bindparam("id", type_=Integer),
)
COMING = (
    STANDING.where(Booking.client_id == CLIENT, Booking.ends_at >= NOW)
    .order_by(Booking.starts_at, Booking.id)
    .limit(LONG + 1)
)
COMING_WAITS = (
    WAITING.where(WaitlistEntry.client_id == CLIENT, LISTED, IS_AHEAD).order_by(WaitlistEntry.id).limit(MOST_WAITS)
)
MORE_COMING = COMING.where(tuple_(Booking.starts_at, literal(0), Booking.id) > tuple_(FROM, KIND, ID))
OVER = (
    STANDING.where(Booking.client_id == CLIENT, Booking.ends_at < NOW)
    .order_by(Booking.ends_at.desc(), Booking.id.desc())
    .limit(LONG + 1)
)
MORE_OVER = OVER.where(tuple_(Booking.ends_at, Booking.id) < tuple_(FROM, ID))


def upcoming_page(client_id: int, *, at: datetime, after: tuple[datetime, int, int] | None) -> Stretch:
    """Bookings and dated waitlist entries together, soonest first."""
    names = {"client_id": client_id, "at": at, **day_and_undo(at), **continued(after)}
    rows: list[Any] = standings(MORE_COMING if after else COMING, names)
    waits = [as_waiting(tuple(row)) for row in rows_of(COMING_WAITS, names)]
    rows += [entry for entry in waits if after is None or place_in_time(entry) > after]
    rows.sort(key=place_in_time)
    return stretch(rows, lambda row: cursor(row.starts_at, int(isinstance(row, Waiting)), row.id))


def past_page(client_id: int, *, at: datetime, after: tuple[datetime, int, int] | None) -> Stretch:
    rows = standings(MORE_OVER if after else OVER, {"client_id": client_id, "at": at, **continued(after)})
    return stretch(rows, lambda row: cursor(row.ends_at, 0, row.id))


def day_and_undo(at: datetime) -> dict[str, Any]:
    return {"just": at - UNDO, "today": (at - timedelta(hours=12)).date()}


def continued(after: tuple[datetime, int, int] | None) -> dict[str, Any]:
    return dict(zip(("from", "kind", "id"), after, strict=True)) if after else {}


def waitlist_page(client_id: int, *, at: datetime) -> list[Waiting]:
    """All general entries: a family waits for a handful of things, so this is one page."""
    statement = WAITING.where(
        WaitlistEntry.client_id == client_id,
        LISTED,
        IS_GENERAL,
    ).order_by(WaitlistEntry.joined_at, WaitlistEntry.id)
    return [as_waiting(tuple(row)) for row in rows_of(statement.limit(200), {"just": at - UNDO})]


def stretch(rows: list[Any], key: Any, most: int = LONG) -> Stretch:
    more = len(rows) > most
    rows = rows[:most]
    return Stretch(rows, key(rows[-1]) if more else None)
