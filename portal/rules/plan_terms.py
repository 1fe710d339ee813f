"""What a plan costs, and until when it can be called off or moved: said before anything is booked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from portal import wording
from portal.models import ServiceKind
from portal.rules.cancelling import last_moment
from portal.rules.plan_visits import Visit
from portal.rules.plans import Plan

EPOCH = date(1970, 1, 1)


@dataclass(slots=True)
class Line:
    """`each` of them is for one pet."""

    name: str
    each: int
    times: list[str]
    price: int


def lines(plan: Plan, made: Sequence[Visit]) -> list[Line]:
    """As booking will count it: for each pet, and for each day or night of what can be had."""
    service, pets = plan.service, len(plan.pets)
    if service is None:
        return []
    booked = [visit for visit in made if not visit.stopped]
    count = len(booked) if service.kind == ServiceKind.DAY else len(made) if plan.series else 1
    visits, nights = count, 1
    if service.kind == ServiceKind.STAY and plan.chosen.first and plan.chosen.last:
        nights = (plan.chosen.last - plan.chosen.first).days
    if plan.series and plan.series.price is not None:
        return [Line(plan.series.name, plan.series.price, [wording.counted(pets, "pet")], plan.series.price * pets)]
    times = [wording.counted(pets, "pet")]
    if service.kind == ServiceKind.STAY:
        times.append(wording.counted(nights, "night"))
    elif visits != 1:
        times.append(wording.counted(visits, "date"))
    found = [Line(service.name, service.price, times, service.price * pets * visits * nights)]
    more = [wording.counted(pets, "pet"), *([wording.counted(visits, "date")] if visits != 1 else [])]
    return found + [Line(extra.name, extra.price, more, extra.price * pets * visits) for extra in plan.add_ons]


def terms(plan: Plan, made: Sequence[Visit], *, moves_open: bool, at: datetime) -> list[str]:
    """The rules about cancelling and moving as they will be frozen."""
    service = plan.service
    if service is None or not made or plan.location is None:
        return []
    limits = [("cancel", service.cancel_allowed, service.cancel_hours, service.cancel_day_before_at)]
    if moves_open:
        limits.append(("reschedule", service.move_allowed, service.move_hours, service.move_day_before_at))
    return [until_then(made[0], at, *limit) if len(made) == 1 else until(*limit) for limit in limits]


def until_then(
    visit: Visit, at: datetime, verb: str, allowed: bool, hours: int | None, day_before_at: time | None
) -> str:
    if not allowed:
        return until(verb, allowed, hours, day_before_at)
    last = last_moment(visit.starts_at, visit.zone, hours, day_before_at)
    if last <= at:
        return f"It is too late to {verb} this online once it is booked."
    return f"You can {verb} until {wording.midway(wording.moment_with_zone(last, visit.zone, at))}."


def until(verb: str, allowed: bool, hours: int | None, day_before_at: time | None) -> str:
    if not allowed:
        return f"You cannot {verb} it online; the front desk can."
    limits = [f"{wording.counted(hours, 'hour')} before it starts"] if hours else []
    if day_before_at is not None:
        limits.append(f"{wording.clock(datetime.combine(EPOCH, day_before_at))} on the day before")
    if not limits:
        return f"You can {verb} until it starts."
    return f"You can {verb} until {' and '.join(limits)}{', whichever comes first' if len(limits) > 1 else ''}."
