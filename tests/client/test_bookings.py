"""My Bookings, as the browser asks for them."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Client, Delivery, History, Message, Notice, Pet
from tests import cast
from tests.conftest import Browse


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    soon = datetime.now(UTC) + timedelta(days=5)
    return cast.booking(rosa, [biscuit], "Full Groom", soon, made_at=datetime.now(UTC))


def test_the_first_page_lists_what_is_booked(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-1, BK-2
    page = browse(rosa).get("/")
    assert page.status_code == 200
    assert "Full Groom" in page.text
    assert "Maple Street" in page.text


def test_cancelling_swaps_the_row(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-4
    answer = browse(rosa).swap(f"/bookings/{groom.id}/cancellation")
    assert answer.status_code == 200
    assert f'id="booking_row-{groom.id}"' in answer.text
    assert "Undo" in answer.text
    assert 'id="at_a_glance"' in answer.text
    assert "<html" not in answer.text
    assert db.session.get(Booking, groom.id).cancellation is not None


def test_undo_leaves_no_trace_but_the_history(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-4
    browser = browse(rosa)
    browser.swap(f"/bookings/{groom.id}/cancellation")
    answer = browser.swap(f"/bookings/{groom.id}/restoration")
    assert answer.status_code == 200
    assert "Undo" not in answer.text
    assert db.session.get(Booking, groom.id).cancellation is None
    assert db.session.query(Notice).filter(Notice.text.contains("cancelled")).count() == 0
    assert db.session.query(Message).filter(Message.text.contains("given up")).count() == 0
    assert db.session.query(Delivery).filter(Delivery.subject.startswith("Cancelled")).count() == 0
    assert [row.new for row in db.session.query(History).order_by(History.id)] == ["Booked", "Cancelled", "Booked"]
