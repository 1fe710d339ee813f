"""You as a client: everybody who may look into portals has one of their own to try."""

from typing import Any

from flask import url_for

from portal.answers import Answer, show
from portal.db import now
from portal.models import Member
from portal.rules import demo_clients, viewing
from portal.views.staff.room import me, room, the


@room.get("/settings/client")
def show_own_client() -> Answer:
    return show("staff/settings/own_client", client=demo_clients.of_member(me().id))


@room.post("/settings/client")
def try_portal() -> Answer:
    at = now()
    client = demo_clients.ready(the(Member, me().id), at=at)
    ticket = viewing.hand_over(client, "Trying the portal", sign_in_id=me().sign_in_id, at=at)
    names: dict[str, Any] = {"client": client, "ticket": ticket, "back": url_for(".show_own_client")}
    return show("staff/settings/own_client_open", "staff/customer_go_over", **names)
