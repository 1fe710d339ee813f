"""Providers, in the settings: what they give, when they work where, and when they are away."""

from datetime import datetime
from typing import Any

from flask import url_for

from portal import wording
from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.away import TimeOffInput
from portal.inputs.offers import ProviderInput
from portal.inputs.weeks import WeekInput
from portal.models import Location, Provider, TimeOff
from portal.rules import locations, providers, retiring, services, time_off, weeks
from portal.rules.refused import Misfit
from portal.views.staff.room import me, room, the


@room.get("/settings/providers")
def list_providers() -> Answer:
    return show("staff/settings/providers", providers=providers.every())


@room.get("/settings/providers/new")
def write_provider() -> Answer:
    return written(provider_form())


@room.post("/settings/providers")
def add_provider() -> Answer:
    form = provider_form()
    if not form.validate():
        return written(form, status=422)
    try:
        provider = providers.add(form.name.data or "", member_id=form.member, service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no)
    return go(url_for(".edit_provider", provider_id=provider.id), said=f"{provider.name} is added.")


@room.get("/settings/providers/<int:provider_id>")
def edit_provider(provider_id: int) -> Answer:
    provider = the(Provider, provider_id)
    ticked = [str(id) for id in providers.services_of(provider)]
    words = {"name": provider.name, "member_id": str(provider.member_id or ""), "services": ticked}
    return written(provider_form(data=words), provider)


@room.post("/settings/providers/<int:provider_id>")
def change_provider(provider_id: int) -> Answer:
    provider, form = the(Provider, provider_id), provider_form()
    if not form.validate():
        return written(form, provider, 422)
    name, member = form.name.data or "", form.member
    try:
        providers.change(provider, name, member_id=member, service_ids=form.service_ids)
    except Misfit as no:
        return misfit(form, no, the(Provider, provider_id))
    return go(url_for(".edit_provider", provider_id=provider.id), said="Saved.")


@room.post("/settings/providers/<int:provider_id>/retirement")
def retire_provider(provider_id: int) -> Answer:
    provider = the(Provider, provider_id)
    retiring.retire(provider, at=now())
    return go(url_for(".list_providers"), said=f"{provider.name} is retired; what was booked stays.")


@room.post("/settings/providers/<int:provider_id>/return")
def bring_back_provider(provider_id: int) -> Answer:
    provider = the(Provider, provider_id)
    retiring.bring_back(provider)
    return go(url_for(".edit_provider", provider_id=provider.id), said=f"{provider.name} can be booked again.")


def provider_form(**more: Any) -> ProviderInput:
    return ProviderInput(offered=services.named(), members=providers.members(), **more)


def misfit(form: ProviderInput, no: Misfit, provider: Provider | None = None) -> Answer:
    form[no.field].errors = [str(no)]
    return written(form, provider, 422)


def written(form: ProviderInput, provider: Provider | None = None, status: int = 200) -> Answer:
    names: dict[str, Any] = {"form": form, "provider": provider}
    if provider:
        hours = weeks.working(provider.id)
        names["places"] = [(place, weeks.in_words(hours.get(place.id, []))) for place in locations.in_use()]
        names["away"] = time_off.ahead(provider, business().time_zone, now())
    return show("staff/settings/provider", "staff/provider_form", status, **names)


@room.get("/settings/providers/<int:provider_id>/hours/<int:location_id>")
def edit_working_hours(provider_id: int, location_id: int) -> Answer:
    provider, location = the(Provider, provider_id), the(Location, location_id)
    return hours_shown(WeekInput(weeks.working(provider.id).get(location.id, [])), provider, location)


@room.post("/settings/providers/<int:provider_id>/hours/<int:location_id>")
def change_working_hours(provider_id: int, location_id: int) -> Answer:
    # First the location, as a booking takes them.
    location, provider, form = the(Location, location_id), the(Provider, provider_id), WeekInput()
    if not form.validate():
        return hours_shown(form, provider, location, 422)
    weeks.work_at(provider, location, form.windows, at=now())
    return go(url_for(".edit_provider", provider_id=provider.id), said="Saved.")


def hours_shown(form: WeekInput, provider: Provider, location: Location, status: int = 200) -> Answer:
    address = url_for(".change_working_hours", provider_id=provider.id, location_id=location.id)
    back = url_for(".edit_provider", provider_id=provider.id)
    names = {"form": form, "address": address, "back": back, "provider": provider, "location": location}
    return show("staff/settings/working_hours", "staff/week_form", status, **names)


@room.get("/settings/providers/<int:provider_id>/time-off")
def write_time_off(provider_id: int) -> Answer:
    return asked_off(time_off_form(now()), the(Provider, provider_id))


@room.post("/settings/providers/<int:provider_id>/time-off")
def add_time_off(provider_id: int) -> Answer:
    provider, at, zone = the(Provider, provider_id), now(), business().time_zone
    form = time_off_form(at)
    if not form.validate():
        return asked_off(form, provider, 422)
    days, (since, until) = (form.first, form.last), form.times
    more: dict[str, Any] = {"since": since, "until": until, "reason": form.reason.data or "", "zone": zone}
    try:
        time_off.add(provider, *days, **more, by=me().actor, at=at)
    except Misfit as no:
        form[no.field].errors = [str(no)]
        return asked_off(form, the(Provider, provider_id), 422)
    return go(url_for(".edit_provider", provider_id=provider.id), said=f"{provider.name} is away then.")


@room.post("/settings/time-off/<int:time_off_id>/removal")
def remove_time_off(time_off_id: int) -> Answer:
    away = the(TimeOff, time_off_id)
    time_off.remove(away, at=now())
    return go(url_for(".edit_provider", provider_id=away.provider_id), said="The time off is removed.")


def time_off_form(at: datetime) -> TimeOffInput:
    return TimeOffInput(today=wording.today_in(business().time_zone, at))


def asked_off(form: TimeOffInput, provider: Provider, status: int = 200) -> Answer:
    return show("staff/settings/time_off", "staff/time_off_form", status, form=form, provider=provider)
