"""Book Now, step by step: what its pages show, the same for a client and for somebody at the door."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request

from portal import wording
from portal.answers import Answer, show
from portal.chosen import Chosen
from portal.identity import business
from portal.inputs import asked
from portal.inputs.book import BookNow
from portal.models import Client
from portal.rules import access, arrivals, obstacles, plan_bookings, plans
from portal.rules.actors import Actor
from portal.rules.obstacles import Obstacle
from portal.rules.plans import Plan, Step
from portal.rules.refused import Refused
from portal.views import book_review, book_when

Names = dict[str, Any]
ORDER = list(Step)
TITLES = {
    Step.SERVICE: "What can we do for you?",
    Step.LOCATION: "At which location?",
    Step.PETS: "Who is coming?",
    Step.ADD_ONS: "Anything else?",
    Step.PROVIDER: "With whom?",
    Step.WHEN: "When?",
    Step.REVIEW: "Look it over",
}
# What no choice of this page mends.
FOR_GOOD = {"closed", "blocked", "access", "retired"}
CHOOSE = "Choose at least one."
NOTHING_BOOKED = "Nothing is booked yet: see what stands in the way."


@dataclass(frozen=True, slots=True)
class Way:
    """Where it is walked: `page` is the page around the step, `newcomer` somebody who has just told who they are,
    `desk` the staff who book for a client."""

    path: str
    page: str
    newcomer: bool = False
    desk: bool = False


@dataclass(slots=True)
class Fact:
    """What is chosen, and the step that changes it, if there was a choice."""

    name: str
    words: str
    step: Step | None


def planned(chosen: Chosen, client: Client | None, at: datetime, *, by_staff: bool = False) -> Plan:
    return plans.plan(chosen, client, by_staff=by_staff, house=business(), at=at)


def show_step(way: Way, plan: Plan, at: datetime, *, problem: str = "", status: int = 200, **more: Any) -> Answer:
    """The step that was asked for, or the first that is open; with what it shows of its own."""
    step = plan.step(asked("step"))
    found = in_the_way(way, plan, step, at)
    if any(one.pet_id for one in obstacles.stopping(found)):
        step = min(step, Step.PETS, key=ORDER.index)
    stopped = any(one.kind in FOR_GOOD and not one.pet_id for one in found)
    own = {} if stopped else SHOWN[step](way, plan, at)
    names = {"found": mendable(way, obstacles.stopping(found)), "problem": missing(plan, step), **own}
    if problem:
        names["problem"] = NOTHING_BOOKED if told_of_all(names["found"], problem) else problem
    walked = {"path": way.path, "newcomer": way.newcomer, "desk": way.desk}
    page = {**walked, "plan": plan, "at": at, "step": step, "stopped": stopped, **heading(plan, step)}
    return show(way.page, "shared/book", status, **{**page, **names, **more})


def heading(plan: Plan, step: Step) -> Names:
    steps = plan.steps
    place = steps.index(step) if step in steps else 0
    return {
        "title": TITLES[step],
        "number": place + 1,
        "count": len(steps) if plan.service else 0,
        "before": steps[place - 1] if place else None,
        "facts": facts(plan, step, steps),
    }


def told_of_all(found: list[Obstacle], words: str) -> bool:
    """The obstacles are listed anyway, each with what mends it."""
    return bool(found) and all(one.words in words for one in found)


def missing(plan: Plan, step: Step) -> str:
    """They pressed Continue where something had to be chosen first."""
    if asked("from") != step or request.method != "GET" or step in (Step.SERVICE, Step.REVIEW):
        return ""
    if "month" in request.args or "step" in request.args:
        return ""
    return NOTHING_BOOKED if step == Step.PETS and plan.pets else CHOOSE


def in_the_way(way: Way, plan: Plan, step: Step, at: datetime) -> list[Obstacle]:
    """As much as can be said at this step; the last one judges each visit by itself."""
    if plan.service is None and way.desk:
        return []
    if plan.service is None:
        return of_the_house(plan)
    if step == Step.REVIEW:
        return []
    found = obstacles.obstacles(
        plan.client,
        plan.service,
        location=plan.location,
        pets=plan.pets,
        by_link=True,
        back=here(way, plan),
        house=business(),
        told=plan.demands(),
        at=at,
    )
    return obstacles.for_staff(found) if way.desk else found


def of_the_house(plan: Plan) -> list[Obstacle]:
    """Whatever is chosen."""
    house = obstacles.of_the_house(business(), plan.client, moving=False)
    return [obstacles.with_contact(one, business()) for one in house]


def here(way: Way, plan: Plan, **changes: Any) -> str:
    return f"{way.path}?{plan.chosen.query(**changes)}"


def mendable(way: Way, found: list[Obstacle]) -> list[Obstacle]:
    """Whoever is not signed in, and the desk, mends only what is mended in booking itself."""
    if not way.newcomer and not way.desk:
        return found
    return [one if one.mend.startswith(way.path) else replace(one, mend="") for one in found]


def facts(plan: Plan, step: Step, steps: list[Step]) -> list[Fact]:
    """What stands above the steps after the first."""
    if plan.service is None or step in (Step.SERVICE, Step.REVIEW):
        return []
    told = [
        (Step.SERVICE, "Service", plan.series.name if plan.series else plan.service.name),
        (Step.LOCATION, "Location", plan.location.name if plan.location else ""),
        (Step.PETS, "For", wording.listed([pet.name for pet in plan.pets])),
        (Step.ADD_ONS, "Add-ons", wording.listed([extra.name for extra in plan.add_ons])),
        (Step.PROVIDER, "With", plan.provider.name if plan.provider else ""),
    ]
    before = ORDER[: ORDER.index(step)]
    return [Fact(name, words, of if of in steps else None) for of, name, words in told if of in before and words]


def of_services(way: Way, plan: Plan, at: datetime) -> Names:
    client_id = plan.client.id if plan.client else None
    lost = (request.args.get("service") or request.args.get("series")) and plan.service is None
    words = "That cannot be booked here. Choose from the list, or contact us." if lost else ""
    services = access.every_service() if way.desk else access.bookable_services(client_id, at, business())
    return {"services": services, **({"problem": words} if words else {})}


def of_nothing(way: Way, plan: Plan, at: datetime) -> Names:
    return {}


def of_pets(way: Way, plan: Plan, at: datetime) -> Names:
    """What stands in the way of each pet, chosen or not."""
    every = replace_pets(plan)
    found = mendable(way, in_the_way(way, every, Step.PETS, at))
    of = {pet.id: [one for one in found if one.pet_id == pet.id] for pet in plan.own_pets}
    return {"of_pets": of, "found": [one for one in found if one.pet_id is None]}


def replace_pets(plan: Plan) -> Plan:
    return replace(plan, pets=plan.own_pets)


def of_when(way: Way, plan: Plan, at: datetime) -> Names:
    return book_when.of_when(plan, at)


def of_review(way: Way, plan: Plan, at: datetime) -> Names:
    names = book_review.of_review(plan, back=here(way, plan), can_wait=not way.newcomer and not way.desk, at=at)
    return {**names, "found": mendable(way, names["found"])}


SHOWN: dict[Step, Callable[[Way, Plan, datetime], Names]] = {
    Step.SERVICE: of_services,
    Step.LOCATION: of_nothing,
    Step.PETS: of_pets,
    Step.ADD_ONS: of_nothing,
    Step.PROVIDER: of_nothing,
    Step.WHEN: of_when,
    Step.REVIEW: of_review,
}


def carry_out(way: Way, plan: Plan, *, by: Actor, at: datetime, **more: Any) -> plan_bookings.Outcome | Answer:
    """What was booked, or the last step once more, with what stands in the way and all that was typed."""
    form = BookNow()
    typed: Names = {"typed_notes": form.notes.data, "key": form.key.data, **more}
    if form.another:
        other = plans.plan(
            replace(plan.chosen, **form.another), plan.client, by_staff=way.desk, house=plan.house, at=at
        )
        return show_step(way, other, at, **typed)
    if not form.validate():
        return show_step(way, plan, at, problem=form.notes.errors[0], status=422, **typed)
    notes, key = form.notes.data or "", form.key.data or ""
    plan.overbook, plan.tell = way.desk and form.overbook.data, not (way.desk and form.quiet.data)
    try:
        if way.newcomer:
            arrivals.must_be_few(plan, key)
        return plan_bookings.carry_out(plan, waits=form.waits, notes=notes, key=key, back=here(way, plan), by=by, at=at)
    except Refused as no:
        return show_step(way, plan, at, problem=str(no), status=422, **typed)
