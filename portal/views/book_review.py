"""The last step of Book Now: all of it once more, with its price and its terms."""

from datetime import datetime, timedelta
from typing import Any

from portal import wording
from portal.identity import business
from portal.inputs.messages import new_key
from portal.models import ServiceKind
from portal.rules import plan_terms, plan_times, plan_visits
from portal.rules.plans import Plan, Step

Names = dict[str, Any]


def of_review(plan: Plan, *, back: str, can_wait: bool, at: datetime) -> Names:
    made = plan_visits.visits(plan, back=back, at=at)
    bookable = [visit for visit in made if not visit.stopped]
    lines = plan_terms.lines(plan, made)
    shared = plan_visits.shared(made)
    return {
        **ways_on(plan, made, can_wait),
        "visits": made,
        "found": shared,
        "reviewed": reviewed(plan),
        "lines": lines,
        "total": sum(line.price for line in lines),
        "terms": plan_terms.terms(plan, bookable, moves_open=business().moves_open, at=at),
        "key": new_key(),
        "zone": plan.location.time_zone if plan.location else "",
        "shared_words": [one.words for one in shared],
        "near": [] if bookable else near(plan, at),
    }


def ways_on(plan: Plan, made: list[plan_visits.Visit], can_wait: bool) -> Names:
    """What its buttons do: book what can be booked, wait for the rest, or, at the desk, go beyond the places."""
    days = plan.kind == ServiceKind.DAY
    waitable = days and can_wait and any(visit.can_wait for visit in made)
    overbookable = plan.by_staff and any(one.kind == "full" for visit in made for one in visit.stopped)
    bookable = sum(not visit.stopped for visit in made)
    return {
        "join": "" if days or not can_wait else f"/waitlists/new?{plan.chosen.query()}",
        "can_send": waitable or overbookable or (bookable and (days or bookable == len(made))),
        "overbookable": overbookable,
    }


def reviewed(plan: Plan) -> list[tuple[str, str, str, str, Step]]:
    """Sign, name, words, more words, and the step that changes it."""
    assert plan.service
    assert plan.location
    name = plan.series.name if plan.series else plan.service.name
    told = [
        ("paw-print", "For", wording.listed([pet.name for pet in plan.pets]), "", Step.PETS),
        ("calendar-days", "What", name, "", Step.SERVICE),
        ("map-pin", "Where", plan.location.name, plan.location.address, Step.LOCATION),
    ]
    if plan.people:
        told.append(("user", "With", plan.provider.name if plan.provider else "Anyone", "", Step.PROVIDER))
    if plan.extras:
        names = wording.listed([extra.name for extra in plan.add_ons]) or "None"
        told.append(("plus", "Add-ons", names, "", Step.ADD_ONS))
    return told


def near(plan: Plan, at: datetime) -> list[tuple[str, str, str]]:
    """Other times than the one that is gone: what to send, and in words."""
    assert plan.service
    assert plan.location
    zone = plan.location.time_zone
    if plan.kind == ServiceKind.INDIVIDUAL and plan.chosen.at:
        before = wording.local(plan.chosen.at, zone).date() - timedelta(days=1)
        since = max(before, wording.today_in(zone, at))
        found = plan_times.appointments(plan, plan.service, plan.location, since, at)
        gone = plan.chosen.at
        times = sorted((time for _, rows in found for time in rows), key=lambda time: abs(time.starts_at - gone))
        fit = [one.starts_at for one in times[:6]]
        return [("another", f"{one:%Y-%m-%dT%H:%MZ}", wording.moment(one, zone, at)) for one in fit]
    if plan.session:
        days, _ = plan_times.sessions(plan, plan.service, plan.location, at, at)
        dates = [one for _, rows in days for one in rows if not one.why][:4]
        return [("session", str(one.id), wording.moment(one.starts_at, zone, at)) for one in dates]
    return []
