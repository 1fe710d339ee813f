"""Book Now: step by step by the address alone, and the last step that books."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import time_machine
from flask import Flask
from werkzeug.test import TestResponse

from portal.db import db
from portal.models import (
    Access,
    Animal,
    Booking,
    Business,
    Client,
    History,
    Location,
    Member,
    Message,
    Notice,
    NoticeKind,
    Offering,
    Pet,
    Series,
    Service,
    ServiceAnimal,
    ServiceKind,
    SessionProvider,
    VaccineCheck,
)
from portal.rules import bookings
from portal.rules.actors import as_client
from tests import cast
from tests.conftest import Browse, Browser
from tests.house.test_speed import queries

# Monday, 23 November 2026, 10:00 in New York.
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
KEY = "0123456789abcdef" * 2
TUESDAY_AT_NINE = "2026-11-24T14:00Z"


@pytest.fixture(autouse=True)
def shop(app: object) -> object:
    with time_machine.travel(AT, tick=False) as traveller:
        cast.open_shop()
        yield traveller


def heading(answer: TestResponse) -> str:
    found = re.search(r'<h2 id="step"[^>]*>(.*?)</h2>', answer.text)
    return unescape(found[1]) if found else answer.text[:200]


def id_of(name: str) -> int:
    return cast.service(name).id


def maple() -> int:
    return db.session.query(Offering.location_id).order_by(Offering.location_id).first()[0]


def groom(*pets: Pet, **more: object) -> str:
    """Everything about a Full Groom but the time."""
    words = "".join(f"&pet={pet.id}" for pet in pets) + "".join(f"&{name}={value}" for name, value in more.items())
    return f"/book?service={id_of('Full Groom')}&location={maple()}{words}"


def ready(*pets: Pet) -> str:
    return groom(*pets, add_on=0, at=TUESDAY_AT_NINE)


def send(browser: Browser, path: str, key: str = KEY, **more: object) -> TestResponse:
    return browser.post(path, data={"key": key, "notes": "", **more})


def booked() -> list[Booking]:
    return db.session.query(Booking).order_by(Booking.starts_at).all()


def test_the_steps_follow_each_other(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-1
    browser, service = browse(rosa), id_of("Full Groom")
    walk = {
        "/book": "What can we do for you?",
        f"/book?service={service}": "At which location?",
        f"/book?service={service}&location={maple()}": "Who is coming?",
        groom(biscuit): "Anything else?",
        groom(biscuit, add_on=0): "When?",
        ready(biscuit): "Look it over",
    }
    assert {path: heading(browser.get(path)) for path in walk} == walk


def test_going_back_keeps_all_that_was_chosen(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-1
    page = browse(rosa).get(ready(biscuit) + "&step=pets")
    assert heading(page) == "Who is coming?"
    assert f'name="pet" value="{biscuit.id}" checked' in page.text
    for name, value in (("at", TUESDAY_AT_NINE), ("add_on", "0"), ("location", maple())):
        assert f'<input type="hidden" name="{name}" value="{value}">' in page.text


def test_steps_with_one_answer_are_skipped(browse: Browse, omar: Client) -> None:  # SB-1
    db.session.query(Offering).filter(Offering.location_id != maple()).delete()
    db.session.commit()
    page = browse(omar).get(f"/book?service={id_of('Daycare')}")
    assert heading(page) == "When?", "he has one pet, and there is one location"
    assert "Step 2 of 3" in page.text


def test_htmx_gets_the_step_alone(browse: Browse, rosa: Client) -> None:
    part = browse(rosa).swap("/book", "get").text
    assert part.lstrip().startswith('<div class="book" id="book">')
    assert "<html" not in part
    assert 'id="step" tabindex="-1" data-focus' in part
    assert 'hx-push-url="true"' in part


def test_times_are_buttons_with_their_full_date(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-3
    page = browse(rosa).get(groom(biscuit, add_on=0)).text
    assert f'name="at" value="{TUESDAY_AT_NINE}" aria-label="Tuesday 24 November 2026, 9:00\u00a0AM EST"' in page
    times = re.findall(r'name="at" value="(2026-\d\d-\d\d)', page)
    assert 40 <= len(times) < 60, "whole days, until it is enough"
    (later,) = re.findall(r'since=(2026-\d\d-\d\d)" hx-get="[^"]*"[^>]*>Later', page)
    assert date.fromisoformat(later) == date.fromisoformat(times[-1]) + timedelta(days=1)
    following = browse(rosa).get(groom(biscuit, add_on=0, since=later)).text
    assert f'name="at" value="{later}' in following
    assert ">Earlier" not in page
    assert "Earlier" in following


def test_a_time_that_is_too_short_is_not_offered(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:
    """Two dogs and an add-on take 3½ hours, so the last time on Tuesday is 1:30."""  # SB-5
    teeth = re.search(r'name="add_on" value="([1-9]\d*)"', browse(rosa).get(groom(biscuit)).text)
    assert teeth
    page = browse(rosa).get(groom(biscuit, juno) + f"&add_on=0&add_on={teeth[1]}").text
    assert "It takes 3\u00a0h 30\u00a0min for 2 pets." in page
    times = re.findall(r'aria-label="Tuesday 24 November 2026, ([^"]+) EST"', page)
    assert times[-1] == "1:30\u00a0PM"


def test_so_many_pets_that_no_day_is_long_enough(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-2
    pets = [biscuit, *(cast.pet(rosa, f"Puppy {number}", biscuit.animal) for number in range(7))]
    path = f"/book?service={id_of('Full Groom')}&location={maple()}&add_on=0&provider=0"
    page = browse(rosa).get(path + "".join(f"&pet={pet.id}" for pet in pets)).text
    assert "Nothing is free" in page
    assert "For fewer pets at once there may be a time." in page
    assert "For fewer" not in browse(rosa).get(f"{path}&pet={biscuit.id}").text


def test_the_review_says_who_what_when_and_what_it_costs(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet
) -> None:  # SB-1, SB-5
    cast.service("Full Groom").move_hours = 24
    db.session.commit()
    page = unescape(browse(rosa).get(ready(biscuit, juno)).text)
    for words in (
        "Biscuit and Juno",
        "Full Groom",
        "212 Maple Street",
        "Tomorrow, 9:00\u00a0AM\u2060–\u206012:00\u00a0PM EST",
        "$85.00 × 2 pets",
        "Paid at the desk",
        "$170.00",
        "It is too late to cancel this online once it is booked.",
        "It is too late to reschedule this online once it is booked.",
    ):
        assert words in page


def test_an_appointment_is_booked(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-1, SB-5, SB-11
    browser = browse(rosa)
    answer = send(browser, ready(biscuit, juno), notes="Juno is shy.")
    (booking,) = booked()
    assert (answer.status_code, answer.location) == (303, f"/book/done?booking={booking.id}")
    assert (booking.starts_at, booking.price) == (AT + timedelta(hours=23), 17_000)
    assert (booking.notes, [one.name for one in booking.providers]) == ("Juno is shy.", ["Theo Brandt"])
    page = browser.get(answer.location).text
    assert "You are booked" in page
    assert f'href="/bookings/{booking.id}.ics"' in page
    assert "A confirmation is on its way to rosa@example.com." in page
    assert db.session.query(Message).filter(Message.text.contains("Biscuit and Juno")).count() == 1
    assert db.session.query(Notice).filter_by(booking_id=booking.id).count() == 1
    assert db.session.query(History).filter_by(client_id=rosa.id, new="Booked").count() == 1


def test_htmx_is_led_to_the_confirmation(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-11
    answer = browse(rosa).swap(ready(biscuit), data={"key": KEY})
    assert answer.headers["HX-Redirect"] == f"/book/done?booking={booked()[0].id}"


def test_a_double_tap_books_once(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-6
    browser = browse(rosa)
    first, second = send(browser, ready(biscuit)), send(browser, ready(biscuit))
    assert first.location == second.location
    assert len(booked()) == 1


def test_whoever_comes_too_late_keeps_what_they_typed(
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet
) -> None:  # SB-6, SB-12
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    send(browse(rosa), ready(biscuit))
    answer = send(browse(omar), ready(pepper), notes="He pulls.")
    page = unescape(answer.text)
    assert answer.status_code == 422
    assert "That time is not free any more." in page
    assert "He pulls.</textarea>" in page
    assert "Other times near it" in page
    (another, *_) = re.findall(r'name="another" value="([^"]+)"', page)
    looked = send(browse(omar), ready(pepper), notes="He pulls.", another=another)
    assert looked.status_code == 200
    assert "He pulls.</textarea>" in unescape(looked.text)
    assert f"at={another}" in looked.text
    assert len(booked()) == 1, "looking at another time books nothing"


def test_a_form_that_is_not_well_formed_says_so(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    answer = send(browse(rosa), ready(biscuit), notes="x" * 2_001)
    assert answer.status_code == 422
    assert "at most 2,000 characters" in answer.text
    assert "x" * 2_001 in answer.text
    assert booked() == []


def test_nobody_books_for_a_pet_of_somebody_else(browse: Browse, omar: Client, biscuit: Pet) -> None:
    browser = browse(omar)
    assert heading(browser.get(ready(biscuit))) == "Who is coming?", "his own is not put in her place"
    answer = send(browser, ready(biscuit))
    assert (answer.status_code, heading(answer)) == (422, "Who is coming?")
    assert "Biscuit" not in answer.text
    assert booked() == []


def test_a_stranger_sees_nothing_of_what_was_booked(browse: Browse, rosa: Client, omar: Client, biscuit: Pet) -> None:
    then = send(browse(rosa), ready(biscuit)).location
    page = browse(omar).get(then).text
    assert "Nothing is booked here." in page
    assert "Biscuit" not in page


def test_the_desk_is_another_room(browse: Browse, nina: Member, biscuit: Pet) -> None:
    answer = send(browse(nina), ready(biscuit))
    assert (answer.status_code, answer.location) == (302, "/sign-in")
    assert booked() == []


def test_what_needs_approval_is_a_request(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-7
    cast.service("Full Groom").needs_approval = True
    db.session.commit()
    browser = browse(rosa)
    page = browser.get(ready(biscuit)).text
    assert "This is a request:" in page
    assert "Send Request" in page
    assert "We have your request" in browser.get(send(browser, ready(biscuit)).location).text
    assert booked()[0].needs_approval


def test_who_is_blocked_is_told_to_call(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-8
    rosa.blocked_online = True
    db.session.commit()
    browser = browse(rosa)
    for path in ("/book", ready(biscuit)):
        page = browser.get(path).text
        assert "Online booking is not open to you. Please call (212) 555-0148" in page
        assert ">Book Now</button>" not in page
    assert send(browser, ready(biscuit)).status_code == 422
    assert booked() == []


def test_where_booking_is_closed_nothing_leads_there(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # POR-3
    db.session.query(Business).one().booking_open = False
    db.session.commit()
    browser = browse(rosa)
    assert 'href="/book"' not in browser.get("/").text
    assert "Online booking is closed at the moment." in browser.get("/book").text
    assert send(browser, ready(biscuit)).status_code == 422
    assert booked() == []


@pytest.mark.parametrize("access", [Access.STAFF, Access.MEMBERS])
def test_what_is_not_theirs_does_not_exist(browse: Browse, rosa: Client, biscuit: Pet, access: Access) -> None:  # SB-4
    cast.service("Full Groom").access = access
    db.session.commit()
    path = ready(biscuit)
    page = browse(rosa).get(path)
    assert heading(page) == "What can we do for you?"
    assert "That cannot be booked here." in page.text
    assert "Full Groom" not in page.text
    assert send(browse(rosa), path).status_code == 422
    assert booked() == []


def test_a_direct_link_reaches_what_is_not_listed(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-4
    cast.service("Full Groom").access = Access.LINK
    db.session.commit()
    assert "Full Groom" not in browse(rosa).get("/book").text
    assert heading(browse(rosa).get(ready(biscuit))) == "Look it over"
    assert send(browse(rosa), ready(biscuit)).status_code == 303


def test_a_pet_that_cannot_come_is_told_why(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-12
    cat = db.session.query(Animal).filter_by(name="Cat").one()
    db.session.add(ServiceAnimal(service_id=id_of("Full Groom"), animal_id=cat.id))
    db.session.commit()
    for path, step in ((groom(biscuit), "Who is coming?"), (ready(biscuit), "Look it over")):
        page = browse(rosa).get(path)
        assert heading(page) == step
        assert "Full Groom is for cats, and Biscuit is not one of them." in page.text
        assert ">Book Now</button>" not in page.text


def test_a_class_for_two_dogs(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-2, SB-5
    session = cast.session("Agility", AT + timedelta(days=2), capacity=2)
    path = f"/book?service={id_of('Agility')}&location={maple()}&pet={biscuit.id}&pet={juno.id}"
    browser = browse(rosa)
    assert "2 places left" in browser.get(path).text
    assert send(browser, f"{path}&session={session.id}").status_code == 303
    (booking,) = booked()
    assert (booking.service_session_id, booking.price) == (session.id, 6_000)


def test_a_full_class_offers_the_waitlist(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-6, WL-4
    session = cast.session("Agility", AT + timedelta(days=2), capacity=1)
    path = f"/book?service={id_of('Agility')}&session={session.id}&pet={biscuit.id}&pet={juno.id}"
    page = browse(rosa).get(path).text
    assert "Agility has 1 place left" in unescape(page)
    assert "Join the Waitlist" in page
    assert send(browse(rosa), path).status_code == 422
    assert booked() == []


def test_daycare_on_several_days_leaves_out_the_full_one(
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet
) -> None:  # SB-2
    full = db.session.query(Offering).filter_by(service_id=id_of("Daycare"), location_id=maple()).one()
    full.places = 1
    db.session.commit()
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    path = f"/book?service={id_of('Daycare')}&location={maple()}"
    send(browse(omar), f"{path}&pet={pepper.id}&day=2026-11-25")
    days = "&day=2026-11-24&day=2026-11-25&day=2026-11-26"
    browser = browse(rosa)
    page = unescape(browser.get(f"{path}&pet={biscuit.id}{days}").text)
    assert "Daycare is full on Wed 25 Nov 2026." in page
    assert 'name="wait" value="2026-11-25"' in page
    assert "$42.00 × 1 pet × 2 dates" in page
    answer = send(browser, f"{path}&pet={biscuit.id}{days}")
    assert [one.starts_at.date() for one in booked() if one.client_id == rosa.id] == [
        date(2026, 11, 24),
        date(2026, 11, 26),
    ]
    page = browser.get(answer.location).text
    assert "Left out, because it could not be booked: Wed 25 Nov 2026." in page
    again = send(browser, f"{path}&pet={biscuit.id}{days}", key=KEY[::-1], wait="2026-11-25")
    assert "You are on the waitlist for Wed 25 Nov 2026." in browser.get(again.location).text


def test_several_days_are_told_of_once(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-2 MSG-1 FD-6
    """One letter that lists them, one notice to staff, also where the form is sent twice; a day alone as ever."""
    days = "".join(f"&day=2026-11-{number}" for number in (24, 25, 27))
    path = f"/book?service={id_of('Daycare')}&location={maple()}&pet={biscuit.id}"
    browser = browse(rosa)
    for _ in range(2):
        send(browser, path + days)
    (letter,) = db.session.query(Message).all()
    assert len(booked()) == 3
    assert letter.thread.subject == "Your days: Daycare"
    assert letter.thread.booking_id == booked()[0].id
    assert letter.text.startswith(
        "You are booked for Daycare, 3 days.\n\nTue 24 Nov 2026, 8:00\u00a0AM EST\nWed 25 Nov 2026"
    )
    assert "Fri 27 Nov 2026, 8:00\u00a0AM EST\nFor Biscuit, at Maple Street." in letter.text
    (notice,) = db.session.query(Notice).filter_by(client_id=rosa.id).all()
    assert notice.text.startswith("Rosa Delgado booked 3 days, from Daycare, Tue 24 Nov 2026")
    assert db.session.query(History).filter_by(client_id=rosa.id, field="Status", new="Booked").count() == 3
    send(browser, f"{path}&day=2026-11-30", key=KEY[::-1])
    assert db.session.query(Message).filter(Message.text.contains("Mon 30 Nov 2026")).one().thread.subject == (
        "You are booked: Daycare"
    )
    assert db.session.query(Notice).filter_by(client_id=rosa.id).count() == 2


def test_days_that_another_window_has_booked_are_told_as_that(
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet, juno: Pet
) -> None:  # SB-2 SB-5
    """Also where they were the last places: nobody was faster than they themselves."""
    db.session.query(Offering).filter_by(service_id=id_of("Daycare"), location_id=maple()).one().places = 1
    db.session.commit()
    path = f"/book?service={id_of('Daycare')}&location={maple()}&day=2026-11-24&day=2026-11-25"
    browser = browse(rosa)
    assert heading(browser.get(f"{path}&pet={biscuit.id}")) == "Look it over"
    send(browser, f"{path}&pet={biscuit.id}")
    first, _ = booked()
    for again in (send(browser, f"{path}&pet={biscuit.id}", key=KEY[::-1]), browser.swap(f"{path}&pet={biscuit.id}")):
        said = unescape(again.text)
        assert again.status_code == 422
        assert "These days are booked already: Tue 24 Nov 2026 and Wed 25 Nov 2026." in said
        assert "You find them under My Bookings. Nothing is booked twice." in said
        assert f'href="/bookings/{first.id}">View Booking</a>' in said
    alone = send(browser, f"{path.replace('&day=2026-11-25', '')}&pet={biscuit.id}", key=KEY[::-1])
    assert "This day is booked already: Tue 24 Nov 2026. You find it under My Bookings." in unescape(alone.text)
    assert len(booked()) == 2
    assert db.session.query(Message).count() == 1
    more = send(browser, f"{path}&day=2026-11-26&pet={biscuit.id}", key=KEY[::-1])
    page = unescape(browser.get(more.location).text)
    assert "Booked already: Tue 24 Nov 2026 and Wed 25 Nov 2026. Nothing is booked twice." in page
    assert "Left out" not in page
    assert len(booked()) == 3
    both = unescape(send(browser, f"{path}&pet={biscuit.id}&pet={juno.id}", key=KEY[::-1]).text)
    assert "booked already:" not in both, "Juno is not"
    assert "Biscuit is already booked at that time." in both
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    his = unescape(send(browse(omar), f"{path}&pet={pepper.id}").text)
    assert "booked already" not in his
    assert "Daycare is full on Tue 24 Nov 2026." in his


def test_several_days_that_are_asked_for_are_one_request(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    cast.service("Daycare").needs_approval = True
    db.session.commit()
    path = f"/book?service={id_of('Daycare')}&location={maple()}&pet={biscuit.id}&day=2026-11-24&day=2026-11-25"
    send(browse(rosa), path)
    assert db.session.query(Message).one().text.startswith("We have your request for Daycare, 2 days.")
    assert db.session.query(Notice).filter_by(client_id=rosa.id).one().kind == NoticeKind.REQUEST


def test_no_time_is_proposed_at_which_a_pet_is_elsewhere(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet
) -> None:  # SB-5
    """The class takes 10 to 11 of Tuesday: neither then nor so that it would reach into it."""
    agility = cast.session("Agility", AT + timedelta(days=1))
    db.session.query(SessionProvider).delete()
    cast.booking(rosa, [biscuit], "Agility", agility.starts_at, made_at=AT, session=agility)

    def times(pet: Pet) -> list[str]:
        page = browse(rosa).get(groom(pet, add_on=0, since="2026-11-24")).text
        return re.findall(r'name="at" value="2026-11-24T(\d\d:\d\d)Z"', page)

    assert times(juno)[:2] == ["14:00", "14:30"]
    assert times(biscuit)[0] == "16:00"
    refused = send(browse(rosa), groom(biscuit, add_on=0, at="2026-11-24T15:30Z"))
    assert refused.status_code == 422
    assert "Biscuit is booked for Agility then, tomorrow, 10:00" in unescape(refused.text)
    assert "View Booking" in refused.text


def test_days_nights_and_classes_that_a_pet_has_already_are_marked(
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet
) -> None:  # SB-5
    path, browser = f"/book?service={id_of('Daycare')}&location={maple()}", browse(rosa)
    send(browser, f"{path}&pet={biscuit.id}&day=2026-11-25")
    page = browser.get(f"{path}&pet={biscuit.id}&pet={juno.id}").text
    assert re.search(r'value="2026-11-25" aria-label="[^"]*, Booked" disabled', page)
    assert "Booked" not in browser.get(f"{path}&pet={juno.id}").text
    session = cast.session("Agility", AT + timedelta(days=2))
    agility = f"/book?service={id_of('Agility')}&location={maple()}&pet={biscuit.id}"
    assert "Booked" not in browser.get(agility).text
    cast.booking(rosa, [biscuit], "Full Groom", session.starts_at, made_at=AT)
    assert 'AM, Booked"' in unescape(browser.get(agility).text)
    stay = f"/book?service={id_of('Boarding')}&location={maple()}&pet={biscuit.id}&first=2026-12-01&last=2026-12-03"
    send(browser, stay)
    nights = browser.get(f"{stay.replace('12-01', '11-30')}&step=when").text
    assert re.findall(r"(\d+ places left|Booked|Free)</span></div>", nights) == [
        "5 places left",
        "Booked",
        "Booked",
        "Free",
    ]


def test_weekdays_until_a_date(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-2
    path = f"/book?service={id_of('Daycare')}&location={maple()}&pet={biscuit.id}"
    page = browse(rosa).get(f"{path}&weekday=1&weekday=3&since=2026-11-23&until=2026-12-04&step=when").text
    assert "Chosen: Tue 24 Nov 2026, Thu 26 Nov 2026, Tue 1 Dec 2026 and Thu 3 Dec 2026" in page
    assert page.count(" checked") == 2, "those of November; December’s are carried along"
    assert page.count('type="hidden" name="day"') == 2


def test_a_stay_over_the_clock_change(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-2
    cast.service("Boarding").ahead_days = 365
    db.session.commit()
    path = f"/book?service={id_of('Boarding')}&location={maple()}&pet={biscuit.id}&first=2027-03-13&last=2027-03-15"
    browser = browse(rosa)
    nights = browser.get(f"{path}&step=when").text
    assert nights.count("5 places left") == 2
    page = unescape(browser.get(path).text)
    assert "$60.00 × 1 pet × 2 nights" in page
    assert "EST, then EDT" in page
    assert send(browser, path).status_code == 303
    (stay,) = booked()
    assert (stay.starts_at, stay.ends_at) == (
        datetime(2027, 3, 13, 13, tzinfo=UTC),
        datetime(2027, 3, 15, 22, tzinfo=UTC),
    )
    assert stay.price == 12_000


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("2027-03-20", ""),
        ("2026-12-01", "The day of leaving has to be after the day of arriving."),
        ("2028-12-31", "A stay is at most 365 nights. Choose an earlier day of leaving."),
    ],
)
def test_how_long_a_stay_can_be(browse: Browse, rosa: Client, biscuit: Pet, last: str, words: str) -> None:  # SB-2
    path = f"/book?service={id_of('Boarding')}&location={maple()}&pet={biscuit.id}&first=2026-12-01&last={last}"
    browser = browse(rosa)
    page = unescape(browser.get(path).text)
    answer = send(browser, path)
    if words:
        assert words in page
        assert answer.status_code == 422
        assert booked() == []
    else:
        assert "$60.00 × 1 pet × 109 nights" in page
        assert answer.status_code == 303
        assert len(booked()) == 1


def test_a_form_whose_booking_was_cancelled_is_used_up(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-6
    path = f"/book?service={id_of('Daycare')}&location={maple()}&pet={biscuit.id}&day=2026-11-25"
    browser = browse(rosa)
    send(browser, path)
    bookings.cancel(booked()[0], by=as_client(rosa), at=AT - timedelta(minutes=1))
    answer = send(browser, path)
    assert answer.status_code == 422
    assert "What this form booked was cancelled since. To book it again, begin anew." in answer.text
    assert send(browser, path, key=KEY[::-1]).status_code == 303
    assert len(booked()) == 2


@pytest.mark.parametrize(
    "words",
    [
        "service=0",
        "service=99999999999999",
        "service=x&pet=y&at=now&day=2026-02-30&first=1&last=2",
        "session=77&series=77",
        "month=2026-13&since=x&until=y&weekday=9&step=nothing",
        "at=2026-11-24T14:00:00Z%00&add_on=-1",
        "day=9999-12-31&first=0001-01-01&last=9999-12-31&month=9999-12",
    ],
)
def test_an_address_that_says_nothing_asks_anew(browse: Browse, rosa: Client, biscuit: Pet, words: str) -> None:
    browser = browse(rosa)
    assert browser.get(f"/book?{words}").status_code == 200
    for service in db.session.query(Service):
        path = f"/book?{words}&service={service.id}&location={maple()}&pet={biscuit.id}"
        assert browser.get(path).status_code == 200
        assert browser.get(f"{path}&step=when").status_code == 200


def a_series(capacity: int = 2) -> Series:
    """Four evenings of Agility from Wednesday on, for one price."""
    service = cast.service("Agility")
    service.kind = ServiceKind.SERIES
    series = Series(service_id=service.id, location_id=maple(), name="Puppies in December", price=10_000)
    db.session.add(series)
    db.session.flush()
    for week in range(4):
        cast.session("Agility", AT + timedelta(days=2 + 7 * week), capacity).series_id = series.id
    db.session.commit()
    return series


def test_a_series_is_booked_as_a_whole(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-2
    series = a_series()
    browser, pets = browse(rosa), f"&pet={biscuit.id}&pet={juno.id}"
    page = browser.get(f"/book?service={series.service_id}&location={maple()}{pets}").text
    assert "Puppies in December" in page
    assert "4 dates: Wed 25 Nov 2026, Wed 2 Dec 2026, Wed 9 Dec 2026 and Wed 16 Dec 2026" in page
    path = f"/book?series={series.id}{pets}"
    page = unescape(browser.get(path).text)
    assert "$100.00 × 2 pets" in page
    first, again = send(browser, path), send(browser, path)
    assert first.location == again.location
    rows = booked()
    assert [len(rows), sum(row.price for row in rows), len({row.registration_id for row in rows})] == [4, 20_000, 1]
    assert "4 bookings" in browser.get(first.location).text


def test_a_full_series_is_refused_as_a_whole(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # SB-6
    series = a_series(capacity=1)
    path = f"/book?series={series.id}&pet={biscuit.id}&pet={juno.id}"
    assert ">Book Now</button>" not in browse(rosa).get(path).text
    assert send(browse(rosa), path).status_code == 422
    assert booked() == []


def test_what_is_over_is_booked_again(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # SB-1
    was = cast.booking(rosa, [biscuit], "Full Groom", AT - timedelta(days=9), made_at=AT - timedelta(days=20))
    browser = browse(rosa)
    (again,) = re.findall(r'href="(/book\?[^"]+)"', browser.get(f"/bookings/{was.id}").text)
    assert heading(browser.get(unescape(again))) == "Anything else?"
    ahead = cast.booking(rosa, [biscuit], "Full Groom", AT + timedelta(days=9), made_at=AT)
    assert "Book Again" not in browser.get(f"/bookings/{ahead.id}").text


@pytest.mark.parametrize(("check", "status"), [(VaccineCheck.WARN, 303), (VaccineCheck.STOP, 422)])
def test_a_vaccine_warns_or_stops(
    browse: Browse, rosa: Client, biscuit: Pet, check: VaccineCheck, status: int
) -> None:  # VAX-5, SB-12
    cast.service("Full Groom").vaccine_check = check
    db.session.commit()
    browser, path = browse(rosa), ready(biscuit)
    page = unescape(browser.get(path).text)
    assert "Biscuit’s Rabies has no expiry date on file." in page
    (mend, *_) = re.findall(r'href="(/pets/\d+/vaccines/\d+\?back=[^"]+)"', page)
    assert unquote(mend).endswith(f"?back={path}")
    assert send(browser, path).status_code == status
    assert len(booked()) == (status == 303)


def test_no_time_is_proposed_at_which_the_pet_is_there_already(
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:  # SB-8
    browser, path = browse(rosa), ready(biscuit)
    assert send(browser, path).status_code == 303
    page = unescape(browser.get(path).text)
    assert "Biscuit is already booked at that time." in page
    proposed = re.findall(r'name="another" value="([^"]+)"', page)
    assert len(proposed) == 6
    assert not {TUESDAY_AT_NINE, "2026-11-24T14:30Z"} & set(proposed)
    assert min(proposed) == "2026-11-24T15:30Z"


def test_who_chose_a_pet_is_told_of_what_stands_in_its_way_not_to_choose_one(
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:  # SB-8, VAX-5
    cast.service("Full Groom").vaccine_check = VaccineCheck.STOP
    db.session.commit()
    browser, path = browse(rosa), f"/book?service={id_of('Full Groom')}&location={maple()}&from=pets"
    assert "Choose at least one." in browser.get(path).text
    page = browser.get(f"{path}&pet={biscuit.id}").text
    assert "Nothing is booked yet: see what stands in the way." in page
    assert "Choose at least one." not in page


@pytest.mark.parametrize("left", [1, 0])
def test_where_it_is_not_offered_any_more_nothing_is_booked_elsewhere(
    browse: Browse, rosa: Client, biscuit: Pet, left: int
) -> None:  # SB-3
    daycare, river = id_of("Daycare"), db.session.query(Location).filter_by(name="Riverside").one()
    gone = db.session.query(Offering).filter_by(service_id=daycare)
    (gone.filter_by(location_id=river.id) if left else gone).delete()
    db.session.commit()
    address = f"/book?service={daycare}&location={river.id}&pet={biscuit.id}&day=2026-11-24"
    browser = browse(rosa)
    for answer, status in ((browser.get(address), 200), (browser.post(address, data={"key": KEY}), 422)):
        assert (answer.status_code, heading(answer)) == (status, "At which location?")
        assert ("Maple Street" in answer.text) == bool(left)
    assert db.session.query(Booking).count() == 0


def test_a_step_takes_at_most_six_queries(app: Flask, browse: Browse, rosa: Client) -> None:
    groom, browser = cast.service("Full Groom"), browse(rosa)
    groom.every_minutes = 5
    db.session.commit()
    place, pet = maple(), rosa.pets[0].id
    times = f"/book?service={groom.id}&location={place}&pet={pet}&add_on=0&provider=0"
    days, nights = (
        f"/book?service={cast.service(name).id}&location={place}&pet={pet}" for name in ("Daycare", "Boarding")
    )
    chosen = f"{nights}&arrive=2026-11-26&leave=2026-11-29"
    steps = {"/book": "What can we do for you?", **dict.fromkeys((times, days, nights, chosen), "When?")}
    for path, shown in steps.items():
        most = 3 if path == "/book" else 6
        assert heading(browser.get(path)) == shown
        with queries(app) as said:
            browser.get(path)
        assert len(said) <= most, "\n\n".join(said)
