"""The queue of vaccines that clients sent, and vaccines on a pet’s page at the desk."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Animal, Client, Delivery, History, Member, Notice, Pet, Vaccination, VaccineKind
from portal.rules import vaccine_checks, vaccines
from portal.rules.actors import as_client, as_member
from tests import samples
from tests.conftest import Browse, Browser
from tests.house.test_speed import queries

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
QUEUE = "/desk/vaccines"


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        yield


def kind(name: str) -> int:
    dog = db.session.query(Animal).filter_by(name="Dog").one()
    return db.session.query(VaccineKind).filter_by(name=name, animal_id=dog.id).one().id


def sent(pet: Pet, name: str = "Rabies", content: bytes | None = None) -> Vaccination:
    made, ending = (content, "jpg") if content else (samples.pdf(), "pdf")
    record = vaccines.keep_record(BytesIO(made), f"{name}.{ending}", at=AT)
    vaccines.update(pet, kind(name), expires_on=date(2027, 5, 1), record=record, by=as_client(pet.client), at=AT)
    return db.session.query(Vaccination).filter_by(pet_id=pet.id, vaccine_kind_id=kind(name)).one()


def told(row: Vaccination, day: str = "2027-05-01") -> dict[str, str]:
    return {"expires_on": day, "seen": vaccine_checks.version(row.updated_at)}


def badge(browser: Browser) -> str:
    link = browser.get("/desk/customers").text.split('id="vaccines_link"')[1].split("</a>")[0]
    return link.split('<span class="badge">')[1].split("<")[0] if "badge" in link else ""


def test_the_queue_shows_the_certificate_beside_the_date(  # VAX-3
    app: Flask, browse: Browse, theo: Member, biscuit: Pet, juno: Pet
) -> None:
    first, second = sent(biscuit), sent(juno, content=samples.jpeg())
    browser = browse(theo)
    page = browser.get(QUEUE).text
    current, rest = page.split('id="next"')
    for words in (
        "Rabies, Biscuit",
        f'<iframe src="{QUEUE}/{first.id}/record',
        "Open the file itself",
        'value="2027-05-01"',
        "Rosa Delgado",
    ):
        assert words in current
    assert "Rabies, Juno" in rest
    assert badge(browser) == "2"
    other = browser.swap(f"{QUEUE}/{second.id}", "get").text
    assert f'<img src="{QUEUE}/{second.id}/record"' in other
    assert "<html" not in other
    with queries(app) as said:
        browser.get(QUEUE)
    assert len(said) <= 2, said


def test_a_pdf_may_stand_in_our_own_page_and_nowhere_else(
    browse: Browse, theo: Member, biscuit: Pet, juno: Pet
) -> None:
    pdf, photo, browser = sent(biscuit), sent(juno, content=samples.jpeg()), browse(theo)
    assert "frame-src 'self'" in browser.get(QUEUE).headers["Content-Security-Policy"]
    assert "frame-src" not in browser.get("/desk/customers").headers["Content-Security-Policy"]
    framed = browser.get(f"{QUEUE}/{pdf.id}/record").headers
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert {"default-src 'none'", "frame-ancestors 'self'"} <= set(framed["Content-Security-Policy"].split("; "))
    assert "script" not in framed["Content-Security-Policy"]
    alone = browser.get(f"{QUEUE}/{photo.id}/record").headers
    assert (alone["X-Frame-Options"], "sandbox" in alone["Content-Security-Policy"]) == ("DENY", True)


def test_one_tap_and_the_next_moves_up(browse: Browse, theo: Member, biscuit: Pet, juno: Pet) -> None:  # VAX-3
    first, _ = sent(biscuit), sent(juno)
    browser = browse(theo)
    part = browser.swap(f"{QUEUE}/{first.id}/check", data=told(first)).text
    assert "Biscuit’s Rabies is checked." in part
    assert 'id="current" tabindex="-1" data-focus>Rabies, Juno' in part
    assert 'id="vaccines_link" hx-swap-oob="true"' in part
    assert '<span class="badge">1<' in part
    assert db.session.get_one(Vaccination, first.id).checked_by == "Theo Brandt"
    undone = browser.swap(f"{QUEUE}/{first.id}/check/undo", data={"expires_on": "2027-05-01"}).text
    assert ">Rabies, Biscuit</h2>" in undone
    assert badge(browser) == "2"
    assert db.session.query(History).filter_by(field="Checked", by_name="Theo Brandt").count() == 2


def test_without_javascript_it_goes_on_and_back_too(browse: Browse, theo: Member, biscuit: Pet) -> None:  # VAX-3
    row, browser = sent(biscuit), browse(theo)
    answer = browser.post(f"{QUEUE}/{row.id}/check", data=told(row, "2028-05-01"))
    assert (answer.status_code, answer.location) == (303, f"{QUEUE}?checked={row.id}&was=2027-05-01")
    page = browser.get(answer.location).text
    assert 'name="expires_on" value="2027-05-01"' in page
    assert "Everything is checked." in page
    assert db.session.get_one(Vaccination, row.id).expires_on == date(2028, 5, 1)
    back = browser.post(f"{QUEUE}/{row.id}/check/undo", data={"expires_on": "2027-05-01"})
    assert (back.status_code, back.location) == (303, f"{QUEUE}/{row.id}")
    assert db.session.get_one(Vaccination, row.id).expires_on == date(2027, 5, 1)


def test_what_is_wrong_is_said_beside_the_date(browse: Browse, theo: Member, biscuit: Pet) -> None:  # VAX-3
    row, browser = sent(biscuit), browse(theo)
    for day, words in (
        ("", "Type the expiry date"),
        ("soon", "This is not a day"),
        ("2099-01-01", "more than ten years"),
    ):
        answer = browser.swap(f"{QUEUE}/{row.id}/check", data=told(row, day))
        assert (answer.status_code, words in answer.text) == (422, True), day
    stale = browser.swap(f"{QUEUE}/{row.id}/check", data={**told(row), "seen": "20200101"})
    assert (stale.status_code, "changed since you opened it" in stale.text) == (422, True)
    assert browser.swap(f"{QUEUE}/{row.id}/check/undo", data={"expires_on": "x"}).status_code == 422
    assert browser.swap(f"{QUEUE}/{row.id}/check", data=told(row)).status_code == 200
    again = browser.swap(f"{QUEUE}/{row.id}/check", data=told(row))
    assert (again.status_code, "has checked this already" in again.text) == (422, True)
    assert "This is checked" in browser.get(f"{QUEUE}/{row.id}").text


def test_the_client_is_asked_again(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:  # VAX-3, MSG-4
    row, browser = sent(biscuit), browse(theo)
    address = f"{QUEUE}/{row.id}/question"
    dialog = browser.swap(address, "get").text
    assert "we cannot read the date on it" in dialog
    assert "E-mail to rosa@example.com" in dialog
    assert "<h1>Ask Rosa again?</h1>" in browser.get(address).text
    form = {"text": "Please send it again.", "seen": told(row)["seen"], "key": "a" * 32}
    assert browser.swap(address, data={**form, "text": ""}).status_code == 422
    answer = browser.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, QUEUE)
    assert db.session.query(Delivery).one().text == "Please send it again."
    assert badge(browser) == ""
    assert "Please send it again" in browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text
    assert "Asked again" in browser.get(f"/desk/pets/{biscuit.id}").text
    late = browser.swap(address, data={**form, "key": "b" * 32})
    assert (late.status_code, "asked again already" in late.text) == (422, True)


def test_the_mark_stands_on_both_sides_until_it_is_checked(  # VAX-3
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet
) -> None:
    row = sent(biscuit)
    pages = ((rosa, f"/pets/{biscuit.id}/vaccines"), (theo, f"/desk/pets/{biscuit.id}"))
    for person, path in pages:
        assert "Not yet checked" in browse(person).get(path).text
    browse(theo).post(f"{QUEUE}/{row.id}/check", data=told(row))
    for person, path in pages:
        assert "Not yet checked" not in browse(person).get(path).text


def test_staff_bring_a_vaccine_up_to_date_in_its_row(browse: Browse, theo: Member, biscuit: Pet) -> None:  # VAX-3
    browser, path = browse(theo), f"/desk/pets/{biscuit.id}/vaccines/{kind('Rabies')}"
    assert "Update Vaccination Record" in browser.swap(path, "get").text
    assert "Update Vaccination Record" in browser.get(path).text
    wrong = browser.swap(path, data={"expires_on": "2199-01-01"})
    assert (wrong.status_code, "more than ten years" in wrong.text) == (422, True)
    bad = browser.swap(path, data={"expires_on": "2027-01-01", "record": (BytesIO(b"words"), "x.txt")})
    assert (bad.status_code, "A vaccination record is a PDF or a photo" in bad.text) == (422, True)
    data = {"expires_on": "2027-06-01", "record": (BytesIO(samples.pdf()), "rabies.pdf")}
    part = browser.swap(path, data=data).text
    assert "Up to Date" in part
    assert "Not yet checked" not in part
    assert browser.post(path, data={"expires_on": "2027-07-01"}).location == f"/desk/pets/{biscuit.id}"
    row = db.session.query(Vaccination).one()
    assert (row.expires_on, row.checked_by) == (date(2027, 7, 1), "Theo Brandt")
    assert browser.get(f"{path}/record").headers["Content-Disposition"].startswith("inline")
    assert db.session.query(Notice).count() == 0, "staff are not told of what they did"
    assert browser.get(f"/desk/pets/{biscuit.id}/vaccines/999").status_code == 404


def test_it_belongs_to_staff(browse: Browse, rosa: Client, theo: Member, biscuit: Pet) -> None:  # SI-1
    row, client, staff = sent(biscuit), browse(rosa), browse(theo)
    for path in ("check", "check/undo", "question"):
        assert client.post(f"{QUEUE}/{row.id}/{path}", data=told(row)).status_code == 302
        assert staff.post(f"{QUEUE}/999999/{path}", data=told(row)).status_code == 404
    assert client.post(f"/desk/pets/{biscuit.id}/vaccines/{kind('Rabies')}").status_code == 302
    assert staff.get(f"{QUEUE}/999999/record").status_code == 404
    assert db.session.get_one(Vaccination, row.id).checked_at is None


def test_the_counter_on_today_follows(browse: Browse, theo: Member, biscuit: Pet, nina: Member) -> None:  # FD-1
    browser = browse(theo)
    since = browser.get("/desk/").text.split("?since=")[1].split('"')[0].split("&")[0]
    assert browser.swap(f"/desk/?since={since}", "get").status_code == 204
    row = sent(biscuit)
    part = browser.swap(f"/desk/?since={since}", "get").text
    assert '<span class="badge">1<span class="sr-only"> to check' in part
    vaccine_checks.check(row, expires_on=date(2027, 5, 1), seen=told(row)["seen"], by=as_member(nina), at=AT)
    assert "to check" not in browser.swap(f"/desk/?since={since}", "get").text


def test_nothing_written_is_nothing_on_file(browse: Browse, theo: Member, biscuit: Pet) -> None:  # VAX-3
    """And what was begun without anything in it is nothing to look at."""
    browser = browse(theo)
    assert browser.post(f"/desk/pets/{biscuit.id}/vaccines/{kind('Rabies')}", data={"expires_on": ""}).status_code < 400
    assert db.session.query(Vaccination).filter_by(pet_id=biscuit.id).count() == 0
    empty = Vaccination(client_id=biscuit.client_id, pet_id=biscuit.id, vaccine_kind_id=kind("Rabies"))
    db.session.add(empty)
    db.session.commit()
    for path in ("", "/question", "/record"):
        assert browser.get(f"{QUEUE}/{empty.id}{path}").status_code == 404
    assert browser.post(f"{QUEUE}/{empty.id}/check", data={"expires_on": "2027-05-01"}).status_code == 404
