"""Automatic messages in the business's own words, and reminders that go out once."""

from datetime import datetime, timedelta

import pytest

from portal.db import db
from portal.models import Booking, Client, Delivery, Member, Pet, ReminderTime
from portal.rules import bookings, message_templates, reminders
from portal.rules.actors import as_client, as_member
from portal.rules.merge_codes import CODES, Told, fill, of_booking, unknown
from portal.rules.refused import Refused
from portal.rules.standing import standing
from tests import cast
from tests.cast import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GROOM = NOON + 3 * DAY


def groomed(rosa: Client, pet: Pet, starts_at: datetime = GROOM, made_at: datetime = NOON) -> Booking:
    return cast.booking(rosa, [pet], "Full Groom", starts_at, made_at=made_at)


def told(booking: Booking) -> Told:
    return Told(booking.client, of_booking(standing(booking.id)), NOON, {"REASON": "We are full."})


def plain(text: str) -> str:
    """With blanks of one kind."""
    return text.replace("\xa0", " ")


def sent(subject: str) -> list[Delivery]:
    return db.session.query(Delivery).filter(Delivery.subject.startswith(subject)).all()


def remind_at(*minutes: int) -> None:
    db.session.add_all(ReminderTime(minutes=each) for each in minutes)
    db.session.commit()


def test_every_code_is_filled_in(rosa: Client, biscuit: Pet) -> None:  # MSG-6
    booking = groomed(rosa, biscuit)
    for code in CODES:
        value = fill(f"{{{code}}}", told(booking))
        assert value, code
        assert "{" not in value, code
    text = "{CLIENT_FIRST_NAME}, {CLIENT_ACCOUNT_NUMBER}: {PET_NAMES}, {SERVICE_NAME}, {BOOKING_DATE} {BOOKING_TIME}"
    assert plain(fill(text, told(booking))) == ("Rosa, 4071 882 365: Biscuit, Full Groom, Thu 26 Nov 2026 10:00 AM EST")
    assert fill("{PORTAL_LINK} {REASON} {unknown} {}", told(booking)) == "http://localhost/ We are full. {unknown} {}"


def test_a_stay_tells_when_it_ends(rosa: Client, biscuit: Pet) -> None:  # MSG-6
    stay = cast.booking(rosa, [biscuit], "Boarding", GROOM, made_at=NOON, ends_at=GROOM + 3 * DAY)
    assert "Thu 26 Nov 2026, 10:00 AM EST, until Sun 29 Nov 2026, 10:00 AM EST" in plain(sent("You are booked")[0].text)
    assert stay.ends_at == GROOM + 3 * DAY


def test_a_name_that_is_a_link_is_no_link(rosa: Client, biscuit: Pet) -> None:  # MSG-6
    rosa.first_name, biscuit.name = "http://evil.example", "evil.example"
    db.session.commit()
    booking = groomed(rosa, biscuit)
    assert fill("{CLIENT_FIRST_NAME}, {PET_NAMES}", told(booking)) == "there, your pet"


def test_the_time_carries_its_zone_on_both_sides_of_the_change(rosa: Client, biscuit: Pet) -> None:  # MSG-6
    summer = groomed(rosa, biscuit, datetime.fromisoformat("2027-03-14T14:00:00+00:00"))
    winter = groomed(rosa, biscuit, datetime.fromisoformat("2027-03-13T15:00:00+00:00"))
    assert plain(fill("{BOOKING_TIME}", told(summer))) == "10:00 AM EDT"
    assert plain(fill("{BOOKING_TIME}", told(winter))) == "10:00 AM EST"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Dear {CLIENT_FIRSTNAME}", "Did you mean {CLIENT_FIRST_NAME}?"),
        ("{client first name}", "Did you mean {CLIENT_FIRST_NAME}?"),
        ("{XYZZY}", "stand below"),
        ("{REASON}", "There is no code {REASON}"),
    ],
)
def test_a_code_that_nobody_knows_is_refused(text: str, hint: str, nina: Member) -> None:  # MSG-6 POR-8
    with pytest.raises(Refused) as no:
        message_templates.write("booked", "Booked", text, by=as_member(nina), at=NOON)
    assert hint in str(no.value)
    assert message_templates.words("booked").text == message_templates.KINDS["booked"].text


def test_our_own_words_know_their_codes() -> None:  # MSG-6
    for kind in message_templates.KINDS.values():
        assert unknown(kind.subject + kind.text, kind.more) == "", kind.name


def test_own_words_are_used_and_can_be_put_back(rosa: Client, biscuit: Pet, nina: Member) -> None:  # MSG-6 POR-8
    message_templates.write("reminder", "Soon, {CLIENT_FIRST_NAME}", "{PET_NAMES}!", by=as_member(nina), at=NOON)
    booking = groomed(rosa, biscuit)
    message = message_templates.tell("reminder", rosa, standing(booking.id), at=NOON)
    assert (message.delivery.subject, message.text) == ("Soon, Rosa", "Biscuit!")  # type: ignore[union-attr]
    message_templates.put_back("reminder")
    assert message_templates.words("reminder").subject.startswith("See you soon")


def test_a_reminder_goes_out_once(rosa: Client, biscuit: Pet) -> None:  # SB-11
    remind_at(24 * 60)
    groomed(rosa, biscuit)
    assert reminders.send_due(GROOM - 25 * HOUR) == 0
    assert reminders.send_due(GROOM - 24 * HOUR) == 1
    assert reminders.send_due(GROOM - 23 * HOUR) == 0
    assert [letter.recipient for letter in sent("See you soon")] == ["rosa@example.com"]


def test_it_is_of_the_booking_as_it_stands(rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-11
    """After a cancellation none goes out, and after a move it tells the new time, once."""
    remind_at(24 * 60)
    off, moved = groomed(rosa, biscuit), groomed(rosa, juno, GROOM + HOUR * 2)
    bookings.cancel(off, by=as_client(rosa), at=NOON)
    assert reminders.send_due(GROOM - 24 * HOUR) == 0
    assert reminders.send_due(GROOM - 22 * HOUR) == 1
    moved.starts_at, moved.ends_at = GROOM + 4 * DAY, GROOM + 4 * DAY + HOUR
    db.session.commit()
    assert reminders.send_due(GROOM + 3 * DAY) == 1
    assert "Mon 30 Nov 2026" in sent("See you soon")[1].text


def test_who_has_just_heard_of_it_is_not_reminded(rosa: Client, biscuit: Pet) -> None:  # SB-11
    """Booked an hour before: the confirmation is reminder enough."""
    remind_at(24 * 60, 30)
    groomed(rosa, biscuit, NOON + HOUR)
    assert reminders.send_due(NOON + timedelta(minutes=1)) == 0
    assert reminders.send_due(NOON + timedelta(minutes=31)) == 1


def test_a_worker_that_was_away_sends_one_not_all(rosa: Client, biscuit: Pet) -> None:  # SB-11
    remind_at(24 * 60, 120)
    groomed(rosa, biscuit)
    assert reminders.send_due(GROOM - HOUR) == 1
    assert reminders.send_due(GROOM - HOUR) == 0


def test_no_reminder_of_a_request_or_of_the_past(rosa: Client, biscuit: Pet) -> None:  # SB-11
    remind_at(24 * 60)
    booking = groomed(rosa, biscuit)
    booking.needs_approval = True
    db.session.commit()
    assert reminders.send_due(GROOM - HOUR) == 0
    booking.needs_approval = False
    db.session.commit()
    assert reminders.send_due(GROOM + timedelta(minutes=1)) == 0


def test_turning_one_on_mails_nobody_unasked(rosa: Client, biscuit: Pet) -> None:  # SB-11
    groomed(rosa, biscuit)
    assert reminders.within(7 * 24 * 60, NOON + HOUR) == 1
    reminders.add(7 * 24 * 60, also_now=False, at=NOON + HOUR)
    assert reminders.send_due(NOON + HOUR) == 0
    reminders.add(6 * 24 * 60, also_now=True, at=NOON + HOUR)
    db.session.query(Booking).update({Booking.made_at: NOON - 9 * DAY})
    db.session.commit()
    with pytest.raises(Refused, match="already"):
        reminders.add(6 * 24 * 60, also_now=True, at=NOON)
    reminders.remove(6 * 24 * 60)
    with pytest.raises(Refused, match="removed already"):
        reminders.remove(6 * 24 * 60)
