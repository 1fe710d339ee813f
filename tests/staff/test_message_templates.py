"""Message templates in the settings: written, shown with a real client, refused, put back; and reminders."""

from datetime import datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Client, Member, MessageTemplate, Pet, ReminderTime
from portal.rules import message_templates
from tests import cast
from tests.conftest import Browse

LIST, BOOKED = "/desk/settings/messages", "/desk/settings/messages/booked"
OWN = {"subject": "Hurray, {PET_NAMES}", "text": "See you at {BOOKING_TIME}."}


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    now = datetime.now(tz=cast.NOON.tzinfo)
    return cast.booking(rosa, [biscuit], "Full Groom", now + timedelta(hours=30), made_at=now - timedelta(days=9))


def test_every_kind_is_listed_and_opens(browse: Browse, nina: Member, groom: Booking) -> None:  # POR-8
    browser = browse(nina)
    page = browser.get(LIST).text
    for kind, told in message_templates.KINDS.items():
        assert told.name in page
        opened = browser.get(f"{LIST}/{kind}")
        assert opened.status_code == 200
        assert "With the booking of Rosa Delgado" in opened.text
    assert browser.get(f"{LIST}/nothing").status_code == 404


def test_own_words_are_saved_marked_and_put_back(browse: Browse, nina: Member) -> None:  # POR-8 MSG-6
    browser = browse(nina)
    answer = browser.post(BOOKED, data=OWN)
    assert answer.status_code == 303
    row = db.session.query(MessageTemplate).one()
    assert (row.subject, row.text, row.edited_by) == (*OWN.values(), "Nina Park")
    assert "Your words" in browser.get(LIST).text
    assert browser.post(f"{BOOKED}/return").status_code == 303
    assert db.session.query(MessageTemplate).count() == 0


def test_a_wrong_code_is_refused_and_nothing_typed_is_lost(browse: Browse, nina: Member) -> None:  # POR-8 MSG-6
    answer = browse(nina).swap(BOOKED, data={**OWN, "text": "Dear {CLIENT_NAME}, bring {PET_NAMES}."})
    assert answer.status_code == 422
    assert "There is no code {CLIENT_NAME}." in answer.text
    assert "Dear {CLIENT_NAME}, bring {PET_NAMES}." in answer.text
    assert db.session.query(MessageTemplate).count() == 0
    assert browse(nina).post(BOOKED, data={"subject": "", "text": ""}).status_code == 422


def test_a_preview_shows_a_real_client_and_saves_nothing(browse: Browse, nina: Member, groom: Booking) -> None:  # MSG-6
    browser = browse(nina)
    part = browser.swap(f"{BOOKED}/preview", data={**OWN, "client": "rosa@example.com"})
    assert part.status_code == 200
    assert "Hurray, Biscuit" in part.text
    assert "{PET_NAMES}" in part.text
    page = browser.post(f"{BOOKED}/preview", data=OWN)
    assert "<html" in page.text
    assert db.session.query(MessageTemplate).count() == 0
    nobody = browser.swap(f"{BOOKED}/preview", data={**OWN, "client": "who@example.com"})
    assert nobody.status_code == 422
    assert "Nobody has this e-mail or account number." in nobody.text


def test_without_any_booking_there_is_nothing_to_show(browse: Browse, nina: Member) -> None:  # MSG-6
    assert "Nobody has a booking yet" in browse(nina).get(BOOKED).text


def test_a_reminder_is_added_and_removed(browse: Browse, nina: Member) -> None:  # SB-11
    browser = browse(nina)
    assert browser.post("/desk/settings/reminders", data={"amount": "2", "unit": "hours"}).status_code == 303
    assert "2 hours before" in browser.get(LIST).text
    again = browser.swap("/desk/settings/reminders", data={"amount": "120", "unit": "minutes"})
    assert again.status_code == 422
    assert "already" in again.text
    assert browser.post("/desk/settings/reminders/120/removal").status_code == 303
    assert db.session.query(ReminderTime).count() == 0
    assert browser.post("/desk/settings/reminders/120/removal").status_code == 422


@pytest.mark.parametrize("amount", ["", "0", "-1", "1.5", "61", "two", "99999"])
def test_a_time_that_is_none_is_refused(browse: Browse, nina: Member, amount: str) -> None:
    answer = browse(nina).swap("/desk/settings/reminders", data={"amount": amount, "unit": "days"})
    assert answer.status_code == 422
    assert "at most 60 days before" in answer.text
    assert browse(nina).swap("/desk/settings/reminders", data={"amount": "1", "unit": "years"}).status_code == 422


def test_it_says_how_many_are_within_before_it_mails_them(
    browse: Browse, nina: Member, groom: Booking
) -> None:  # SB-11
    browser, told = browse(nina), {"amount": "3", "unit": "days"}
    asked = browser.swap("/desk/settings/reminders", data=told)
    assert "1 booking begins within 3 days" in asked.text
    assert db.session.query(ReminderTime).count() == 0
    assert browser.post("/desk/settings/reminders", data={**told, "also": "later"}).status_code == 303
    assert db.session.query(ReminderTime).one().minutes == 3 * 24 * 60


def test_the_team_does_not_write_them(browse: Browse, theo: Member, rosa: Client) -> None:
    assert browse(theo).post(BOOKED, data=OWN).status_code == 403
    assert browse(rosa).post(BOOKED, data=OWN).status_code == 302
    assert db.session.query(MessageTemplate).count() == 0


def test_what_cannot_be_read_is_not_looked_for(browse: Browse, nina: Member) -> None:  # POR-8
    answer = browse(nina).swap(f"{BOOKED}/preview", data={**OWN, "client": "\x00"})
    assert answer.status_code == 422
    assert "This holds a character that cannot be read." in answer.text
