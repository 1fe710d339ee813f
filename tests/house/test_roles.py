"""The table of who may use which address of the desk is complete, and it holds."""

import pytest
from flask import Flask

from portal.db import db
from portal.models import Client, Member, Role
from portal.views.staff.roles import LEAST, RANK
from portal.views.staff.room import OPEN
from tests import cast
from tests.conftest import Browse
from tests.house.test_ownership import address, routes, sample


def test_every_address_of_the_desk_stands_in_the_table(app: Flask) -> None:
    there = {rule.endpoint for rule in routes(app, "staff")}
    assert there - OPEN == set(LEAST)


@pytest.mark.only_on("sqlite", because="who may what is decided before a database is asked")
@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_table_says_and_nothing_else(
    role: Role, app: Flask, browse: Browse, rosa: Client, theo: Member
) -> None:
    # Who has a booking cannot be deleted, so that Rosa is there until the end.
    cast.booking(rosa, rosa.pets, "Daycare", cast.NOON, made_at=cast.NOON)
    theo.role = role
    db.session.commit()
    for rule in routes(app, "staff"):
        if rule.endpoint in OPEN or rule.endpoint == "staff.sign_out":
            continue
        path = address(rule, sample(app, rule, rosa))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            browser = browse(theo)
            answer = browser.open(path, method=method, headers={"X-CSRFToken": browser.token("/desk/sign-in")})
            allowed = RANK[role] >= RANK[LEAST[rule.endpoint]]
            assert (answer.status_code != 403) == allowed, (method, path, role)
