"""Wishes: what the address of a waitlist names, as far as the client may see it."""

from datetime import date, datetime

from sqlalchemy import func, select

from portal import wording
from portal.chosen import Chosen
from portal.db import db
from portal.models import Location, Offering, Series, Service, ServiceKind, ServiceSession, WaitlistEntry
from portal.rules.access import is_visible
from portal.rules.chances import Wish
from portal.rules.turns import line_of


def wished(chosen: Chosen, client_id: int | None, *, at: datetime) -> list[Wish]:
    """Each of several days is waited for by itself. Nothing where there is no such thing, or not for them; staff, who
    are no client, see all."""
    session = db.session.get(ServiceSession, chosen.session) if chosen.session else None
    series = db.session.get(Series, chosen.series) if chosen.series else None
    service = db.session.get(Service, chosen.service) if chosen.service else None
    service = of(session or series) or service
    if service is None or service.retired_at or (session and session.called_off_at):
        return []
    if client_id is not None and not is_visible(client_id, service, by_link=True, at=at):
        return []
    if session and not session.series_id:
        return [Wish(service, session)]
    if series or session:
        return [Wish(service, series=series or (session.series if session else None))]
    place = where(service, chosen.location)
    days = asked_days(service, chosen)
    return [Wish(service, None, place, *span) for span in days if place] or [Wish(service, None, place)]


def of(row: ServiceSession | Series | None) -> Service | None:
    return db.session.get(Service, row.service_id) if row else None


def as_chosen(wish: Wish) -> Chosen:
    """The same as an address names it."""
    return Chosen(
        service=wish.service.id,
        series=wish.series.id if wish.series else None,
        location=wish.location.id if wish.location else None,
        session=wish.session.id if wish.session else None,
        day=(wish.first_day,) if wish.first_day and wish.service.kind == ServiceKind.DAY else (),
        first=wish.first_day if wish.service.kind == ServiceKind.STAY else None,
        last=wish.last_day if wish.service.kind == ServiceKind.STAY else None,
    )


def places_of(service: Service) -> list[Location]:
    offered = select(Location).join(Offering, Offering.location_id == Location.id)
    here = offered.where(Offering.service_id == service.id, Location.deactivated_at.is_(None))
    return list(db.session.scalars(here.order_by(Location.name, Location.id)))


def waitable() -> list[Service]:
    """What staff can put somebody on the waitlist for, with any date."""
    rows = select(Service).where(Service.retired_at.is_(None)).order_by(Service.position, Service.name)
    return list(db.session.scalars(rows))


def where(service: Service, location_id: int | None) -> Location | None:
    """The one that was named, as long as the service is offered there; or the only one."""
    places = places_of(service)
    if location_id:
        return next((place for place in places if place.id == location_id), None)
    return places[0] if len(places) == 1 else None


def asked_days(service: Service, chosen: Chosen) -> list[tuple[date, date]]:
    if service.kind == ServiceKind.DAY:
        return [(day, day) for day in chosen.day]
    first, last = chosen.first, chosen.last
    return [(first, last)] if service.kind == ServiceKind.STAY and first and last and first < last else []


def when(wish: Wish) -> str:
    """Tue 24 Nov 2026, 2:00 PM EST; of days in the house the days; else nothing."""
    if wish.session:
        here = wording.local(wish.session.starts_at, wish.session.location.time_zone)
        return f"{wording.full_day(here.date())}, {wording.clock(here)} {here.tzname()}"
    if wish.first_day and wish.last_day:
        days = [wording.full_day(wish.first_day), wording.full_day(wish.last_day)]
        return days[0] if wish.first_day == wish.last_day else " to ".join(days)
    return ""


def how_many_wait(wish: Wish) -> int:
    """Families, for this very session or for days in common; for any date those who wait for any."""
    waits = select(func.count(line_of(WaitlistEntry).distinct())).where(
        WaitlistEntry.service_id == wish.service.id, WaitlistEntry.removed_at.is_(None)
    )
    if wish.session:
        waits = waits.where(WaitlistEntry.service_session_id == wish.session.id)
    elif wish.first_day:
        waits = waits.where(
            WaitlistEntry.location_id == (wish.location.id if wish.location else None),
            WaitlistEntry.first_day <= wish.last_day,
            WaitlistEntry.last_day >= wish.first_day,
        )
    else:
        waits = waits.where(WaitlistEntry.service_session_id.is_(None), WaitlistEntry.first_day.is_(None))
    return db.session.execute(waits).scalar_one()
