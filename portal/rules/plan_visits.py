"""What a plan comes to: one visit, or one for each day or date, and what stands in the way of each."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from portal import wording
from portal.business_here import House
from portal.models import Location, Service, ServiceKind, ServiceSession
from portal.rules import availability, hours, obstacles, places, series_registrations
from portal.rules.business import the_business
from portal.rules.obstacles import Obstacle
from portal.rules.plans import Plan

FARTHEST = timedelta(days=3 * 366)  # no service is open further ahead
NOT_FREE = "That time is not free any more."
NOT_AMONG = "This is not one of the free times."


@dataclass(slots=True)
class Visit:
    """`providers` are those who are free then; `day` is that of day care."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    day: date | None = None
    session: ServiceSession | None = None
    providers: tuple[int, ...] = ()
    obstacles: list[Obstacle] = field(default_factory=list)

    @property
    def zones(self) -> str:
        """EST; where the clocks change meanwhile: EST, then EDT."""
        names = [wording.local(moment, self.zone).tzname() or "" for moment in (self.starts_at, self.ends_at)]
        return ", then ".join(dict.fromkeys(names))

    @property
    def stopped(self) -> list[Obstacle]:
        return obstacles.stopping(self.obstacles)

    @property
    def can_wait(self) -> bool:
        """Nothing but the lack of a place is in the way."""
        return bool(self.stopped) and all(one.waitlist for one in self.stopped)


def visits(plan: Plan, *, back: str, at: datetime) -> list[Visit]:
    """Judged one by one, as they are now."""
    if plan.service is None or plan.location is None:
        return []
    made = laid_out(plan, plan.service, plan.location, at)
    of_all = series_registrations.judged(plan.client, plan.series, plan.pets, back=back, at=at) if plan.series else None
    for visit in made:
        visit.obstacles[:0] = (
            of_all if of_all is not None else judged(plan, plan.service, plan.location, visit, back, at)
        )
        visit.obstacles = list({one.words: one for one in visit.obstacles}.values())
        if plan.by_staff:
            visit.obstacles = obstacles.for_staff(visit.obstacles, overbook=plan.overbook)
    return made


def judged(plan: Plan, service: Service, location: Location, visit: Visit, back: str, at: datetime) -> list[Obstacle]:
    return obstacles.obstacles(
        plan.client,
        service,
        location=location,
        pets=plan.pets,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        session=visit.session,
        by_link=True,
        back=back,
        house=plan.house,
        at=at,
    )


def laid_out(plan: Plan, service: Service, location: Location, at: datetime) -> list[Visit]:
    if service.kind == ServiceKind.DAY:
        return list(of_days(plan, service, location, at))
    if service.kind == ServiceKind.STAY:
        return of_stay(plan, service, location, at)
    if service.kind == ServiceKind.INDIVIDUAL:
        return of_appointment(plan, service, location, at)
    sessions = [plan.session] if plan.session else []
    if plan.series:
        sessions = series_registrations.sessions_of(plan.series, at)
    return [Visit(one.starts_at, one.ends_at, one.location.time_zone, session=one) for one in sessions]


def of_days(plan: Plan, service: Service, location: Location, at: datetime) -> Iterable[Visit]:
    """Beyond the time that can be looked at, the judge says for itself what is past or too far ahead."""
    today, pets = wording.today_in(location.time_zone, at), max(len(plan.pets), 1)
    near = [day for day in plan.chosen.day if today <= day <= today + FARTHEST]
    length = (near[-1] - near[0]).days + 1 if near else 0
    first, for_staff = near[0] if near else today, plan.by_staff
    wanted: dict[str, Any] = {"pets": pets, "first": first, "days": length, "for_staff": for_staff}
    told = availability.free_days(service, location, **wanted, frame=plan.frame, at=at)
    why, zone, house = {one.day: one.why for one in told}, location.time_zone, plan.house or the_business()
    for day in plan.chosen.day:
        visit = Visit(reached(location, day, service.arrives_at), reached(location, day, service.leaves_at), zone, day)
        visit.obstacles = in_the_way(why.get(day, ""), wording.full_day(day), service, house)
        yield visit


def of_stay(plan: Plan, service: Service, location: Location, at: datetime) -> list[Visit]:
    first, last = plan.chosen.first, plan.chosen.last
    if not first or not last or not plan.has_time:
        return []
    starts_at, ends_at = reached(location, first, service.arrives_at), reached(location, last, service.leaves_at)
    visit = Visit(starts_at, ends_at, location.time_zone)
    pets, house = max(len(plan.pets), 1), plan.house or the_business()
    told = availability.free_stay(
        service, location, pets=pets, first_day=first, last_day=last, for_staff=plan.by_staff, frame=plan.frame, at=at
    )
    for night in told:
        visit.obstacles += in_the_way(night.why, wording.full_day(night.day), service, house)
    return [visit]


def in_the_way(why: str, when: str, service: Service, house: House) -> list[Obstacle]:
    """The judge says for itself what is past, too soon or too far ahead."""
    if why == availability.CLOSED:
        return [Obstacle("closed", f"We are closed on {when}.")]
    if why == availability.FULL:
        waitlist = service.waitlist_open and house.waitlist_open
        return [Obstacle("full", f"{service.name} is full on {when}.", waitlist=waitlist)]
    return []


def of_appointment(plan: Plan, service: Service, location: Location, at: datetime) -> list[Visit]:
    starts_at = plan.chosen.at
    if starts_at is None:
        return []
    slots = availability.free_times(
        service,
        location,
        pets=max(len(plan.pets), 1),
        extra_minutes=plan.more_minutes,
        provider_id=plan.provider.id if plan.provider else None,
        first=wording.local(starts_at, location.time_zone).date(),
        days=1,
        for_staff=plan.by_staff,
        frame=plan.frame,
        at=at,
    )
    slot = next((slot for slot in slots if slot.starts_at == starts_at), None)
    if slot:
        return [Visit(slot.starts_at, slot.ends_at, location.time_zone, providers=slot.provider_ids)]
    minutes = places.minutes_of(service, len(plan.pets), plan.more_minutes)
    gone = [Obstacle("full", NOT_AMONG if plan.by_staff else NOT_FREE)]
    with_them = (plan.provider.id,) if plan.by_staff and plan.provider else ()
    ends_at = starts_at + timedelta(minutes=minutes)
    return [Visit(starts_at, ends_at, location.time_zone, providers=with_them, obstacles=gone)]


def reached(location: Location, day: date, wall: time) -> datetime:
    return hours.moment(hours.dial(location.time_zone, day).reaches(hours.wall(wall)))


def shared(made: list[Visit]) -> list[Obstacle]:
    """What is in the way of every one of them, once."""
    if not made:
        return []
    rest = [{one.words for one in visit.obstacles} for visit in made[1:]]
    return [one for one in made[0].obstacles if all(one.words in words for words in rest)]
