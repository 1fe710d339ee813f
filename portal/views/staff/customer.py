"""A customer's profile: what is known, what is booked, what happened, and what staff do with it."""

from datetime import datetime
from typing import Any

from flask import abort, request, url_for

from portal.answers import Answer, done, go, show
from portal.db import now
from portal.identity import business
from portal.inputs.cursors import after
from portal.inputs.customers import Choices, CustomerInput
from portal.models import Client
from portal.rules import accounts, clients, dossiers, particulars, records
from portal.views.files import picture
from portal.views.pets import as_of
from portal.views.staff.customers import after_saving, known_already, written
from portal.views.staff.room import me, room, the
from portal.views.staff.tagging import just_off


@room.get("/customers/<int:client_id>")
def show_customer(client_id: int) -> Answer:
    at = now()
    rows = dossiers.bookings_page(client_id, past=False, at=at, after=after())
    return opened(client_id, "staff/customer", "staff/customer_bookings", at, stretch=rows)


@room.get("/customers/<int:client_id>/bookings/past")
def list_customer_past(client_id: int) -> Answer:
    at = now()
    rows = dossiers.bookings_page(client_id, past=True, at=at, after=after())
    return opened(client_id, "staff/customer_past", "staff/customer_bookings", at, stretch=rows)


@room.get("/customers/<int:client_id>/messages")
def list_customer_messages(client_id: int) -> Answer:
    rows = dossiers.messages_page(client_id, after=after())
    return opened(client_id, "staff/customer_messages", "staff/customer_threads", now(), stretch=rows)


@room.get("/customers/<int:client_id>/history")
def list_customer_history(client_id: int) -> Answer:
    rows = dossiers.history_page(client_id, after=after())
    return opened(client_id, "staff/customer_history", "staff/customer_changes", now(), stretch=rows)


def opened(client_id: int, page: str, part: str, at: datetime, **names: Any) -> Answer:
    """A tab of a profile, under its head and beside its contact details and pets."""
    dossier = dossiers.dossier(client_id, **as_of(at), at=at) or abort(404)
    names |= {"particulars": particulars.of_client(client_id), "off": just_off(Client, client_id)}
    return show(page, part, at=at, dossier=dossier, client=dossier.client, **names)


@room.get("/customers/<int:client_id>/photo")
def show_customer_photo(client_id: int) -> Answer:
    return picture(the(Client, client_id).photo_id, small=request.args.get("size") != "l")


@room.get("/customers/<int:client_id>/profile")
def edit_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    return written(profile_form(client, obj=client), client=client)


@room.post("/customers/<int:client_id>/profile")
def change_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    form = profile_form(client)
    if not form.validate():
        return written(form, 422, client=client)
    try:
        records.change(client, form.facts, email=form.email.data or "", by=me().actor, at=now())
    except clients.KnownAlready:
        return known_already(form, the(Client, client_id))
    return after_saving(form, client.id, "Saved.")


def profile_form(client: Client, **more: Any) -> CustomerInput:
    return CustomerInput(country=business().country, kept_email=client.email, kept_phone=client.phone, **more)


@room.post("/customers/<int:client_id>/choices")
def choose_for_customer(client_id: int) -> Answer:
    client, form = the(Client, client_id), Choices()
    records.choose(client, form.data, by=me().actor, at=now())
    return saved(client, "Saved.")


@room.post("/customers/<int:client_id>/subscription/removal")
def unsubscribe_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    records.unsubscribe(client, by=me().actor, at=now())
    return saved(client, f"{client.first_name} gets no more offers.")


@room.post("/customers/<int:client_id>/invitation")
def invite_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    accounts.invite(client, by=me().actor, at=now())
    return saved(client, f"The link is on its way to {client.email}.")


def saved(client: Client, said: str) -> Answer:
    then = url_for(".show_customer", client_id=client.id)
    return done("staff/customer_contact", then=then, said=said, toast=True, client=client)


@room.post("/customers/<int:client_id>/welcome")
def make_client(client_id: int) -> Answer:
    client = the(Client, client_id)
    clients.welcome(client, by=me().actor, at=now())
    return go(url_for(".show_customer", client_id=client.id), said=f"{client.name} is a client now.")


@room.get("/customers/<int:client_id>/deactivation")
def ask_to_deactivate(client_id: int) -> Answer:
    return show("staff/customer_deactivation", "staff/customer_deactivate", client=the(Client, client_id))


@room.post("/customers/<int:client_id>/deactivation")
def deactivate_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    records.deactivate(client, by=me().actor, at=now())
    return go(url_for(".show_customer", client_id=client.id), said=f"{client.name} is deactivated.")


@room.post("/customers/<int:client_id>/reactivation")
def reactivate_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    records.reactivate(client, by=me().actor, at=now())
    return go(url_for(".show_customer", client_id=client.id), said=f"{client.name} is active again.")


@room.get("/customers/<int:client_id>/removal")
def ask_to_delete_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    records.must_be_removable(client)
    return show("staff/customer_removal", client=client, held=records.held(client.id))


@room.post("/customers/<int:client_id>/removal")
def delete_customer(client_id: int) -> Answer:
    client = the(Client, client_id)
    records.remove(client, at=now())
    return go(url_for(".list_customers"), said=f"{client.name} is deleted.")
