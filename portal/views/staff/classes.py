"""Classes at the desk: who comes to one, and adding, changing and calling off."""

from datetime import date
from functools import partial
from typing import Any

from flask import abort, request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import asked, book
from portal.inputs.amounts import ids
from portal.inputs.classes import CallingOffInput, ClassChangeInput, ClassInput, TimeInput
from portal.models import Location, Provider, Service, ServiceKind, ServiceSession
from portal.rules import rhythms, rolls, session_drafts, sessions
from portal.rules.refused import Refused
from portal.rules.session_drafts import Date, Draft
from portal.rules.session_plans import Plan, plan_of
from portal.rules.sessions import Scope
from portal.views.staff.room import me, room, the
from portal.wording import counted

seen = partial(the, locked=False)  # the rules lock what they change, in an order of their own
SHOWN = 12
BLANK = {"repeats": "once", "every": "1", "ends": "never", "count": "8", "minutes": "60", "capacity": "8"}


@room.get("/classes/<int:session_id>")
def show_class(session_id: int) -> Answer:
    at = now()
    session = rolls.class_of(session_id) or abort(404)
    return show("staff/class", session=session, roll=rolls.roll(session_id, at=at), at=at)


@room.get("/classes/new")
def write_class() -> Answer:
    wanted = {name: asked(name) for name in ("day", "location_id", "service_id", "starts_at") if asked(name)}
    return written(class_form(wanted))


@room.post("/classes")
def add_class() -> Answer:
    form, at = class_form(), now()
    if not form.validate():
        return written(form, status=422)
    draft = drawn(form)
    found = session_drafts.dates(draft, at=at)
    if status := to_look_at(found):
        return written(form, found, status)
    first = session_drafts.make(draft, left_out=left_out(found), by=me().actor, at=at)
    said = counted(len(found) - len(left_out(found)), "class is", "classes are") + " added."
    return go(url_for(".show_class", session_id=first.id) if first else url_for(".today"), said=said)


@room.get("/classes/<int:session_id>/change")
def edit_class(session_id: int) -> Answer:
    session = the(ServiceSession, session_id)
    plan = plan_of(session)
    words = plan._asdict() | {"minutes": str(plan.minutes), "capacity": str(plan.capacity)}
    words |= {"location_id": str(plan.location.id), "provider_ids": [str(one.id) for one in plan.providers]}
    return changing(session, change_form(data=words))


@room.post("/classes/<int:session_id>/change")
def change_class(session_id: int) -> Answer:
    session, form, at = seen(ServiceSession, session_id), change_form(), now()
    if not form.validate():
        return changing(session, form, status=422)
    plan, scope = planned(form), Scope(form.scope.data)
    found = clashing(session_drafts.dates_after(session, scope, plan, at=at))
    if found and "keep" not in request.form.getlist("do"):
        return changing(session, form, found, 422)
    choices = {"tell": not form.quiet.data, "overbook": form.overbook.data}
    try:
        done = sessions.change(session, scope, plan, by=me().actor, at=at, **choices)
    except Refused as no:
        return refused(session_id, form, no)
    return go(url_for(".show_class", session_id=session_id), said=told(done, "changed", form.quiet.data))


@room.get("/classes/<int:session_id>/calling-off")
def ask_to_call_off(session_id: int) -> Answer:
    return calling_off(the(ServiceSession, session_id), CallingOffInput())


@room.post("/classes/<int:session_id>/calling-off")
def call_off_class(session_id: int) -> Answer:
    session, form = seen(ServiceSession, session_id), CallingOffInput()
    if not form.validate():
        return calling_off(session, form, 422)
    reason, tell = form.reason.data or "", not form.quiet.data
    done = sessions.call_off(session, form.scope.data, reason, tell=tell, by=me().actor, at=now())
    return go(url_for(".show_class", session_id=session_id), said=told(done, "called off", form.quiet.data))


def told(done: sessions.Done, what: str, quiet: bool) -> str:
    said = counted(done.sessions, f"date is {what}.", f"dates are {what}.") if done.sessions else "Nothing was changed."
    if done.bookings and not quiet:
        said += f" {counted(done.bookings, 'booking')}: the clients are told."
    return said


def clashing(found: list[Date]) -> list[Date]:
    return [one for one in found if one.against]


def to_look_at(found: list[Date]) -> int:
    """The status with which the dates are shown before any is made; 0 where they are made as they are."""
    pressed = request.form.get("do")
    if pressed == "preview":
        return 200
    return 422 if clashing(found) and pressed not in ("keep", "leave_out") else 0


def left_out(found: list[Date]) -> list[date]:
    return [one.day for one in clashing(found)] if request.form.get("do") == "leave_out" else []


def class_form(words: dict[str, Any] | None = None) -> ClassInput:
    offered = rolls.offered(ServiceKind.GROUP)
    data = {**BLANK, **(words or {})}
    chosen = [service for service in offered.services if str(service[0]) == data.get("service_id")]
    for _, _, minutes in chosen or offered.services[:1]:
        data["minutes"] = str(minutes)
    return ClassInput(**offered._asdict(), data=days_read(data))


def days_read(data: dict[str, Any]) -> dict[str, Any]:
    """What stands in an address may be nonsense."""
    return {**data, "day": book.day_of(data.get("day", "")), "starts_at": book.wall_of(data.get("starts_at", ""))}


def change_form(**more: Any) -> ClassChangeInput:
    offered = rolls.offered(ServiceKind.GROUP)
    return ClassChangeInput(locations=offered.locations, providers=offered.providers, **more)


def drawn(form: ClassInput, *, series: bool = False) -> Draft:
    service, location = seen(Service, int(form.service_id.data)), seen(Location, int(form.location_id.data))
    rule = rhythms.by_choice(first_day=form.facts["day"], **form.pattern)
    return Draft(service, location, providers=given_by(form), rule=rule, series=series, **form.facts)


def given_by(form: TimeInput) -> tuple[Provider, ...]:
    return tuple(seen(Provider, id) for id in sorted(ids(form.provider_ids)))


def planned(form: TimeInput) -> Plan:
    location = seen(Location, int(form.location_id.data))
    numbers = int(form.minutes.data or 0), int(form.capacity.data or 0)
    return Plan(*form.when, *numbers, location, given_by(form))


def written(form: ClassInput, found: list[Date] | None = None, status: int = 200) -> Answer:
    names = {"noun": "Class", "path": "/desk/classes", "back": "/desk/calendar", **dated(form, found)}
    return show("staff/class_new", "staff/class_form", status, **names)


def dated(form: ClassInput, found: list[Date] | None) -> dict[str, Any]:
    return {"form": form, "dates": found, "shown": SHOWN, "clashes": clashing(found or [])}


def changing(
    session: ServiceSession, form: ClassChangeInput, clashes: list[Date] | None = None, status: int = 200, no: str = ""
) -> Answer:
    names = {"form": form, "clashes": clashes, "shown": SHOWN, "no": no}
    return show("staff/class_edit", "staff/class_change", status, session=rolls.class_of(session.id), **names)


def refused(session_id: int, form: ClassChangeInput, no: Refused) -> Answer:
    few = isinstance(no, sessions.TooFew)
    if not few:
        raise no
    form.capacity.errors = [str(no)]
    return changing(seen(ServiceSession, session_id), form, status=422, no=str(no))


def calling_off(session: ServiceSession, form: CallingOffInput, status: int = 200) -> Answer:
    roll = rolls.roll(session.id, at=now())
    names = {"form": form, "session": rolls.class_of(session.id), "roll": roll}
    return show("staff/class_calling_off", "staff/class_off", status, **names)
