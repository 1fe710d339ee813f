"""Login as Client: a reason, a ticket, and over to the client's side."""

from portal.answers import Answer, show
from portal.db import now
from portal.inputs.customers import Look
from portal.models import Client, Member
from portal.rules import sign_ins, viewing
from portal.views.doors import origin, refused, typed
from portal.views.staff.room import me, room, the


@room.get("/customers/<int:client_id>/viewing")
def ask_to_view(client_id: int) -> Answer:
    client = the(Client, client_id)
    viewing.must_be_open(client)
    return asked_why(Look(), client)


@room.post("/customers/<int:client_id>/viewing")
def view_as_client(client_id: int) -> Answer:
    client, form, at = the(Client, client_id), Look(), now()
    if not form.validate():
        return asked_why(form, client, status=422)
    here = me().sign_in_id
    try:
        viewing.prove(the(Member, me().id), sign_ins.one(here), typed(form.password), origin=origin(), at=at)
    except viewing.NotProven as no:
        return refused(lambda **names: asked_why(client=client, **names), form, no, "password")
    ticket = viewing.hand_over(client, form.reason.data or "", sign_in_id=here, at=at)
    return show("staff/customer_handoff", "staff/customer_go_over", client=client, ticket=ticket)


def asked_why(form: Look, client: Client, no: object = "", status: int = 200) -> Answer:
    recent = viewing.is_recent(sign_ins.one(me().sign_in_id), at=now())
    names = {"form": form, "client": client, "recent": recent, "no": no}
    return show("staff/customer_viewing", "staff/customer_view", status, **names)
