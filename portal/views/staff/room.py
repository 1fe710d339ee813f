"""The door to the front desk."""

from typing import Any, TypeVar, cast

from flask import Blueprint, abort, g, request, url_for
from sqlalchemy import select

from portal.answers import Answer, asked_page, to_door
from portal.db import SAFE, db, hold, may_write, now
from portal.identity import MemberHere, here
from portal.inputs import settings_words
from portal.models import Keyed
from portal.rules import settings_history
from portal.views.staff.roles import may

M = TypeVar("M", bound=Keyed)
room = Blueprint("staff", __name__)
OPEN = {
    "staff.sign_in",
    "staff.enter",
    "staff.ask_for_link",
    "staff.send_link",
    "staff.link_sent",
    "staff.choose_password",
    "staff.set_password",
    "staff.read_invitation",
    "staff.join",
}


@room.before_request
def only_staff() -> Answer | None:
    """A part is never swapped for a sign-in page: htmx is told to take the person there, and back afterwards."""
    if request.endpoint in OPEN:
        return None
    if here():
        return None if may(me().role, request.endpoint) else abort(403)
    return to_door(url_for("staff.sign_in", next=asked_page(url_for("staff.today"))))


@room.before_request
def take_the_pen() -> None:
    """What is changed of the settings is written down, from whichever page: the tables say what belongs to them.

    At the open doors whoever is signed in here is not the one who acts.
    """
    if request.method not in SAFE and request.endpoint not in OPEN and here():
        settings_history.begin(me().actor, called=settings_words.called, at=now())


@room.teardown_request
def lay_it_down(_: BaseException | None) -> None:
    settings_history.end()


@room.context_processor
def powers() -> dict[str, Any]:
    """Nothing is offered that would then be refused."""
    return {"may": lambda endpoint: may(me().role, endpoint), "settings_changes": settings_history.latest}


def me() -> MemberHere:
    return cast(MemberHere, here())


def look_again() -> None:
    """What the rail counts has just changed: it is read anew before it is shown."""
    g.pop("_login_user", None)


def the(model: type[M], id: int, *where: Any, locked: bool = True) -> M:
    """Any row of the business, or 404. In a change it is locked, unless the rule locks in an order of its own."""
    statement = select(model).where(model.id == id, *where)
    if not (may_write.get() and locked):
        return db.session.scalar(statement) or abort(404)
    row = db.session.scalar(statement.with_for_update(of=model).execution_options(populate_existing=True)) or abort(404)
    hold(row)
    return row
