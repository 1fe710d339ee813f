"""The door to the client's room, and the only way in here to a row."""

from functools import cache
from typing import Any, TypeVar, cast

from flask import Blueprint, abort, g, request, url_for
from flask_login import current_user
from sqlalchemy import Integer, Select, bindparam, select
from sqlalchemy.orm import joinedload

from portal.answers import Answer, asked_page, show, to_door, wants_part
from portal.db import db, hold, may_write
from portal.identity import ClientHere, here
from portal.models import Client, OfClient
from portal.rules import locations
from portal.rules.viewing import NotWhileViewing

M = TypeVar("M", bound=OfClient)
ID = bindparam("id", type_=Integer)
MYSELF = select(Client).where(Client.id == ID)
WITH_PETS = MYSELF.options(joinedload(Client.pets))
room = Blueprint("client", __name__)
KEYS = "Only the client sets or changes their password. From the front desk you can send them the link."
ADDRESS = "An e-mail or phone is changed at the front desk, where it stands on the customer’s profile."
FEED = "The private address of their calendar is the client’s alone. They find it in their profile."
MESSAGE = "You would write in the client’s name. Write to them from the front desk."


@room.before_request
def only_clients() -> Answer | None:
    """A part is never swapped for a sign-in page: htmx is told to take the person there, and back afterwards."""
    if here():
        must_be_theirs_to_do()
        return None
    if request.endpoint == "client.list_bookings" and not wants_part():
        return show("public/front", places=locations.in_use())
    return to_door(url_for("public.sign_in", next=asked_page("/")))


# What only the client may do: staff who look on from the desk are told so.
NOT_WHILE_VIEWING = {
    "client.change_password": KEYS,
    "client.mail_password_link": KEYS,
    "client.mail_email_letter": ADDRESS,
    "client.forget_email_change": ADDRESS,
    "client.end_sign_in": "Where they are signed in is for the client to end.",
    "client.end_other_sign_ins": "Where they are signed in is for the client to end.",
    "client.show_feed": FEED,
    "client.make_feed": FEED,
    "client.revoke_feed": FEED,
    "client.start_thread": MESSAGE,
    "client.reply": MESSAGE,
}


def must_be_theirs_to_do() -> None:
    words = NOT_WHILE_VIEWING.get(request.endpoint or "")
    if words and me().viewer:
        raise NotWhileViewing(words)


def me() -> ClientHere:
    return cast(ClientHere, current_user)


def look_again() -> None:
    """What the frame says about the client has just changed: it is read anew before it is shown."""
    g.pop("_login_user", None)


def myself(*, with_pets: bool = False) -> Client:
    """The signed-in client's row, for the verbs that change it."""
    return db.session.scalars(WITH_PETS if with_pets else MYSELF, {"id": me().id}).unique().one()


def mine(model: type[M], id: int, *where: Any, locked: bool = True) -> M:
    """The signed-in client's own row; to anyone else it does not exist. In a change it is locked, unless the verb has
    other rows to lock before it."""
    for_change = locked and may_write.get()
    statement = own(cast(Any, model), for_change)
    row: M | None = db.session.scalar(statement.where(*where) if where else statement, {"id": id, "client_id": me().id})
    if row and for_change:
        hold(row)
    return row or abort(404)


@cache
def own(model: Any, locked: bool) -> Select[Any]:
    statement = select(model).where(model.id == ID, model.client_id == bindparam("client_id", type_=Integer))
    return statement.with_for_update().execution_options(populate_existing=True) if locked else statement
