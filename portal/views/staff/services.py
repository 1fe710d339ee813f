"""Services, in the settings: what can be booked, by whom, where and when."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.positions import upwards
from portal.inputs.services import filled_in, service_form
from portal.links import public
from portal.models import Service, ServiceKind
from portal.rules import cancel_rules, retiring, service_ties, services
from portal.rules.refused import Misfit
from portal.views.staff.room import room, the

BLANK = {
    "kind": "individual",
    "minutes": "60",
    "buffer_before": "0",
    "buffer_after": "0",
    "every_minutes": "30",
    "least_nights": "1",
    "access": "public",
    "waitlist_open": True,
    "notice": "0",
    "notice_unit": "hours",
    "ahead": "180",
    "ahead_unit": "days",
    "vaccine_check": "none",
}


@room.get("/settings/services")
def list_services() -> Answer:
    return show("staff/settings/services", "staff/service_rows", services=services.every())


@room.get("/settings/services/new")
def write_service() -> Answer:
    offered = service_ties.offered()
    everywhere = [str(id) for id, _ in offered["locations"]]
    return written(service_form(offered)(currency=business().currency, data={**BLANK, "locations": everywhere}))


@room.post("/settings/services")
def add_service() -> Answer:
    form = service_form(service_ties.offered())(currency=business().currency)
    if not form.validate():
        return written(form, status=422)
    try:
        service = services.add(ServiceKind(form.kind.data), form.facts, **tied(form), at=now())
    except Misfit as no:
        return misfit(form, no)
    return go(url_for(".edit_service", service_id=service.id), said=f"{service.name} is added.")


@room.get("/settings/services/<int:service_id>")
def edit_service(service_id: int) -> Answer:
    service, currency = the(Service, service_id), business().currency
    words = filled_in(service, *service_ties.chosen(service), currency)
    return written(form_of(service, data=words), service)


@room.post("/settings/services/<int:service_id>")
def change_service(service_id: int) -> Answer:
    service_ties.hold(service_id)
    service = the(Service, service_id)
    form = form_of(service)
    if not form.validate():
        return written(form, service, 422)
    try:
        services.change(service, ServiceKind(form.kind.data), form.facts, **tied(form), at=now())
    except Misfit as no:
        return misfit(form, no, the(Service, service_id))
    return go(url_for(".edit_service", service_id=service.id), said="Saved.")


@room.post("/settings/services/<int:service_id>/place")
def move_service(service_id: int) -> Answer:
    service, up = the(Service, service_id), upwards()
    services.move(service, up=up)
    then, rows = url_for(".list_services"), services.every()
    return done("staff/service_rows", then=then, said="Moved.", services=rows, moved=service.id, up=up)


@room.post("/settings/services/<int:service_id>/retirement")
def retire_service(service_id: int) -> Answer:
    service = the(Service, service_id)
    retiring.retire(service, at=now())
    return go(url_for(".list_services"), said=f"{service.name} is retired; what was booked stays.")


@room.post("/settings/services/<int:service_id>/return")
def bring_back_service(service_id: int) -> Answer:
    service = the(Service, service_id)
    retiring.bring_back(service)
    return go(url_for(".edit_service", service_id=service.id), said=f"{service.name} can be booked again.")


def form_of(service: Service, **more: Any) -> Any:
    kept = service.kind.value if services.has_dates(service) else ""
    return service_form(service_ties.offered())(currency=business().currency, kept_kind=kept, **more)


def tied(form: Any) -> dict[str, Any]:
    return {"ticked": form.ticked, "places": form.places}


def misfit(form: Any, no: Misfit, service: Service | None = None) -> Answer:
    form[no.field].errors = [str(no)]
    return written(form, service, 422)


def written(form: Any, service: Service | None = None, status: int = 200) -> Answer:
    names: dict[str, Any] = {"form": form, "service": service}
    if service:
        names |= {"address": public(f"/book-online?service={service.id}"), "gaps": services.one(service.id).gaps}
        names |= {"rules": cancel_rules.both(service)}
        names |= {"ahead": services.booked_words(services.booked_ahead(service, now()))}
    return show("staff/settings/service", "staff/service_form", status, **names)
