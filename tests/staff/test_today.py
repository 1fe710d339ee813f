"""Today at the front desk: the lanes, one tap to check in and out, and tablets that keep themselves up to date."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    Client,
    History,
    Location,
    Member,
    Message,
    Notice,
    Pet,
    ServiceVaccine,
    SignIn,
    Vaccination,
    VaccineKind,
)
from portal.rules import attendances, desk_lanes
from portal.rules.actors import as_member
from portal.rules.desk_lanes import SHOWN
from tests import cast
from tests.conftest import Browse, Browser
from tests.house.test_speed import queries

ALL = SHOWN + 3
AT = cast.NOON  # Monday 23 November 2026, 10:00 in New York
STEPS = ["arrival", "departure", "absence", "arrival/undo", "departure/undo", "absence/undo"]


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    """Biscuit was expected five minutes ago."""
    return book(rosa, biscuit, minutes=-5)


@pytest.fixture
def desk(browse: Browse, nina: Member) -> Browser:
    return browse(nina)


def book(owner: Client, pet: Pet, service: str = "Full Groom", **away: float) -> Booking:
    return cast.booking(owner, [pet], service, AT + timedelta(**away), made_at=AT - timedelta(days=5))


def plain(text: str) -> str:
    text = text.replace("\N{NO-BREAK SPACE}", " ").replace("&nbsp;", " ")
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def lane(page: str, name: str) -> str:
    """The words of one lane."""
    return plain(page.split(f'id="{name}"')[1].split("</section>")[0].split(">", 1)[1])


def watch(page: str) -> str:
    """The address that the page asks by itself."""
    found = re.search(r'id="watch"[^>]*hx-get="([^"]+)" hx-trigger="every 5s"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_today_shows_who_comes_and_what_to_know(desk: Browser, groom: Booking, rosa: Client, juno: Pet) -> None:  # FD-1
    book(rosa, juno, "Boarding", days=-2, hours=1).ends_at = AT + timedelta(days=2)
    with time_machine.travel(AT, tick=False):
        page = desk.get("/desk/").text
    arrivals = lane(page, "arrivals")
    for words in ("Biscuit", "9:55 AM", "Full Groom", "5 min late", "Rosa Delgado", "Vaccine missing or expired"):
        assert words in arrivals
    assert "Check In Biscuit" in arrivals
    assert "Nobody stays overnight." in lane(page, "house")
    assert "No classes today." in lane(page, "classes")
    assert f'href="/desk/customers/{rosa.id}"' in page
    assert re.search(r"<b>2</b>to arrive.*<b>2</b>late.*<b>0</b>in the house", page, re.DOTALL)


def test_a_flag_goes_by_what_the_service_asks_for(desk: Browser, groom: Booking, biscuit: Pet) -> None:  # FD-1, VAX-2
    """It asks for one that is required nowhere else, and for none of the others."""
    kind = db.session.query(VaccineKind).filter_by(animal_id=biscuit.animal_id, name="Leptospirosis").one()
    db.session.add(ServiceVaccine(service_id=groom.service_id, vaccine_kind_id=kind.id))
    has = Vaccination(client_id=biscuit.client_id, pet_id=biscuit.id, vaccine_kind_id=kind.id)
    db.session.add(has)
    for until, flagged in ((AT.date() + timedelta(days=9), False), (AT.date() - timedelta(days=9), True)):
        has.expires_on = until
        db.session.commit()
        with time_machine.travel(AT, tick=False):
            assert ("Vaccine missing or expired" in lane(desk.get("/desk/").text, "arrivals")) == flagged


@pytest.mark.parametrize("part", [True, False], ids=["scripted", "plain"])
def test_one_tap_checks_in_and_one_out(  # FD-1
    part: bool, desk: Browser, groom: Booking, theo: Member
) -> None:
    letters, notices = db.session.query(Message).count(), db.session.query(Notice).count()
    do = desk.swap if part else desk.post
    with time_machine.travel(AT, tick=False) as clock:
        for step, place, said in (
            ("arrival", "departures", "Checked in: Biscuit"),
            ("departure", "departures", "Checked out: Biscuit"),
        ):
            answer = do(f"/desk/bookings/{groom.id}/{step}")
            if not part:
                assert (answer.status_code, answer.location) == (303, "/desk/")
                answer = desk.get("/desk/")
            assert answer.status_code == 200
            assert said in plain(answer.text)
            assert "Biscuit" in lane(answer.text, place)
            assert "Nobody else is expected" in lane(answer.text, "arrivals")
            assert f'action="/desk/bookings/{groom.id}/{step}/undo"' in answer.text
            clock.shift(timedelta(minutes=1))
    kept = db.session.query(Attendance).one()
    assert (kept.checked_in_at, kept.checked_in_by) == (AT, "Nina Park")
    assert (kept.checked_out_at, kept.checked_out_by) == (AT + timedelta(minutes=1), "Nina Park")
    rows = db.session.query(History).filter_by(by_name="Nina Park").order_by(History.id).all()
    assert [(row.old, row.new) for row in rows] == [("Booked", "Checked in"), ("Checked in", "Done")]
    assert db.session.query(Message).count() == letters, "the client hears nothing of it"
    assert db.session.query(Notice).count() == notices


def test_the_parts_are_swapped_where_they_stand(desk: Browser, groom: Booking) -> None:
    with time_machine.travel(AT, tick=False):
        page, part = desk.get("/desk/").text, desk.swap(f"/desk/bookings/{groom.id}/arrival").text
    assert "<html" not in part
    swapped = re.findall(r'id="([\w-]+)"[^>]*hx-swap-oob', part)
    assert {"clock", "counters", "arrivals-head", "arrivals-rows", "departures-rows", "classes-rows", "toast"} <= set(
        swapped
    )
    for name in swapped:
        assert f'id="{name}"' in page
    assert "hx-swap-oob" not in page


@pytest.mark.parametrize("method", ["post", "delete"])
def test_undo_takes_each_step_back(method: str, desk: Browser, groom: Booking) -> None:  # FD-1
    with time_machine.travel(AT, tick=False):
        for step in ("absence", "arrival", "departure"):
            desk.swap(f"/desk/bookings/{groom.id}/{step}")
            if step == "arrival":
                continue
            address = f"/desk/bookings/{groom.id}/{step}" + ("/undo" if method == "post" else "")
            headers = {"HX-Request": "true", "X-CSRFToken": desk.csrf("/desk/sign-in")}
            answer = desk.open(address, method=method, headers=headers)
            assert answer.status_code == 200
        assert "Still here: Biscuit" in plain(answer.text)
        answer = desk.swap(f"/desk/bookings/{groom.id}/arrival/undo")
        assert "Check In Biscuit" in lane(answer.text, "arrivals")
    assert db.session.query(Attendance).count() == 0
    assert [row.new for row in db.session.query(History).filter_by(by_name="Nina Park").order_by(History.id)] == [
        "No-show",
        "Booked",
        "Checked in",
        "Done",
        "Checked in",
        "Booked",
    ]


def test_undo_leaves_the_row_after_ten_minutes(desk: Browser, groom: Booking) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        part = desk.swap(f"/desk/bookings/{groom.id}/arrival").text
        assert 'data-expires="600"' in part
        clock.shift(timedelta(minutes=10, seconds=1))
        assert "/arrival/undo" not in desk.get("/desk/").text
        answer = desk.swap(f"/desk/bookings/{groom.id}/arrival/undo")
    assert answer.status_code == 422
    assert "Check out instead." in answer.text


@pytest.mark.parametrize("part", [True, False], ids=["scripted", "plain"])
def test_the_second_tablet_hears_who_was_first(part: bool, desk: Browser, groom: Booking, theo: Member) -> None:  # FD-1
    attendances.check_in(groom, by=as_member(theo), at=AT)
    with time_machine.travel(AT + timedelta(minutes=1), tick=False):
        answer = (desk.swap if part else desk.post)(f"/desk/bookings/{groom.id}/arrival")
    assert answer.status_code == 422
    assert "Biscuit is already checked in: Theo Brandt did that today, 10:00 AM." in plain(answer.text)
    assert db.session.query(Attendance).one().checked_in_by == "Theo Brandt"


@pytest.mark.parametrize("step", STEPS)
def test_what_cannot_be_is_refused_in_words(step: str, desk: Browser, rosa: Client, biscuit: Pet) -> None:
    asked = book(rosa, biscuit, days=1)
    with time_machine.travel(AT, tick=False):
        answer = desk.swap(f"/desk/bookings/{asked.id}/{step}")
    assert answer.status_code == 422
    assert "Biscuit" in answer.text
    assert db.session.query(Attendance).count() == 0
    assert db.session.query(History).filter_by(by_name="Nina Park").count() == 0


@pytest.mark.parametrize("step", STEPS)
def test_a_booking_that_is_not_there_and_a_client_at_the_desk(
    step: str, desk: Browser, browse: Browse, groom: Booking, rosa: Client
) -> None:
    assert desk.swap(f"/desk/bookings/99999/{step}").status_code == 404
    stranger = browse(rosa).post(f"/desk/bookings/{groom.id}/{step}")
    assert (stranger.status_code, stranger.location.split("?")[0]) == (302, "/desk/sign-in")
    assert db.session.query(Attendance).count() == 0


def test_a_location_is_kept_in_the_address(desk: Browser, groom: Booking, rosa: Client) -> None:  # FD-1
    maple, river = (db.session.query(Location).filter_by(name=name).one().id for name in ("Maple Street", "Riverside"))
    with time_machine.travel(AT, tick=False):
        assert "Biscuit" not in desk.get(f"/desk/?at={river}").text
        page = desk.get(f"/desk/?at={maple}").text
        assert "Biscuit" in page
        assert f"at={maple}" in watch(page)
        action = f"/desk/bookings/{groom.id}/arrival?at={maple}"
        assert f'action="{action}"' in page
        assert desk.post(action).location == f"/desk/?at={maple}"
        for odd in ("99999", "x", "", "%00", "-1"):
            assert "All locations" in desk.get(f"/desk/?at={odd}").text


@pytest.fixture
def busy(rosa: Client, biscuit: Pet) -> list[Booking]:
    """More than a lane shows by itself."""
    pets = [cast.pet(rosa, f"Puppy {number}", biscuit.animal) for number in range(ALL)]
    return [book(rosa, pet, minutes=number) for number, pet in enumerate(pets)]


def test_a_lane_shows_its_first_rows_and_a_link_to_all(desk: Browser, busy: list[Booking]) -> None:  # FD-1
    with time_machine.travel(AT, tick=False):
        page = desk.get("/desk/").text
        assert page.count('id="visit-') == SHOWN
        assert f"<b>{ALL}</b>to arrive" in page
        assert "Show all of Arrivals" in lane(page, "arrivals")
        assert "Show all" not in lane(page, "house") + lane(page, "departures") + lane(page, "classes")
        page = desk.get("/desk/?all=arrivals").text
        assert page.count('id="visit-') == ALL
        assert "Show all" not in page
        assert 'href="/desk/"' in page.split('id="more-arrivals"')[1].split(">")[0], "Show fewer"
        for odd in ("house", "x", "", "%00", "arrivals&stretch=0", "arrivals&stretch=x", "arrivals&stretch=999"):
            shown = desk.get(f"/desk/?all={odd}")
            assert (shown.status_code, shown.text.count('id="visit-')) == (200, ALL if "arrivals" in odd else SHOWN)


@pytest.mark.parametrize("part", [True, False], ids=["scripted", "plain"])
def test_a_lane_that_was_opened_stays_open(part: bool, desk: Browser, busy: list[Booking]) -> None:  # FD-1
    with time_machine.travel(AT, tick=False):
        maple = busy[0].location_id
        page = desk.get(f"/desk/?at={maple}&all=arrivals").text
        assert f"at={maple}&all=arrivals" in watch(page)
        assert desk.swap(watch(page), "get").status_code == 204
        last = f"/desk/bookings/{busy[-1].id}/arrival?at={maple}&all=arrivals"
        assert f'formaction="{last.replace("&", "&amp;")}"' in page
        answer = (desk.swap if part else desk.post)(last)
        if not part:
            assert answer.location == f"/desk/?at={maple}&all=arrivals"
            answer = desk.get(answer.location)
        assert f"at={maple}&all=arrivals" in watch(answer.text)
        undo = f"/desk/bookings/{busy[-1].id}/arrival/undo?at={maple}&amp;all=arrivals"
        assert f'"{undo}"' in answer.text
        assert answer.text.count('id="visit-') == ALL


def test_more_rows_come_a_stretch_at_a_time(
    desk: Browser, busy: list[Booking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_lanes, "STRETCH", 2)
    with time_machine.travel(AT, tick=False):
        assert "Show 2 more of Arrivals" in plain(desk.get("/desk/").text)
        part = desk.swap("/desk/?all=arrivals", "get").text
        assert part.count('id="visit-') == ALL - 1
        first_new = part.split('data-focus="still"')[0]
        assert first_new.count('id="visit-') == SHOWN + 1, "the first row that came takes the focus"
        assert 'href="/desk/?all=arrivals&amp;stretch=2"' in part
        assert "Show all of Arrivals" in plain(part)
        assert desk.swap("/desk/?all=arrivals&stretch=2", "get").text.count('id="visit-') == ALL
        assert 'data-focus="still"' not in desk.swap("/desk/?since=x&all=arrivals", "get").text, "a poll takes no focus"


def test_a_tap_below_the_first_rows_can_be_undone_where_it_was(desk: Browser, busy: list[Booking]) -> None:  # FD-1
    last = busy[-1]
    with time_machine.travel(AT + timedelta(hours=1), tick=False):
        part = desk.swap(f"/desk/bookings/{last.id}/absence").text
        assert "No-show" in lane(part, "arrivals")
        assert f'id="visit-{last.id}"' in desk.get("/desk/").text
        part = desk.swap(f"/desk/bookings/{last.id}/absence/undo").text
        assert f'id="visit-{last.id}"' in part, "what a tap changed stays in view"
        assert f'id="visit-{last.id}"' not in desk.get("/desk/").text


def test_a_tablet_asks_and_hears_nothing_until_something_changes(  # FD-1
    app: Flask, desk: Browser, browse: Browse, groom: Booking, theo: Member
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        address = watch(desk.get("/desk/").text)
        with queries(app) as said:
            answer = desk.swap(address, "get")
        assert (answer.status_code, answer.data) == (204, b"")
        assert len(said) <= 2
        assert sum(len(f"{name}: {value}\r\n") for name, value in answer.headers) < 1000
        browse(theo).swap(f"/desk/bookings/{groom.id}/arrival")
        answer = desk.swap(address, "get")
        assert answer.status_code == 200
        assert "Biscuit" in lane(answer.text, "departures")
        assert "toast" not in answer.text, "nobody on this tablet did it"
        assert desk.swap(watch(answer.text), "get").status_code == 204
        clock.shift(timedelta(minutes=1))
        assert desk.swap(watch(answer.text), "get").status_code == 200, "words such as 5 min late grow old"


def test_a_new_message_is_counted_on_every_tablet(desk: Browser, groom: Booking, rosa: Client, browse: Browse) -> None:
    with time_machine.travel(AT, tick=False):
        address = watch(desk.get("/desk/").text)
        assert desk.swap(address, "get").status_code == 204
        form = {"subject": "Hello", "text": "Is Biscuit well?"}
        assert browse(rosa).post("/messages", data=form).status_code == 303
        answer = desk.swap(address, "get")
    assert answer.status_code == 200
    assert '<span class="badge">1' in answer.text


def test_a_tablet_that_asks_by_itself_is_nobody(desk: Browser, nina: Member) -> None:  # FD-1 SI-1
    with time_machine.travel(AT, tick=False) as clock:
        seen = datetime.now(AT.tzinfo) - timedelta(hours=1)
        db.session.query(SignIn).one().seen_at = seen
        clock.shift(timedelta(minutes=1))
        desk.swap("/desk/", "get", headers={"HX-Trigger": "watch"})
        assert db.session.query(SignIn).one().seen_at == seen
        desk.get("/desk/")
        assert db.session.query(SignIn).one().seen_at > seen


def test_four_queries_however_many_come(app: Flask, desk: Browser, rosa: Client, biscuit: Pet) -> None:
    counts = []
    with time_machine.travel(AT, tick=False):
        desk.get("/desk/")
        for many in (1, 40):
            for number in range(many):
                book(rosa, cast.pet(rosa, f"Puppy {many} {number}", biscuit.animal), minutes=number)
            cast.session("Agility", AT + timedelta(hours=2))
            with queries(app) as said:
                assert desk.get("/desk/").status_code == 200
            counts.append(len(said))
    assert counts == [4, 4]


def test_names_are_words_whatever_is_in_them(desk: Browser, rosa: Client, biscuit: Pet) -> None:
    biscuit.name, rosa.last_name = "<b>B</b>", '"><img src=x>'
    book(rosa, biscuit, minutes=5)
    with time_machine.travel(AT, tick=False):
        page = desk.get("/desk/").text
    assert "&lt;b&gt;B&lt;/b&gt;" in page
    assert "<img src=x" not in page


def test_who_is_signed_in_stands_in_a_menu_of_every_page(desk: Browser) -> None:  # SI-1
    for path in ("/desk/", "/desk/customers", "/desk/inbox"):
        page = desk.get(path).text
        assert 'popovertarget="me"' in page
        assert "Nina Park" in page
        assert "Sign Out" in page
        assert 'data-key="/"' in page
