"""My Bookings, as the browser asks for them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from icalendar import Calendar

from portal.db import db
from portal.models import (
    Attendance,
    Booking,
    Client,
    Decision,
    Delivery,
    History,
    Location,
    Member,
    Message,
    Notice,
    NoticeKind,
    Pet,
    Provider,
    Service,
    WaitlistEntry,
)
from portal.rules import waitlists
from portal.rules.actors import as_client
from portal.views.client import bookings as views
from tests import cast
from tests.conftest import Browse


def soon(**ahead: int) -> datetime:
    return datetime.now(UTC) + timedelta(**ahead)


@pytest.fixture
def groom(rosa: Client, biscuit: Pet) -> Booking:
    return cast.booking(rosa, [biscuit], "Full Groom", soon(days=5), made_at=soon(days=-2))


def test_the_first_page_lists_what_is_booked(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-1, BK-2
    page = browse(rosa).get("/")
    assert page.status_code == 200
    assert "Upcoming Bookings" in page.text
    for words in ("Full Groom", "Biscuit", "Maple Street", "Cancel Booking"):
        assert words in page.text
    assert "View All" not in page.text


def test_more_than_five_show_view_all(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # BK-1
    for day in range(7):
        cast.booking(rosa, [biscuit], "Daycare", soon(days=day + 1), made_at=soon(days=-2))
        cast.booking(rosa, [biscuit], "Full Groom", soon(days=-day - 2), made_at=soon(days=-30))
    page = browse(rosa).get("/").text
    assert page.count('id="booking_row-') == 10
    assert page.count("View All 7") == 2
    assert browse(rosa).get("/bookings/upcoming").text.count('id="booking_row-') == 7
    assert browse(rosa).get("/bookings/past").text.count('id="booking_row-') == 7


def test_a_long_list_goes_on_where_it_stopped(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # BK-1
    for day in range(60):
        cast.booking(rosa, [biscuit], "Full Groom", soon(days=-day - 1), made_at=soon(days=-90))
    browser, seen, address = browse(rosa), [], "/bookings/past"
    while address:
        page = browser.swap(address, "get").text
        seen += [piece.split('"')[0] for piece in page.split('id="booking_row-')[1:]]
        address = (
            "/bookings/past" + page.split('href="?after=')[1].split('"')[0].join(["?after=", ""])
            if "?after=" in page
            else ""
        )
    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize(
    "after", ["", "soon", "20261301000000000000-0-1", "20260101000000000000-0-99999999999", "\x00"]
)
def test_an_address_that_goes_on_nowhere_is_not_found(browse: Browse, rosa: Client, after: str) -> None:
    assert browse(rosa).get("/bookings/past", query_string={"after": after}).status_code == 404


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (
            lambda id: Decision(
                booking_id=id, confirmed=False, reason="Fully staffed", at=soon(), by_kind="member", by_name="N"
            ),
            "Declined",
        ),
        (lambda id: Attendance(booking_id=id, checked_in_at=soon()), "Checked in"),
        (lambda id: Attendance(booking_id=id, missed_at=soon()), "No-show"),
    ],
)
def test_a_status_is_said_where_it_is_not_simply_booked(
    browse: Browse, rosa: Client, groom: Booking, made, word
) -> None:  # type: ignore[no-untyped-def]  # BK-2
    db.session.add(made(groom.id))
    db.session.commit()
    page = browse(rosa).get("/").text
    assert word in page
    assert "Cancel Booking" not in page


def test_cancelling_asks_once(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-4
    dialog = browse(rosa).swap(f"/bookings/{groom.id}/cancellation", "get")
    assert "<dialog" in dialog.text
    assert "Cancel this booking?" in dialog.text
    assert "place is given up" in dialog.text
    page = browse(rosa).get(f"/bookings/{groom.id}/cancellation")
    assert "<html" in page.text
    assert "Keep It" in page.text
    assert db.session.get(Booking, groom.id).cancellation is None


def test_cancelling_swaps_the_row(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-4
    answer = browse(rosa).swap(f"/bookings/{groom.id}/cancellation")
    assert answer.status_code == 200
    assert f'id="booking_row-{groom.id}"' in answer.text
    assert "Undo" in answer.text
    assert 'id="at_a_glance"' in answer.text
    assert "<html" not in answer.text
    assert db.session.get(Booking, groom.id).cancellation is not None
    told = db.session.query(Notice).filter_by(kind=NoticeKind.CANCELLATION).one()
    assert told.text.startswith("Rosa Delgado cancelled Full Groom")
    assert db.session.query(Message).filter(Message.text.contains("Biscuit’s place is given up")).count() == 1
    letter = db.session.query(Delivery).filter(Delivery.subject == "Cancelled: Full Groom").one()
    assert letter.recipient == "rosa@example.com"
    assert letter.due_at > letter.created_at, "the letter waits until the undo has run out"


def test_where_there_is_no_at_a_glance_none_is_sent(browse: Browse, rosa: Client, groom: Booking) -> None:  # NAV-5
    for address in ("http://localhost/bookings/upcoming", "http://[", "nonsense"):
        headers = {"HX-Current-URL": address}
        swapped = browse(rosa).swap(f"/bookings/{groom.id}/cancellation", headers=headers).text
        assert ('id="at_a_glance"' in swapped) == (address != "http://localhost/bookings/upcoming")
        browse(rosa).swap(f"/bookings/{groom.id}/restoration", headers=headers)


def test_cancelling_works_without_javascript(browse: Browse, rosa: Client, groom: Booking) -> None:  # NAV-7
    answer = browse(rosa).post(f"/bookings/{groom.id}/cancellation")
    assert answer.status_code == 303
    assert answer.location == f"/bookings/{groom.id}"
    browser = browse(rosa)
    assert "Undo" in browser.get(answer.location).text
    assert browser.post(f"/bookings/{groom.id}/restoration").status_code == 303


def test_cancelling_twice_is_refused_in_words(browse: Browse, rosa: Client, groom: Booking) -> None:
    browser = browse(rosa)
    row = browser.swap(f"/bookings/{groom.id}/cancellation").text
    assert row.index("Undo</button>") < row.index("Cancelled</span>"), "the tag stays when the time to undo is over"
    answer = browser.swap(f"/bookings/{groom.id}/cancellation")
    assert answer.status_code == 422
    assert answer.headers["HX-Reswap"] == "none"
    assert "already cancelled" in answer.text
    page = browser.post(f"/bookings/{groom.id}/cancellation")
    assert page.status_code == 422
    assert "<html" in page.text
    back = browser.get(f"/bookings/{groom.id}/cancellation")
    assert (back.status_code, back.location) == (303, f"/bookings/{groom.id}"), "and going back leads to the booking"
    assert db.session.query(Notice).filter_by(kind=NoticeKind.CANCELLATION).count() == 1


def test_a_booking_of_somebody_else_does_not_exist(browse: Browse, omar: Client, nina: Member, groom: Booking) -> None:
    for path in ("", "/cancellation", ".ics"):
        assert browse(omar).get(f"/bookings/{groom.id}{path}").status_code == 404
    assert browse(omar).swap(f"/bookings/{groom.id}/cancellation").status_code == 404
    assert browse(nina).swap(f"/bookings/{groom.id}/cancellation").status_code == 401
    assert db.session.get(Booking, groom.id).cancellation is None


def test_undo_leaves_no_trace_but_the_history(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-4
    browser = browse(rosa)
    browser.swap(f"/bookings/{groom.id}/cancellation")
    answer = browser.swap(f"/bookings/{groom.id}/restoration")
    assert answer.status_code == 200
    assert "Undo" not in answer.text
    assert db.session.get(Booking, groom.id).cancellation is None
    assert db.session.query(Notice).filter_by(kind=NoticeKind.CANCELLATION).count() == 0
    assert db.session.query(Message).filter(Message.text.contains("given up")).count() == 0
    assert db.session.query(Delivery).filter(Delivery.subject.startswith("Cancelled")).count() == 0
    changes = db.session.query(History).filter_by(client_id=rosa.id).order_by(History.id)
    assert [row.new for row in changes] == ["Booked", "Cancelled", "Booked"]


def test_what_the_business_cancelled_only_the_business_takes_back(
    browse: Browse, rosa: Client, nina: Member, groom: Booking
) -> None:  # BK-4
    browse(nina).post(f"/desk/bookings/{groom.id}/cancellation")
    for path in ("/", "/bookings/upcoming", f"/bookings/{groom.id}"):
        assert "restoration" not in browse(rosa).get(path).text
    answer = browse(rosa).swap(f"/bookings/{groom.id}/restoration")
    assert answer.status_code == 422
    assert "Maple &amp; Paw has cancelled this booking. Please call" in answer.text
    assert db.session.get(Booking, groom.id).cancellation
    assert "restoration" in browse(nina).get(f"/desk/bookings/{groom.id}").text
    browse(nina).post(f"/desk/bookings/{groom.id}/restoration")
    assert db.session.get(Booking, groom.id, populate_existing=True).cancellation is None


def test_a_booking_tells_everything_about_itself(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # BK-5
    booking = cast.booking(rosa, [biscuit, juno], "Full Groom", soon(days=3), made_at=soon(days=-1))
    booking.providers = [db.session.query(Provider).one()]
    db.session.commit()
    page = browse(rosa).get(f"/bookings/{booking.id}").text
    for words in (
        "212 Maple Street",
        "Theo Brandt",
        "Biscuit",
        "Juno",
        "$170.00",
        "To be paid at the desk",
        "You are booked",
    ):
        assert words in page
    assert "Cancel Booking" in page


def test_what_is_cancelled_is_not_to_be_paid_any_more(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-5
    browser, path = browse(rosa), f"/bookings/{groom.id}"
    asked = ("To be paid at the desk", "Add to calendar")
    assert all(words in browser.get(path).text for words in asked)
    browser.post(f"{path}/cancellation")
    assert not any(words in browser.get(path).text for words in asked)


def test_too_late_to_cancel_says_whom_to_call(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # BK-3, BK-5
    booking = cast.booking(rosa, [biscuit], "Full Groom", soon(hours=5), made_at=soon(days=-1))
    page = browse(rosa).get(f"/bookings/{booking.id}").text
    assert "can no longer be cancelled here" in page
    assert "(212) 555-0148" in page
    assert "hello@example.com" in page
    assert "Cancel Booking" not in page
    assert "Cancel Booking" not in browse(rosa).get("/").text
    late = browse(rosa).swap(f"/bookings/{booking.id}/cancellation")
    assert late.status_code == 422
    assert "(212) 555-0148" in late.text


def test_a_booking_goes_into_a_calendar(browse: Browse, rosa: Client, groom: Booking) -> None:  # BK-8
    answer = browse(rosa).get(f"/bookings/{groom.id}.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["summary"] == "Full Groom for Biscuit"
    assert event.decoded("dtstart") == groom.starts_at.replace(microsecond=0)
    assert "Maple Street" in event["location"]


@pytest.mark.parametrize(("confirmed", "status"), [(None, "TENTATIVE"), (True, "CONFIRMED"), (False, "CANCELLED")])
def test_a_calendar_file_knows_what_was_answered(
    browse: Browse, groom: Booking, rosa: Client, confirmed: bool | None, status: str
) -> None:  # BK-8
    groom.needs_approval = True
    if confirmed is not None:
        db.session.add(Decision(booking_id=groom.id, confirmed=confirmed, at=soon(), by_kind="member", by_name="Nina"))
    db.session.commit()
    (event,) = Calendar.from_ical(browse(rosa).get(f"/bookings/{groom.id}.ics").data).walk("VEVENT")
    assert event["status"] == status


def test_a_strange_name_makes_one_event(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # BK-8
    biscuit.name = "Bis;cuit,\\ 🐶 BEGIN:VEVENT"
    db.session.commit()
    booking = cast.booking(rosa, [biscuit], "Daycare", soon(days=3), made_at=soon(days=-1))
    events = Calendar.from_ical(browse(rosa).get(f"/bookings/{booking.id}.ics").data).walk("VEVENT")
    assert [str(event["summary"]) for event in events] == [f"Daycare for {biscuit.name}"]


@pytest.fixture
def entries(rosa: Client, juno: Pet) -> list[WaitlistEntry]:
    daycare = db.session.query(Service).filter_by(name="Daycare").one()
    agility = db.session.query(Service).filter_by(name="Agility").one()
    dated = cast.session("Agility", soon(days=4))
    by, at = as_client(rosa), soon()
    river = db.session.query(Location).filter_by(name="Riverside").one()
    general = waitlists.join(rosa, juno, daycare, location=river, by=by, at=at)
    return [general, waitlists.join(rosa, juno, agility, session=dated, by=by, at=at)]


def test_general_entries_stand_on_top(browse: Browse, rosa: Client, entries: list[WaitlistEntry]) -> None:  # WL-1
    page = browse(rosa).get("/").text
    top, _, below = page.partition("Upcoming Bookings")
    assert f'id="waitlist_row-{entries[0].id}"' in top
    assert "Riverside" in top
    assert f'id="waitlist_row-{entries[0].id}"' not in below


def test_dated_entries_stand_among_the_bookings(
    browse: Browse, rosa: Client, groom: Booking, entries: list[WaitlistEntry]
) -> None:  # WL-2
    below = browse(rosa).get("/").text.partition("Upcoming Bookings")[2]
    assert 0 < below.find(f'id="waitlist_row-{entries[1].id}"') < below.find(f'id="booking_row-{groom.id}"')
    listed = browse(rosa).get("/bookings/upcoming").text
    assert f'id="waitlist_row-{entries[1].id}"' in listed


def test_the_trash_can_removes_an_entry_in_place(
    browse: Browse, rosa: Client, entries: list[WaitlistEntry]
) -> None:  # WL-3
    browser, id = browse(rosa), entries[0].id
    answer = browser.swap(f"/waitlists/{id}/removal")
    assert answer.status_code == 200
    assert "Undo" in answer.text
    assert "<html" not in answer.text
    assert "Removed from your waitlists" in browser.get("/").text, "with its Undo, for those who load the page anew"
    again = browser.swap(f"/waitlists/{id}/removal")
    assert again.status_code == 422
    assert "already been removed" in again.text
    back = browser.swap(f"/waitlists/{id}/return")
    assert "Waitlisted" in back.text
    assert f'id="waitlist_row-{id}"' in browser.get("/").text
    changes = db.session.query(History).filter_by(field="Waitlist", subject="Daycare, Juno").order_by(History.id)
    assert [row.new for row in changes] == ["Waiting", "Removed", "Waiting"]


def test_removing_without_javascript(
    browse: Browse, rosa: Client, omar: Client, entries: list[WaitlistEntry]
) -> None:  # WL-3, NAV-7
    assert browse(omar).post(f"/waitlists/{entries[0].id}/removal").status_code == 404
    answer = browse(rosa).post(f"/waitlists/{entries[0].id}/removal")
    assert (answer.status_code, answer.location) == (303, f"/#waitlist_row-{entries[0].id}")
    assert db.session.get(WaitlistEntry, entries[0].id).removed_at


@pytest.mark.parametrize(("kind", "page"), [(0, "/waitlists"), (1, "/bookings/upcoming")])
def test_taking_back_a_removal_without_javascript(
    browse: Browse, rosa: Client, entries: list[WaitlistEntry], kind: int, page: str
) -> None:  # WL-3, NAV-7
    browser, id = browse(rosa), entries[kind].id
    browser.post(f"/waitlists/{id}/removal")
    form = f'action="/waitlists/{id}/return"'
    for place in ("/", page):
        assert form in browser.get(place).text, "a page loaded anew still offers the Undo"
    answer = browser.post(f"/waitlists/{id}/return")
    assert (answer.status_code, answer.location) == (303, f"/#waitlist_row-{id}")
    after = browser.get(page).text
    assert f'id="waitlist_row-{id}"' in after
    assert form not in after


def test_undo_ends_with_its_time(browse: Browse, rosa: Client, entries: list[WaitlistEntry]) -> None:  # WL-3
    browser, id = browse(rosa), entries[0].id
    browser.post(f"/waitlists/{id}/removal")
    entries[0].removed_at = soon(minutes=-5)
    db.session.commit()
    assert f'id="waitlist_row-{id}"' not in browser.get("/waitlists").text
    late = browser.post(f"/waitlists/{id}/return")
    assert late.status_code == 422
    assert "Join the waitlist anew" in late.text
    assert db.session.get(WaitlistEntry, id).removed_at, "nothing is changed"


def test_at_a_glance_shows_only_what_there_is(
    browse: Browse, omar: Client, rosa: Client, groom: Booking
) -> None:  # NAV-5
    glance = browse(rosa).get("/").text
    assert "Vaccines to update" in glance
    assert "Biscuit’s Full Groom at Maple Street" in glance
    assert "Unread message" in glance, "the confirmation is new"
    assert "New document" not in glance
    for pet in omar.pets:
        db.session.delete(pet)
    db.session.commit()
    assert "At a glance" not in browse(omar).get("/").text


def test_an_htmx_action_after_the_session_has_run_out_leads_to_sign_in_and_back(
    browse: Browse, groom: Booking
) -> None:  # SI-14
    answer = browse().swap(
        f"/bookings/{groom.id}/cancellation", headers={"HX-Current-URL": "http://localhost/bookings/upcoming"}
    )
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/bookings/upcoming"


def test_who_waits_for_the_lock_until_the_time_is_over_undoes_nothing(
    browse: Browse, rosa: Client, groom: Booking, monkeypatch: pytest.MonkeyPatch
) -> None:  # BK-5
    browser = browse(rosa)
    browser.post(f"/bookings/{groom.id}/cancellation")
    mine = views.mine
    with time_machine.travel(datetime.now(UTC), tick=False) as clock:

        def slow(*row: object) -> object:
            clock.shift(11)
            return mine(*row)  # type: ignore[arg-type]

        monkeypatch.setattr(views, "mine", slow)
        answer = browser.post(f"/bookings/{groom.id}/restoration")
    assert (answer.status_code, "The time to undo is over" in answer.text) == (422, True)
    assert groom.cancellation
