"""Customers: the lists, finding somebody as one types, adding somebody."""

from typing import Any

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.identity import business
from portal.inputs import asked, number
from portal.inputs.customers import CustomerInput
from portal.models import Client
from portal.rules import clients, customers, tags
from portal.views.staff.room import me, room

SHELVES = {"active": customers.ACTIVE, "inactive": customers.INACTIVE, "prospects": customers.PROSPECT}


@room.get("/customers")
def list_customers() -> Answer:
    tab = asked("tab") if asked("tab") in SHELVES else "active"
    text = asked("q")
    every = tags.named()
    tag = next((row for row in every if row.id == number("tag")), None)
    found = customers.find(text, shelf=SHELVES[tab], tag=tag.id if tag else None, after=number("after"))
    names = {"tab": tab, "text": text, "tags": every, "tag": tag, "found": found}
    return show("staff/customers", "staff/customer_rows", 200, at=now(), **names)


def looked_up() -> dict[str, Any]:
    """The first who are found by what is typed, for a page that asks whom it is about."""
    words = asked("q")
    return {"words": words, "found": customers.find(words, most=12).rows if words else []}


@room.get("/customers/new")
def write_customer() -> Answer:
    return written(CustomerInput(country=business().country))


@room.post("/customers")
def add_customer() -> Answer:
    form = CustomerInput(country=business().country)
    if not form.validate():
        return written(form, 422)
    try:
        client = clients.add(email=form.email.data, prospect=form.prospect.data, **form.facts, by=me().actor, at=now())
    except clients.KnownAlready:
        return known_already(form)
    return after_saving(form, client.id, f"{client.name} is added.")


def known_already(form: CustomerInput, client: Client | None = None) -> Answer:
    other = clients.with_email(form.email.data or "")
    form.email.errors = ["This e-mail has a profile already."]
    return written(form, 422, client=client, other=other)


def after_saving(form: CustomerInput, client_id: int, said: str) -> Answer:
    """On to the profile, or at once to the next newcomer."""
    if form.another.data:
        return go(url_for(".write_customer"), said=said)
    return go(url_for(".show_customer", client_id=client_id), said=said)


def written(
    form: CustomerInput,
    status: int = 200,
    client: Client | None = None,
    other: Client | None = None,
) -> Answer:
    page = "staff/customer_edit" if client else "staff/customer_new"
    return show(page, "staff/customer_form", status, form=form, client=client, other=other)
