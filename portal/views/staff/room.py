"""The door to the front desk."""

from typing import cast

from flask import Blueprint, Response, redirect, request, url_for
from flask_login import current_user

from portal.answers import Answer, wants_part
from portal.identity import MemberHere, here

room = Blueprint("staff", __name__)
OPEN = {"staff.sign_in"}


@room.before_request
def only_staff() -> Answer | None:
    if request.endpoint in OPEN or here():
        return None
    door = url_for("staff.sign_in")
    return Response("", 401, {"HX-Redirect": door}) if wants_part() else redirect(door)


def me() -> MemberHere:
    return cast(MemberHere, current_user)
