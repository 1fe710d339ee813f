"""A booking in the making: what holds of what was chosen, and which step is next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from portal import wording
from portal.business_here import House
from portal.chosen import Chosen
from portal.db import db
from portal.models import Client, Location, Pet, Series, Service, ServiceKind, ServiceSession
from portal.rules import access, demands
from portal.rules.demands import Demands
from portal.rules.frames import Frame, Person
from portal.rules.place_obstacles import LONGEST_STAY
from portal.rules.plan_choices import Choices, Extra, choices

R = TypeVar("R", Series, ServiceSession)


class Step(StrEnum):
    SERVICE = "service"
    LOCATION = "location"
    PETS = "pets"
    ADD_ONS = "add-ons"
    PROVIDER = "provider"
    WHEN = "when"
    REVIEW = "review"


@dataclass(slots=True)
class Plan:
    """`locations`, `own_pets`, `extras` and `people` are what can be chosen; beside each stands what was."""

    chosen: Chosen
    client: Client | None
    service: Service | None = None
    series: Series | None = None
    session: ServiceSession | None = None
    location: Location | None = None
    locations: Sequence[Location] = ()
    own_pets: Sequence[Pet] = ()
    pets: Sequence[Pet] = ()
    extras: Sequence[Extra] = ()
    add_ons: Sequence[Extra] = ()
    people: Sequence[Person] = ()
    provider: Person | None = None
    by_staff: bool = False  # who see every service, and whom no limit of online booking binds
    overbook: bool = False
    tell: bool = True
    house: House | None = None  # where it is known already
    frame: Frame | None = None  # within which times, days and nights are looked for
    can: Choices | None = None  # as it was read with the service

    @property
    def kind(self) -> ServiceKind | None:
        return self.service.kind if self.service else None

    @property
    def way(self) -> list[tuple[Step, bool, bool]]:
        """Of each step, whether there is more than one answer to it, and whether it is answered."""
        return [
            (Step.SERVICE, True, self.service is not None),
            (Step.LOCATION, len(self.locations) > 1 or self.location is None, self.location is not None),
            (Step.PETS, len(self.own_pets) != 1 or not self.pets, bool(self.pets)),
            (Step.ADD_ONS, bool(self.extras), bool(self.chosen.add_on)),
            (Step.PROVIDER, len(self.people) > 1, self.chosen.provider is not None),
            (Step.WHEN, self.chosen.series is None, self.has_time),
            (Step.REVIEW, True, False),
        ]

    @property
    def steps(self) -> list[Step]:
        """Those that have more than one answer, and the last one."""
        return [step for step, applies, _ in self.way if applies]

    @property
    def next(self) -> Step:
        """The first step that is not answered."""
        return next(step for step, applies, answered in self.way if applies and not answered)

    @property
    def why_no_stay(self) -> str:
        """What is wrong with the two days themselves, before anybody looks at the nights between."""
        first, last = self.chosen.first, self.chosen.last
        if not first or not last:
            return ""
        if last <= first:
            return "The day of leaving has to be after the day of arriving."
        if (last - first).days > LONGEST_STAY:
            return f"A stay is at most {wording.counted(LONGEST_STAY, 'night')}. Choose an earlier day of leaving."
        return ""

    @property
    def has_time(self) -> bool:
        chosen = self.chosen
        if self.kind == ServiceKind.STAY:
            return chosen.first is not None and chosen.last is not None and not self.why_no_stay
        if self.kind == ServiceKind.DAY:
            return bool(chosen.day)
        return {ServiceKind.GROUP: self.session, ServiceKind.SERIES: self.series}.get(
            self.kind or ServiceKind.GROUP, chosen.at
        ) is not None

    def step(self, asked: str) -> Step:
        """The step that is looked at: the one that was asked for, unless one before it is still open."""
        steps = self.steps
        return steps[min(steps.index(Step(asked)), steps.index(self.next))] if asked in steps else self.next

    @property
    def more_minutes(self) -> int:
        """For each pet, by the add-ons."""
        return sum(add_on.minutes for add_on in self.add_ons)

    def demands(self) -> Demands | None:
        """What the service asks of the pets."""
        if self.can is None:
            return None
        return demands.known(self.can.service, self.pets, self.can.animals, self.location in self.can.locations)


def plan(
    chosen: Chosen, client: Client | None, *, by_staff: bool = False, house: House | None = None, at: datetime
) -> Plan:
    """Whatever was chosen that is not there, or not theirs to see, counts as not chosen."""
    made = Plan(chosen, client, by_staff=by_staff, house=house)
    made.can = can = find_service(made, at)
    if made.service or chosen.pet:
        find_pets(made)
    if can:
        find_location(made, can)
        made.extras = can.extras
        made.add_ons = [extra for extra in can.extras if extra.id in chosen.add_on]
        find_people(made, can)
    return made


def find_service(made: Plan, at: datetime) -> Choices | None:
    """By itself, or as that of a series or of a session."""
    chosen = made.chosen
    series = found(Series, chosen.series)
    session = found(ServiceSession, chosen.session)
    if series and (series.retired_at or session):
        series = None
    of = series or (None if chosen.service else session)
    service_id = of.service_id if of else chosen.service
    can = choices(service_id) if service_id else None
    if can is None or not is_theirs(made, can.service, at):
        made.chosen = replace(chosen, service=None, series=None, session=None)
        return None
    made.service, made.series = can.service, series
    if session and session.service_id == can.service.id and session.series_id is None:
        made.session = session
    made.chosen = replace(
        chosen,
        service=can.service.id,
        series=series.id if series else None,
        session=session.id if session and made.session else None,
    )
    return can


def is_theirs(made: Plan, service: Service, at: datetime) -> bool:
    client_id = made.client.id if made.client else None
    return made.by_staff or access.is_visible(client_id, service, by_link=True, house=made.house, at=at)


def found(model: type[R], id: int | None) -> R | None:
    return db.session.get(model, id) if id else None


def find_pets(made: Plan) -> None:
    """Without a choice only where there is none to make, and none was made."""
    if made.client is None:
        return
    made.own_pets = sorted(made.client.pets, key=lambda pet: (pet.name, pet.id))
    chosen = [pet for pet in made.own_pets if pet.id in made.chosen.pet]
    made.pets = chosen or (made.own_pets if len(made.own_pets) == 1 and not made.chosen.pet else ())
    made.chosen = replace(made.chosen, pet=tuple(pet.id for pet in chosen))


def find_location(made: Plan, can: Choices) -> None:
    fixed = made.session or made.series
    if fixed:
        made.location = db.session.get_one(Location, fixed.location_id)
        return
    made.locations = can.locations
    wanted = made.chosen.location
    if len(made.locations) == 1 and wanted is None:
        made.location = made.locations[0]
    else:
        made.location = next((place for place in made.locations if place.id == wanted), None)


def find_people(made: Plan, can: Choices) -> None:
    """Those who give an individual service and work at the location; and the frame, which only classes do without:
    they have their own dates."""
    if made.location is None or made.kind in (ServiceKind.GROUP, ServiceKind.SERIES):
        return
    made.frame = can.frame(made.location)
    if made.kind != ServiceKind.INDIVIDUAL:
        return
    made.people = made.frame.people
    made.provider = next((one for one in made.people if one.id == made.chosen.provider), None)
    if made.provider is None and made.chosen.provider:
        made.chosen = replace(made.chosen, provider=None)
