"""Asking for services in one's own words."""

from flask import abort

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.service_requests import AskForService
from portal.models import ServiceRequest
from portal.rules import access, locations, service_requests
from portal.views.client.room import me, mine, myself, room


def must_be_open() -> None:
    if not business().requests_open:
        abort(404)


def blank() -> AskForService:
    return AskForService(
        services=[(service.id, service.name) for service in access.bookable_services(me().id, now())],
        locations=[(place.id, place.name) for place in locations.in_use()],
        pets=[(pet.id, pet.name) for pet in myself().pets],
    )


@room.get("/requests")
def list_service_requests() -> Answer:
    at = now()
    return show("client/service_requests", at=at, rows=service_requests.of_client(me().id, at=at))


@room.get("/requests/new")
def write_service_request() -> Answer:
    must_be_open()
    return show("client/service_request_new", form=blank())


@room.post("/requests")
def ask_for_service() -> Answer:
    must_be_open()
    form = blank()
    if not form.validate():
        return show("client/service_request_new", "client/service_request_form", 422, form=form)
    service_requests.ask_by_id(myself(), **form.told, by=me().actor, at=now())
    return go("/requests", said="We have your request, and write to you as soon as it is scheduled.")


@room.post("/requests/<int:service_request_id>/withdrawal")
def withdraw_service_request(service_request_id: int) -> Answer:
    service_requests.withdraw(mine(ServiceRequest, service_request_id), by=me().actor, at=now())
    return go("/requests", said="Your request is withdrawn.")
