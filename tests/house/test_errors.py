"""What a person sees when something goes wrong."""

import re
import sqlite3
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import default_exceptions

from portal.errors import BRIEFLY
from portal.gateways.files import Unavailable
from portal.models import Client
from tests.conftest import Browse

BROKEN = "portal.views.client.bookings.short_lists"
LOCKED = sqlite3.OperationalError("database is locked: secret")
DOWN = [OperationalError("SELECT secret", {}, LOCKED), LOCKED, Unavailable("the disk is full")]


def test_a_fault_of_ours_gives_a_reference_and_no_details(browse: Browse, rosa: Client, app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with patch(BROKEN, side_effect=RuntimeError("secret detail")):
        answer = browse(rosa).get("/")
    assert answer.status_code == 500
    assert re.search(r"written down under [0-9a-f]{8}", answer.text)
    for told in ("secret detail", "Traceback", "RuntimeError", "Werkzeug"):
        assert told not in answer.text


@pytest.mark.parametrize("fault", DOWN, ids=["database", "driver", "files"])
def test_what_is_down_or_full_says_try_again_in_a_minute(browse: Browse, rosa: Client, fault: Exception) -> None:
    with patch(BROKEN, side_effect=fault):
        page = browse(rosa).get("/")
        part = browse(rosa).swap("/", "get")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "Nothing was changed" in page.text
    assert "secret" not in page.text
    assert (part.status_code, part.headers["HX-Reswap"]) == (503, "none")
    assert "<" not in part.text


def test_a_page_that_is_not_there_has_rolled_away(browse: Browse, rosa: Client) -> None:
    for person in (None, rosa):
        answer = browse(person).get("/nowhere")
        assert answer.status_code == 404
        assert "rolled away" in answer.text
        assert answer.text.count("<h1") == 1


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429])
def test_who_stays_on_the_page_is_told_so_and_what_to_do_next(browse: Browse, rosa: Client, code: int) -> None:
    with patch(BROKEN, side_effect=default_exceptions[code]):
        part = browse(rosa).swap("/", "get")
    assert (part.status_code, part.headers["HX-Reswap"]) == (code, "none")
    assert part.text == BRIEFLY[code]
    assert not re.search("[Gg]o back|address", part.text)


def test_a_fault_of_ours_says_so_to_who_stays_on_the_page(browse: Browse, rosa: Client, app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with patch(BROKEN, side_effect=RuntimeError("secret detail")):
        part = browse(rosa).swap("/", "get")
    said = r"Something broke on our side\. It is written down under [0-9a-f]{8}\. Nothing was changed\."
    assert re.fullmatch(said, part.text)


def test_a_row_that_is_gone_says_reload(browse: Browse, rosa: Client) -> None:
    answer = browse(rosa).swap("/bookings/999/cancellation")
    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text == "This is no longer here. Reload the page to see what is."


def test_an_error_page_asks_the_database_for_nothing(browse: Browse, rosa: Client) -> None:
    with patch("portal.identity.business", side_effect=AssertionError), patch(BROKEN, side_effect=DOWN[0]):
        assert browse(rosa).get("/").status_code == 503


def test_a_stale_form_says_how_to_go_on(browse: Browse, rosa: Client) -> None:
    answer = browse(rosa).post("/bookings/1/cancellation", token=None)
    assert answer.status_code == 400
    assert "Go back, reload it and try again" in answer.text
    part = browse(rosa).swap("/bookings/1/cancellation", token=None)
    assert part.status_code == 400
    assert part.text.endswith("Reload it and try again.")


def test_a_wrong_way_names_the_right_ones(browse: Browse, rosa: Client) -> None:
    answer = browse(rosa).get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]
