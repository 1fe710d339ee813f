"""Series at the desk: dates that are booked as one."""

from typing import Any

from flask import request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.amounts import written_money
from portal.inputs.classes import DateInput, SeriesInput, SeriesTextInput
from portal.models import Location, Series, Service, ServiceKind
from portal.rules import rolls, series, session_drafts
from portal.rules.session_drafts import Date, Draft
from portal.views.staff.class_returns import not_put_in
from portal.views.staff.classes import BLANK, SHOWN, clashing, dated, drawn, given_by, left_out, seen, to_look_at
from portal.views.staff.room import me, room, the

OF_SERIES = {**BLANK, "repeats": "weekly", "ends": "count", "count": "6"}


@room.get("/series")
def list_series() -> Answer:
    return show("staff/series", rows=series.every(now()))


@room.get("/series/new")
def write_series() -> Answer:
    return written(series_form(data=OF_SERIES))


@room.post("/series")
def add_series() -> Answer:
    form, at = series_form(), now()
    if not form.validate():
        return written(form, status=422)
    draft = drawn(form, series=True)
    found = session_drafts.dates(draft, at=at)
    if status := to_look_at(found):
        return written(form, found, status)
    row = series.add(draft, form.texts, left_out=left_out(found), by=me().actor, at=at)
    return go(url_for(".show_series", series_id=row.id), said=f"{row.name} is added.")


@room.get("/series/<int:series_id>")
def show_series(series_id: int) -> Answer:
    row = the(Series, series_id)
    return show("staff/series_one", series=row, dates=rolls.of_series(series_id), at=now())


@room.get("/series/<int:series_id>/change")
def edit_series(series_id: int) -> Answer:
    row, currency = the(Series, series_id), business().currency
    price = "" if row.price is None else written_money(row.price, currency)
    words = {"name": row.name, "description": row.description, "price": price}
    return changing(row, SeriesTextInput(currency=currency, data=words))


@room.post("/series/<int:series_id>/change")
def change_series(series_id: int) -> Answer:
    row, form = the(Series, series_id), SeriesTextInput(currency=business().currency)
    if not form.validate():
        return changing(row, form, 422)
    series.change(row, **form.texts)
    return go(url_for(".show_series", series_id=series_id), said="Saved.")


@room.post("/series/<int:series_id>/retirement")
def retire_series(series_id: int) -> Answer:
    row = the(Series, series_id)
    series.retire(row, at=now())
    return go(url_for(".show_series", series_id=series_id), said=f"{row.name} is closed for new clients.")


@room.post("/series/<int:series_id>/return")
def bring_back_series(series_id: int) -> Answer:
    row = the(Series, series_id)
    series.bring_back(row)
    return go(url_for(".show_series", series_id=series_id), said=f"{row.name} is open again.")


@room.get("/series/<int:series_id>/dates/new")
def write_date(series_id: int) -> Answer:
    row = the(Series, series_id)
    words: dict[str, Any] = {
        "location_id": str(row.location_id),
        "minutes": str(seen(Service, row.service_id).minutes),
        "capacity": "8",
    }
    if known := rolls.of_series(series_id):
        words |= {"capacity": str(known[-1].capacity), "starts_at": known[-1].clock}
    return adding(row, date_form(data=words))


@room.post("/series/<int:series_id>/dates")
def add_date(series_id: int) -> Answer:
    row, form, at = seen(Series, series_id), date_form(), now()
    if not form.validate():
        return adding(row, form, status=422)
    numbers = int(form.minutes.data or 0), int(form.capacity.data or 0)
    place = seen(Location, int(form.location_id.data))
    draft = Draft(seen(Service, row.service_id), place, *form.when, *numbers, given_by(form), series=True)
    found = clashing(session_drafts.dates(draft, at=at))
    if found and request.form.get("do") != "keep":
        return adding(row, form, found, 422)
    session = series.add_date(row, draft, tell=not form.quiet.data, by=me().actor, at=at)
    left_out = not_put_in(session) if session else ""
    return go(url_for(".show_series", series_id=series_id), said=f"The date is added.{left_out}")


def series_form(**more: Any) -> SeriesInput:
    return SeriesInput(**rolls.offered(ServiceKind.SERIES)._asdict(), currency=business().currency, **more)


def date_form(**more: Any) -> DateInput:
    offered = rolls.offered(ServiceKind.SERIES)
    return DateInput(locations=offered.locations, providers=offered.providers, **more)


def written(form: SeriesInput, found: list[Date] | None = None, status: int = 200) -> Answer:
    names = {"noun": "Series", "path": "/desk/series", "back": "/desk/series", **dated(form, found)}
    return show("staff/series_new", "staff/class_form", status, **names)


def changing(row: Series, form: SeriesTextInput, status: int = 200) -> Answer:
    return show("staff/series_edit", "staff/series_change", status, series=row, form=form)


def adding(row: Series, form: DateInput, clashes: list[Date] | None = None, status: int = 200) -> Answer:
    names = {"series": row, "form": form, "clashes": clashes, "shown": SHOWN}
    return show("staff/series_date", "staff/series_date_form", status, **names)
