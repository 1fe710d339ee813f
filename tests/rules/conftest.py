"""Whoever books and sets up by the rules: a member of staff, at a location that is open."""

import pytest
from flask import Flask

from portal.db import db
from portal.models import Location, Member
from portal.rules.actors import Actor, as_member
from tests import cast


@pytest.fixture
def maple(app: Flask) -> Location:
    cast.open_shop()
    return db.session.query(Location).filter_by(name="Maple Street").one()


@pytest.fixture
def by(nina: Member) -> Actor:
    return as_member(nina)
