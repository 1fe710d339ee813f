"""Requests for services: a client says in words what they need, and the business schedules it or says why not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select, tuple_

from portal import wording
from portal.db import AnySelect, atomic, db, first_of, lock, rows_of
from portal.models import (
    Booking,
    Client,
    Location,
    NoticeKind,
    Pet,
    RequestOutcome,
    Service,
    ServiceRequest,
    ServiceRequestPet,
)
from portal.rules import history, messages, notices
from portal.rules.access import is_visible
from portal.rules.actors import Actor
from portal.rules.agendas import Stretch, cursor, stretch
from portal.rules.business import contact, the_business
from portal.rules.packing import packed, unpacked
from portal.rules.refused import Refused

TOLD_FOR = timedelta(days=14)
MOST_OPEN = 10
LATEST, LONG = 20, 50


@dataclass(slots=True)
class Asked:
    """A request as lists show it."""

    pets: list[str]
    pet_ids: list[int]
    id: int
    client_id: int
    client: str
    service_id: int
    service: str
    location_id: int | None
    location: str
    wanted: str
    notes: str
    made_at: datetime
    ended_at: datetime | None
    ended_by: str
    outcome: RequestOutcome | None
    answer: str
    booking_id: int | None

    @property
    def state(self) -> str:
        return self.outcome.capitalize() if self.outcome else "Requested"


PETS = (
    select(packed(Pet.id, Pet.name))
    .join(ServiceRequestPet, ServiceRequestPet.pet_id == Pet.id)
    .where(ServiceRequestPet.service_request_id == ServiceRequest.id)
    .scalar_subquery()
)
ASKED: AnySelect = (
    select(
        ServiceRequest.id,
        ServiceRequest.client_id,
        Client.first_name + " " + Client.last_name,
        Service.id,
        Service.name,
        ServiceRequest.location_id,
        func.coalesce(Location.name, ""),
        ServiceRequest.wanted,
        ServiceRequest.notes,
        ServiceRequest.made_at,
        ServiceRequest.ended_at,
        ServiceRequest.ended_by,
        ServiceRequest.outcome,
        ServiceRequest.answer,
        ServiceRequest.booking_id,
        PETS,
    )
    .join(Client, Client.id == ServiceRequest.client_id)
    .join(Service, Service.id == ServiceRequest.service_id)
    .outerjoin(Location, Location.id == ServiceRequest.location_id)
)
SINCE = bindparam("since", type_=ServiceRequest.made_at.type)
CAME_OF_IT = or_(ServiceRequest.answer != "", ServiceRequest.booking_id.is_not(None))
TOLD = or_(ServiceRequest.ended_at.is_(None), CAME_OF_IT & (ServiceRequest.ended_at > SINCE))
# As many as anybody wants to know of, and as many as are counted.
SOME = first_of(select(ServiceRequest.id).where(ServiceRequest.ended_at.is_(None)), 100)
HOW_MANY = select(func.count()).select_from(SOME.subquery()).scalar_subquery()
LAST = tuple_(bindparam("from", type_=ServiceRequest.made_at.type), bindparam("id", type_=ServiceRequest.id.type))
IN_TURN = ServiceRequest.made_at, ServiceRequest.id
OPEN = ASKED.where(ServiceRequest.ended_at.is_(None)).order_by(*IN_TURN).limit(LONG + 1)
FOLLOWING = OPEN.where(tuple_(*IN_TURN) > LAST)
ANSWERED = (
    ASKED.where(ServiceRequest.ended_at.is_not(None))
    .order_by(ServiceRequest.ended_at.desc(), ServiceRequest.id.desc())
    .limit(LATEST)
)


def as_asked(row: tuple[Any, ...]) -> Asked:
    pets = sorted(unpacked(row[-1], 2), key=lambda pet: pet[1].casefold())
    return Asked([name for _, name in pets], [int(id) for id, _ in pets], *row[:-1])


def of_client(client_id: int, *, at: datetime) -> list[Asked]:
    """Those that wait, and for a while those that were answered."""
    of = ASKED.where(ServiceRequest.client_id == client_id, TOLD).order_by(ServiceRequest.id.desc()).limit(50)
    return [as_asked(tuple(row)) for row in rows_of(of, {"since": at - TOLD_FOR})]


def waiting(after: tuple[datetime, int, int] | None = None) -> Stretch:
    """What staff still have to answer, the oldest first, a page at a time."""
    names = {"from": after[0], "id": after[2]} if after else {}
    rows = [as_asked(tuple(row)) for row in rows_of(FOLLOWING if after else OPEN, names)]
    return stretch(rows, lambda one: cursor(one.made_at, 0, one.id), LONG)


def answered() -> list[Asked]:
    """What has become of the others, the latest first."""
    return [as_asked(tuple(row)) for row in rows_of(ANSWERED)]


def how_many() -> int:
    """Up to a hundred."""
    return db.session.scalar(select(HOW_MANY)) or 0


@atomic
def ask(
    client: Client,
    service: Service,
    pets: Sequence[Pet],
    *,
    location: Location | None,
    wanted: str,
    notes: str,
    key: str | None,
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    """Sent twice, it is asked once."""
    lock(client)
    same = select(ServiceRequest).where(ServiceRequest.client_id == client.id, ServiceRequest.key == key)
    if key and (first := db.session.scalar(same)):
        return first
    must_be_open(client, service, at)
    made = ServiceRequest(
        client_id=client.id,
        service_id=service.id,
        location_id=location.id if location else None,
        wanted=wanted,
        notes=notes,
        key=key,
        made_at=at,
    )
    db.session.add(made)
    db.session.flush()
    rows = [ServiceRequestPet(service_request_id=made.id, pet_id=pet.id, client_id=client.id) for pet in pets]
    db.session.add_all(rows)
    names = wording.listed([pet.name for pet in pets])
    text = f"You asked for {service.name} for {names}:\n\n{wanted}\n\nWe will write to you as soon as it is scheduled."
    messages.tell_client(client, f"We have your request: {service.name}", text, at=at)
    said = f"{client.name} asks for {service.name} ({names}): {notices.glance(wanted)}"
    notices.tell(NoticeKind.REQUEST, said, client_id=client.id, by=by, at=at)
    note(made, service.name, "", "Requested", by=by, at=at)
    return made


def must_be_open(client: Client, service: Service, at: datetime) -> None:
    if not the_business().requests_open:
        raise Refused(f"Requests are not taken here at the moment. {contact()}")
    if client.blocked_online:
        raise Refused(f"Online booking is not open to you. {contact()}")
    if service.retired_at or not is_visible(client.id, service, by_link=False, at=at):
        raise Refused("Choose one of the services.")
    of = select(func.count()).where(ServiceRequest.client_id == client.id)
    if db.session.execute(of.where(ServiceRequest.ended_at.is_(None))).scalar_one() >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} requests of yours are waiting already. {contact()}")
    if db.session.execute(of.where(ServiceRequest.made_at > at - timedelta(hours=1))).scalar_one() >= MOST_OPEN:
        raise Refused(f"These are more than {MOST_OPEN} requests within an hour. {contact()}")


@atomic
def ask_by_id(
    client: Client, *, service_id: int, pet_ids: Collection[int], location_id: int | None, **told: Any
) -> ServiceRequest:
    """As a form says it: rows by their ids, the pets among the client's own."""
    service = db.session.get_one(Service, service_id)
    location = db.session.get_one(Location, location_id) if location_id else None
    return ask(client, service, [pet for pet in client.pets if pet.id in pet_ids], location=location, **told)


@atomic
def withdraw(request: ServiceRequest, *, by: Actor, at: datetime) -> None:
    """By the client, as long as nothing has come of it."""
    end(request, RequestOutcome.WITHDRAWN, by, at)
    note(request, request.service.name, "Requested", "Withdrawn", by=by, at=at)
    text = f"{by.name} withdrew the request for {request.service.name}"
    notices.tell(NoticeKind.REQUEST, text, client_id=request.client_id, by=by, at=at)


@atomic
def schedule(request: ServiceRequest, *, by: Actor, at: datetime) -> None:
    """Staff have booked what was asked for: the confirmation of that booking tells the client."""
    end(request, RequestOutcome.SCHEDULED, by, at)
    note(request, request.service.name, "Requested", "Scheduled", by=by, at=at)


@atomic
def schedule_as(request: ServiceRequest, booking: Booking, *, by: Actor, at: datetime) -> None:
    """This booking is what came of it. What has been answered or withdrawn meanwhile stays so."""
    lock(request)
    if request.ended_at is None:
        schedule(request, by=by, at=at)
        request.booking_id = booking.id


@atomic
def decline(request: ServiceRequest, words: str, *, tell: bool = True, by: Actor, at: datetime) -> None:
    """Staff say why it cannot be, or what would do instead."""
    end(request, RequestOutcome.DECLINED, by, at)
    request.answer = words
    client = db.session.get_one(Client, request.client_id)
    subject = f"About your request: {request.service.name}"
    if tell:
        messages.tell_client(client, subject, f"We cannot schedule it as you asked:\n\n{words}", at=at)
    note(request, request.service.name, "Requested", f"Declined: {words}", by=by, at=at)


def end(request: ServiceRequest, outcome: RequestOutcome, by: Actor, at: datetime) -> None:
    lock(request)
    if request.ended_at:
        raise Refused("This request has been answered or withdrawn already. Reload the page to see how it stands.")
    request.outcome, request.ended_at, request.ended_by = outcome, at, by.name


def note(request: ServiceRequest, service: str, old: str, new: str, *, by: Actor, at: datetime) -> None:
    history.note(request.client_id, "Request", old, new, subject=service, by=by, at=at)
