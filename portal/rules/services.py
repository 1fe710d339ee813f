"""Services: what the business offers. What was booked keeps the rules under which it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal import wording
from portal.db import AnySelect, atomic, db, lock
from portal.models import (
    Access,
    Booking,
    Location,
    MembershipService,
    Offering,
    Series,
    Service,
    ServiceKind,
    ServiceProvider,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import positions, service_ties
from portal.rules.refused import Misfit, Refused, stale
from portal.rules.retiring import must_be_free
from portal.rules.states import STANDS
from portal.rules.stretches import OF_ANY_LENGTH
from portal.service_words import ACCESS_SHORT, KINDS

ORDER = Service.position, Service.name, Service.id


def those(table: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> Any:
    return select(func.count()).where(table == Service.id, *where).scalar_subquery()


@dataclass(slots=True)
class Listed:
    """A service as lists show it, and how many there are of what it needs to be booked."""

    id: int
    name: str
    kind: ServiceKind
    price: int
    minutes: int
    access: Access
    needs_approval: bool
    retired_at: datetime | None
    locations: int
    memberships: int
    providers: int

    @property
    def kind_words(self) -> str:
        lasts = {ServiceKind.INDIVIDUAL, ServiceKind.GROUP, ServiceKind.SERIES}
        return KINDS[self.kind] + (f" · {self.minutes} min" if self.kind in lasts else "")

    @property
    def access_words(self) -> str:
        return ACCESS_SHORT[self.access]

    @property
    def gaps(self) -> list[str]:
        """Why nobody can book it by themselves as things are."""
        found = []
        if not self.locations:
            found.append("It is offered at no location yet.")
        if self.access == Access.MEMBERS and not self.memberships:
            found.append("It is for members, but no membership opens it.")
        return found


OPEN = select(Location.id).where(Location.deactivated_at.is_(None))
LISTED: AnySelect = select(
    *(getattr(Service, name) for name in list(Listed.__dataclass_fields__)[:8]),
    those(Offering.service_id, Offering.location_id.in_(OPEN)),
    those(MembershipService.service_id),
    those(ServiceProvider.service_id),
)


def every() -> list[Listed]:
    """In their order, those that are retired last."""
    rows = db.session.execute(LISTED.order_by(Service.retired_at.is_not(None), *ORDER))
    return [Listed(*row) for row in rows]


def one(service_id: int) -> Listed:
    return Listed(*db.session.execute(LISTED.where(Service.id == service_id)).one())


def must_have_classes(service: Service) -> None:
    if service.kind not in (ServiceKind.GROUP, ServiceKind.SERIES):
        raise Refused(f"{service.name} has no classes. Choose a group class or a series.")


def named() -> list[tuple[int, str]]:
    """Those that are offered, to be ticked in a list."""
    rows = select(Service.id, Service.name).where(Service.retired_at.is_(None)).order_by(*ORDER)
    return [(id, name) for id, name in db.session.execute(rows)]


def has_dates(service: Service) -> bool:
    """Whether anything of its kind is there already: bookings, classes, series, somebody who waits."""
    of = (Booking.service_id, ServiceSession.service_id, Series.service_id, WaitlistEntry.service_id)
    return bool(db.session.scalar(select(or_(*(exists().where(column == service.id) for column in of)))))


def booked_ahead(service: Service, at: datetime) -> int:
    """How many bookings of it are still to come."""
    # At each place and of each length, so that an index leads to those that are not over.
    wherever = Booking.location_id.in_(select(Location.id)), OF_ANY_LENGTH
    ahead = select(func.count()).where(Booking.service_id == service.id, *wherever, Booking.ends_at > at, STANDS)
    return db.session.execute(ahead).scalar_one()


Ticked = Mapping[str, set[int]]


@atomic
def add(
    kind: ServiceKind, facts: Mapping[str, Any], *, ticked: Ticked, places: service_ties.Places, at: datetime
) -> Service:
    must_be_sound(facts, kind)
    must_be_free(Service, facts["name"], "a service")
    service = Service(kind=kind, position=positions.behind_all(Service), **full(facts))
    db.session.add(service)
    db.session.flush()
    service_ties.choose(service, ticked, places, at=at)
    return service


@atomic
def change(
    service: Service,
    kind: ServiceKind,
    facts: Mapping[str, Any],
    *,
    ticked: Ticked,
    places: service_ties.Places,
    at: datetime,
) -> None:
    lock(service)
    if kind != service.kind and has_dates(service):
        word = KINDS[service.kind]
        raise Misfit("kind", f"It has bookings or dates already, so it stays “{word}”. Add another service instead.")
    must_be_sound(facts, kind)
    must_be_free(Service, facts["name"], "a service", but=service.id)
    service.kind = kind
    for name, value in full(facts).items():
        setattr(service, name, value)
    service_ties.choose(service, ticked, places, at=at)


def full(facts: Mapping[str, Any]) -> dict[str, Any]:
    """A day takes as long as it is from arriving to leaving."""
    known = dict(facts)
    if "least_nights" not in facts and "arrives_at" in facts:
        known["minutes"] = minute(facts["leaves_at"]) - minute(facts["arrives_at"])
    return known


def minute(time: Any) -> int:
    return int(time.hour * 60 + time.minute)


def must_be_sound(facts: Mapping[str, Any], kind: ServiceKind) -> None:
    if kind == ServiceKind.DAY and facts["leaves_at"] <= facts["arrives_at"]:
        raise Misfit("leaves_at", "The end of the day lies before its beginning. Look over both times.")
    for least, most, words in (
        ("least_nights", "most_nights", "The most nights are fewer than the least."),
        ("least_months", "most_months", "The oldest is younger than the youngest."),
    ):
        if facts.get(most) is not None and facts[most] < (facts.get(least) or 0):
            raise Misfit(most, words)


@atomic
def move(service: Service, *, up: bool) -> None:
    """One place up or down in the order in which clients see them; at an end it stays."""
    lock(service)
    in_use = select(Service).where(Service.retired_at.is_(None)).order_by(*ORDER)
    rows = list(db.session.scalars(in_use))
    if service not in rows:
        raise stale(f"{service.name} is retired.")
    positions.reorder(rows, service, up)


def booked_words(count: int) -> str:
    """3 bookings of it are still to come: they stay."""
    if not count:
        return ""
    return f"{wording.counted(count, 'booking')} of it {'is' if count == 1 else 'are'} still to come, and will stay."
