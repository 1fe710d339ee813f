"""The door to the front desk."""

from typing import cast

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from portal.answers import Answer, wants_part
from portal.identity import MemberHere, here
from portal.links import own_path

room = Blueprint("staff", __name__)
OPEN = {"staff.sign_in", "staff.enter"}


@room.before_request
def only_staff() -> Answer | None:
    """A part is never swapped for a sign-in page: htmx is told to take the person there, and back afterwards."""
    if request.endpoint in OPEN or here():
        return None
    desk = url_for("staff.today")
    page = own_path(request.headers.get("HX-Current-URL", ""), desk) if wants_part() else request.full_path.rstrip("?")
    if not wants_part() and request.method != "GET":
        page = own_path(request.referrer or "", desk)
    door = url_for("staff.sign_in", next=None if page == desk else page)
    return Response("", 401, {"HX-Redirect": door}) if wants_part() else redirect(door)


def me() -> MemberHere:
    return cast(MemberHere, current_user)
