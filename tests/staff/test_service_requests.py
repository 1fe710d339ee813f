"""What clients ask for in words, as the desk answers it."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest

from portal.db import db
from portal.models import Booking, Client, History, Location, Member, Message, Notice, Pet, ServiceRequest
from portal.rules import service_requests
from portal.rules.actors import as_client, as_member
from tests import cast
from tests.conftest import Browse

LIST = "/desk/requests/services"


@pytest.fixture
def asked(rosa: Client, biscuit: Pet, juno: Pet) -> ServiceRequest:
    cast.open_shop()
    return service_requests.ask(
        rosa,
        cast.service("Boarding"),
        [biscuit, juno],
        location=None,
        wanted="24 to 27 December",
        notes="Juno is shy.",
        key=None,
        by=as_client(rosa),
        at=datetime.now(UTC),
    )


def test_the_desk_reads_it_and_goes_on_to_book(
    browse: Browse, nina: Member, asked: ServiceRequest, biscuit: Pet, juno: Pet
) -> None:  # SB-10, FD-3
    page = browse(nina).get(LIST).text
    for words in ("Boarding for Biscuit and Juno", "Rosa Delgado", "24 to 27 December", "Juno is shy."):
        assert words in page
    address = f"/desk/customers/{asked.client_id}/requests/{asked.id}/book?service={asked.service_id}"
    assert f'href="{address}&amp;pet={biscuit.id}&amp;pet={juno.id}"' in page
    assert browse(nina).get(f"{address}&pet={biscuit.id}").status_code == 200


def test_where_bookings_are_answered_it_is_counted(
    browse: Browse, nina: Member, asked: ServiceRequest
) -> None:  # SB-10
    browser = browse(nina)
    page = browser.get("/desk/requests").text
    assert "Requests for Services (1)" in page
    assert "but 1 request in their own words does." in page
    assert '1<span class="sr-only"> to answer' in page, "beside “Requests” in the bar, too"
    browser.post(f"{LIST}/{asked.id}/scheduling")
    page = browser.get("/desk/requests").text
    assert "Requests for Services (" not in page
    assert "Nobody waits for an answer." in page
    assert "to answer" not in page


def test_what_is_booked_for_it_is_tied_to_it(
    browse: Browse, theo: Member, rosa: Client, asked: ServiceRequest, biscuit: Pet
) -> None:  # SB-10, FD-3
    browser = browse(theo)
    day = datetime.now(UTC).date() + timedelta(days=4)
    place = db.session.query(Location).first().id
    what = f"service={asked.service_id}&location={place}&pet={biscuit.id}&first={day}&last={day + timedelta(days=2)}"
    address = f"/desk/customers/{rosa.id}/requests/{asked.id}/book?{what}"
    page = browser.get(address).text
    assert "Rosa Delgado asked for Boarding" in page
    assert "24 to 27 December" in page
    assert f'action="/desk/customers/{rosa.id}/requests/{asked.id}/book?' in page
    for _ in range(2):
        assert browser.post(address, data={"key": "0123456789abcdef" * 2}).status_code == 303
    booking = db.session.query(Booking).one()
    db.session.refresh(asked)
    assert (asked.booking_id, asked.ended_by) == (booking.id, "Theo Brandt")
    assert db.session.query(History).filter_by(field="Request", new="Scheduled").count() == 1
    page = browser.get(LIST).text
    assert "No request for services is waiting." in page
    assert "Scheduled by Theo Brandt, today" in page
    assert f'href="/desk/bookings/{booking.id}"' in page
    assert "24 to 27 December" in browser.get(f"/desk/bookings/{booking.id}").text
    hers = browse(rosa)
    assert f'href="/bookings/{booking.id}"' in hers.get("/requests").text
    assert "You asked for" in hers.get(f"/bookings/{booking.id}").text
    assert "answered or withdrawn already" in browser.get(address).text


def test_what_was_withdrawn_meanwhile_stays_so(
    browse: Browse, theo: Member, rosa: Client, omar: Client, asked: ServiceRequest, biscuit: Pet
) -> None:  # SB-10
    service_requests.withdraw(asked, by=as_client(rosa), at=datetime.now(UTC))
    booking = cast.booking(rosa, [biscuit], "Daycare", cast.NOON, made_at=cast.NOON)
    service_requests.schedule_as(asked, booking, by=as_member(theo), at=datetime.now(UTC))
    assert asked.booking_id is None
    rosa.last_name = "Keller"
    db.session.commit()
    assert "Withdrawn by Rosa Delgado, today" in browse(theo).get(LIST).text, "whatever she is called today"
    assert "24 to 27 December" not in browse(rosa).get("/requests").text
    assert browse(theo).get(f"/desk/customers/{omar.id}/requests/{asked.id}/book").status_code == 404


def test_what_staff_withdraw_for_a_client_is_withdrawn(  # SB-10
    browse: Browse, nina: Member, asked: ServiceRequest
) -> None:
    service_requests.withdraw(asked, by=as_member(nina), at=datetime.now(UTC))
    assert "Withdrawn by Nina Park, today" in browse(nina).get(LIST).text


def test_what_is_scheduled_leaves_the_list(browse: Browse, nina: Member, asked: ServiceRequest) -> None:  # SB-10
    browser = browse(nina)
    answer = browser.post(f"{LIST}/{asked.id}/scheduling")
    assert (answer.status_code, answer.location) == (303, LIST)
    assert "No request for services is waiting." in browser.get(LIST).text
    assert db.session.get(ServiceRequest, asked.id).ended_by == "Nina Park"
    assert browser.post(f"{LIST}/{asked.id}/scheduling").status_code == 422
    assert db.session.query(History).filter_by(field="Request", new="Scheduled", by_name="Nina Park").count() == 1


def test_it_is_declined_with_a_reason(browse: Browse, nina: Member, asked: ServiceRequest) -> None:  # SB-10, FD-3
    browser, path = browse(nina), f"{LIST}/{asked.id}/answer"
    assert "Decline this request?" in browser.get(path).text
    empty = browser.post(path, data={"answer": "  "})
    assert empty.status_code == 422
    assert "Say why, and what would do instead" in empty.text
    assert browser.swap(path, data={"answer": ""}).text.lstrip().startswith("<form")
    answer = browser.post(path, data={"answer": "We are full; the 28th is free."})
    assert (answer.status_code, answer.location) == (303, LIST)
    assert db.session.get(ServiceRequest, asked.id).answer == "We are full; the 28th is free."
    assert db.session.query(Message).filter(Message.text.contains("the 28th is free")).count() == 1
    again = browser.post(path, data={"answer": "Once more"})
    assert again.status_code == 422
    assert "answered or withdrawn already" in again.text


def test_it_is_declined_without_a_letter(browse: Browse, nina: Member, asked: ServiceRequest) -> None:  # SB-10
    before = db.session.query(Message).count()
    browser, path = browse(nina), f"{LIST}/{asked.id}/answer"
    assert "Don’t notify the client" in browser.get(path).text
    answer = browser.post(path, data={"answer": "We spoke on the phone.", "quiet": "y"})
    assert db.session.query(Message).count() == before
    assert "The client reads why in the portal." in browser.get(answer.location).text


def test_staff_are_told_of_it(asked: ServiceRequest) -> None:  # FD-6
    assert db.session.query(Notice).one().kind == "request"


@pytest.mark.parametrize("path", [LIST, LIST + "/{}/answer"])
def test_clients_do_not_get_there(browse: Browse, rosa: Client, asked: ServiceRequest, path: str) -> None:
    assert browse(rosa).get(path.format(asked.id)).location.startswith("/desk/sign-in")


def test_one_that_is_not_there(browse: Browse, nina: Member, asked: ServiceRequest) -> None:
    for path in ("scheduling", "answer"):
        assert browse(nina).post(f"{LIST}/999/{path}", data={"answer": "x"}).status_code == 404


def test_a_long_list_goes_on(browse: Browse, nina: Member, rosa: Client, asked: ServiceRequest) -> None:  # SB-10
    """Each stands there once, the oldest first, also where many came at one moment."""
    more = 2 * service_requests.LONG + 3
    for number in range(1, more + 1):
        moment = asked.made_at + timedelta(minutes=number // 20)
        wish = {"client_id": rosa.id, "service_id": asked.service_id, "made_at": moment, "wanted": f"Wish {number}."}
        db.session.add(ServiceRequest(**wish))
    over = {"ended_at": asked.made_at, "ended_by": "Nina Park", "outcome": "declined", "answer": "We are away."}
    db.session.add(ServiceRequest(client_id=rosa.id, service_id=asked.service_id, made_at=moment, wanted="No", **over))
    db.session.commit()
    browser, address, read = browse(nina), LIST, []
    for length in (service_requests.LONG, service_requests.LONG, 4):
        page, part = browser.get(address).text, browser.swap(address, "get").text
        read += (found := re.findall(r"Wish (\d+)\.|24 to 27 December", part))
        assert len(found) == length
        assert re.findall(r"Wish (\d+)\.|24 to 27 December", page) == found, "without a script it is the same list"
        assert part.lstrip().startswith("<li")
        assert "<html" not in part
        assert ("Oldest requests" in page) is (address != LIST)
        assert ("We are away." in page) is (address == LIST)
        address = unescape((re.findall(rf'hx-get="({LIST}\?after=[^"]+)"', part) or [""])[0])
    assert address == "", "that was the last"
    assert read == ["", *map(str, range(1, more + 1))]
    end = re.findall(r"after=([\w-]+)", browser.get(LIST).text)[0]
    for one in db.session.query(ServiceRequest).filter(ServiceRequest.ended_at.is_(None)):
        service_requests.schedule(one, by=as_member(nina), at=datetime.now(UTC))
    assert "No request for services is waiting after these." in browser.get(f"{LIST}?after={end}").text
    assert browser.get(f"{LIST}?after=nonsense").status_code == 404
