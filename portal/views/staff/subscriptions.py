"""The memberships of a customer: those they held and hold, giving one, ending one."""

from flask import url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.offers import SubscriptionInput
from portal.models import Client, Membership, Subscription
from portal.rules import memberships, subscriptions
from portal.rules.refused import Misfit
from portal.views.pets import as_of
from portal.views.staff.customer import opened
from portal.views.staff.room import me, room, the


@room.get("/customers/<int:client_id>/memberships")
def list_subscriptions(client_id: int) -> Answer:
    at = now()
    held = subscriptions.of_client(client_id, as_of(at)["today"])
    return opened(client_id, "staff/customer_memberships", "staff/subscription_rows", at, held=held)


@room.get("/customers/<int:client_id>/memberships/new")
def write_subscription(client_id: int) -> Answer:
    client = the(Client, client_id)
    return written(SubscriptionInput(offered=memberships.named(), data={"first_day": as_of(now())["today"]}), client)


@room.post("/customers/<int:client_id>/memberships")
def add_subscription(client_id: int) -> Answer:
    client, form = the(Client, client_id), SubscriptionInput(offered=memberships.named())
    if not form.validate():
        return written(form, client, 422)
    membership = the(Membership, form.membership)
    try:
        subscriptions.give(client, membership, **form.days, by=me().actor, at=now())
    except Misfit as no:
        form[no.field].errors = [str(no)]
        return written(form, the(Client, client_id), 422)
    return go(url_for(".list_subscriptions", client_id=client_id), said=f"{membership.name} is added.")


@room.post("/customers/<int:client_id>/memberships/<int:subscription_id>/end")
def end_subscription(client_id: int, subscription_id: int) -> Answer:
    subscription = the(Subscription, subscription_id, Subscription.client_id == client_id)
    name = subscription.membership.name
    subscriptions.end(subscription, by=me().actor, at=now())
    return go(url_for(".list_subscriptions", client_id=client_id), said=f"{name} is ended.")


def written(form: SubscriptionInput, client: Client, status: int = 200) -> Answer:
    return show("staff/subscription_new", "staff/subscription_form", status, form=form, client=client)
