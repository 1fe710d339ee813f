"""The waitlists at the desk: who waits in which order, offering by hand, removing and adding."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.db import db, now
from portal.models import (
    Client,
    History,
    Location,
    Member,
    Message,
    Offer,
    Outcome,
    Pet,
    Series,
    ServiceSession,
    WaitlistEntry,
)
from portal.rules import waitlists
from portal.rules.actors import as_client
from portal.rules.chances import Wish
from tests import cast
from tests.conftest import Browse
from tests.house.test_speed import queries


@pytest.fixture(autouse=True)
def shop(app: Flask) -> None:
    cast.open_shop()


@pytest.fixture
def agility(app: Flask) -> ServiceSession:
    return cast.session("Agility", now() + timedelta(days=3), 0)


def wait(pet: Pet, session: ServiceSession, hours: int = 0) -> WaitlistEntry:
    at = now() - timedelta(days=1) + timedelta(hours=hours)
    entry = waitlists.join(pet.client, pet, session.service, session=session, by=as_client(pet.client), at=at)
    db.session.commit()
    return entry


def subjects(client: Client) -> list[str]:
    rows = db.session.query(Message).filter_by(client_id=client.id).order_by(Message.id)
    return [row.thread.subject for row in rows]


def test_staff_see_who_waits_for_what_in_order(
    app: Flask,
    browse: Browse,
    theo: Member,
    rosa: Client,
    biscuit: Pet,
    juno: Pet,
    pepper: Pet,
    agility: ServiceSession,
) -> None:  # FD-3, WL-5
    wait(pepper, agility, 5)
    wish = Wish(agility.service, agility)
    waitlists.join_all(rosa, [biscuit, juno], [wish], together=True, by=as_client(rosa), at=now() - timedelta(days=2))
    waitlists.join(rosa, biscuit, cast.service("Full Groom"), by=as_client(rosa), at=now())
    db.session.commit()
    browser = browse(theo)
    page = browser.get("/desk/waitlists").text
    assert page.index("By date") < page.index("2 waiting") < page.index("Any date") < page.index("1 waiting")
    with queries(app) as said:
        assert browser.get("/desk/waitlists").status_code == 200
    assert len(said) <= 4, said
    entry = db.session.query(WaitlistEntry).filter_by(pet_id=pepper.id).one()
    line = browser.get(f"/desk/waitlists/{entry.id}").text
    assert line.index("Rosa Delgado") < line.index("Omar Haddad")
    assert "Biscuit and Juno, together or not at all" in line


def test_staff_see_who_is_passed_over_and_why(
    browse: Browse, theo: Member, rosa: Client, omar: Client, biscuit: Pet, pepper: Pet, agility: ServiceSession
) -> None:  # FD-3, WL-5
    entry = wait(biscuit, agility)
    wait(pepper, agility, 5)
    browser, path = browse(theo), f"/desk/waitlists/{entry.id}"
    assert "offered by itself" not in browser.get(path).text
    rosa.email, omar.deactivated_at = None, now()
    db.session.commit()
    line = browser.get(path).text
    no_email, closed = "No e-mail, so no place is offered by itself.", "Deactivated, so no place is offered by itself."
    assert line.index("Rosa Delgado") < line.index(no_email) < line.index("Omar Haddad") < line.index(closed)
    rosa.email, rosa.no_automatic_email = "rosa@example.com", True
    db.session.commit()
    assert "Automated e-mail is stopped, so no place is offered by itself." in browser.get(path).text
    agility.capacity = 1
    offered = browser.post(f"{path}/offer")
    assert "The place is held, and no e-mail goes out: call them." in browser.get(offered.location).text


def test_staff_offer_a_place_by_hand(
    browse: Browse, theo: Member, omar: Client, biscuit: Pet, pepper: Pet, agility: ServiceSession
) -> None:  # WL-5
    wait(biscuit, agility)
    entry, browser = wait(pepper, agility, 5), browse(theo)
    path = f"/desk/waitlists/{entry.id}/offer"
    full = browser.post(path)
    assert (full.status_code, "Agility is full" in full.text) == (422, True)
    agility.capacity = 1
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (303, f"/desk/waitlists/{entry.id}")
    made = db.session.query(Offer).one()
    assert (made.client_id, made.by_name) == (omar.id, "Theo Brandt")
    assert subjects(omar) == ["A place is free: Agility"]
    assert "held until" in browser.get(answer.location).text
    again = browser.swap(path)
    assert (again.status_code, "held for them already" in again.text) == (422, True)
    assert [row.by_name for row in db.session.query(History).filter_by(field="Waitlist")][-1] == "Theo Brandt"


def test_a_place_is_only_offered_where_one_is_free(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, juno: Pet, pepper: Pet, agility: ServiceSession
) -> None:  # WL-5 FD-3
    wish, by = Wish(agility.service, agility), as_client(rosa)
    both = waitlists.join_all(rosa, [biscuit, juno], [wish], together=True, by=by, at=now())
    alone = wait(pepper, agility, 5)
    path, browser = f"/desk/waitlists/{both[0].id}", browse(theo)

    def offered() -> list[str]:
        page = browser.get(path).text
        return [
            f"to {name}"
            for name in ("Rosa Delgado", "Omar Haddad")
            if f'Offer a Place<span class="sr-only"> to {name}' in page
        ]

    assert offered() == []
    assert browser.get(path).text.count("No place to offer: Agility is full.") == 2
    agility.capacity = 1
    db.session.commit()
    assert offered() == ["to Omar Haddad"]
    assert "Agility has 1 place left, for 2 pets." in browser.get(path).text
    refused = browser.post(f"{path}/offer")
    assert (refused.status_code, "has 1 place left" in refused.text) == (422, True)
    assert "<ol" in refused.text, "the line stands there still"
    assert browser.post(f"/desk/waitlists/{alone.id}/offer").status_code == 303


def test_who_waits_for_any_date_is_offered_one_that_staff_choose(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet
) -> None:  # WL-5
    groom, maple = cast.service("Full Groom"), db.session.query(Location).filter_by(name="Maple Street").one()
    entry = waitlists.join(rosa, biscuit, groom, location=maple, by=as_client(rosa), at=now())
    db.session.commit()
    browser, path = browse(theo), f"/desk/waitlists/{entry.id}/offer"
    assert "The first free time of that day" in browser.get(path).text
    none = browser.post(
        path, data={"session": "0", "location": maple.id, "day": (now().date() - timedelta(days=2)).isoformat()}
    )
    assert (none.status_code, "nothing free then" in none.text) == (422, True)
    wrong = browser.post(path, data={"session": "0", "location": maple.id, "day": "someday"})
    assert (wrong.status_code, "This is not a day." in wrong.text) == (422, True)
    monday = now().date() + timedelta(days=7 - now().weekday())
    browser.post(path, data={"session": "0", "location": maple.id, "day": monday.isoformat()})
    made = db.session.query(Offer).one()
    assert made.provider_id is not None
    assert made.starts_at.date() == monday


def test_who_waits_for_any_class_is_offered_one_with_places(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-5
    other = cast.session("Agility", now() + timedelta(days=5), 3)
    entry = waitlists.join(rosa, biscuit, agility.service, by=as_client(rosa), at=now())
    db.session.commit()
    browser, path = browse(theo), f"/desk/waitlists/{entry.id}/offer"
    page = browser.get(path).text
    assert f'value="{other.id}"' in page
    assert f'value="{agility.id}"' not in page
    browser.post(path, data={"session": other.id, "location": other.location_id})
    assert db.session.query(Offer).one().service_session_id == other.id


def test_who_waits_for_a_series_is_booked_for_all_of_it(
    browse: Browse, theo: Member, rosa: Client, biscuit: Pet, agility: ServiceSession
) -> None:  # WL-1
    run = Series(name="Puppy Manners", service_id=agility.service_id, location_id=agility.location_id)
    db.session.add(run)
    db.session.flush()
    entry = waitlists.join(rosa, biscuit, agility.service, series=run, by=as_client(rosa), at=now())
    db.session.commit()
    page = browse(theo).get(f"/desk/waitlists/{entry.id}").text
    assert f'href="/desk/customers/{rosa.id}/book?service={agility.service_id}&amp;series={run.id}"' in page
    assert browse(theo).get(f"/desk/customers/{rosa.id}/book?series={run.id}").status_code == 200


def test_staff_remove_an_entry_and_the_client_hears_of_it(
    browse: Browse, theo: Member, omar: Client, rosa: Client, biscuit: Pet, pepper: Pet, agility: ServiceSession
) -> None:  # WL-5
    first, second, browser = wait(biscuit, agility), wait(pepper, agility, 5), browse(theo)
    path = f"/desk/waitlists/{first.id}/removal"
    assert "gives up number 1 in line" in browser.get(path).text
    answer = browser.post(path)
    assert (answer.status_code, answer.location) == (303, f"/desk/waitlists/{first.id}")
    db.session.refresh(first)
    assert first.outcome == Outcome.WITHDRAWN
    assert subjects(rosa) == ["Off the waitlist: Agility"]
    browser.post(f"/desk/waitlists/{second.id}/removal", data={"quiet": "y"})
    assert subjects(omar) == [], "not where staff say so"
    late = browser.post(path)
    assert (late.status_code, "already been removed" in late.text) == (422, True)
    assert "Nobody waits for this any more." in browser.get(f"/desk/waitlists/{first.id}").text


def test_staff_add_a_client_to_a_line(
    browse: Browse,
    theo: Member,
    rosa: Client,
    omar: Client,
    biscuit: Pet,
    juno: Pet,
    pepper: Pet,
    agility: ServiceSession,
) -> None:  # WL-4
    entry, browser = wait(biscuit, agility), browse(theo)
    adding = (
        f"/desk/waitlists/new?service={agility.service_id}&amp;location={agility.location_id}&amp;session={agility.id}"
    )
    assert adding in browser.get(f"/desk/waitlists/{entry.id}").text
    found = browser.get(f"/desk/waitlists/new?q=omar&session={agility.id}").text
    assert f'href="/desk/customers/{omar.id}/waitlists/new?session={agility.id}"' in found
    assert (
        "1 family waits already." in browser.get(f"/desk/customers/{omar.id}/waitlists/new?session={agility.id}").text
    )
    path = f"/desk/customers/{omar.id}/waitlists?session={agility.id}"
    nobody = browser.post(path, data={"pet": biscuit.id})
    assert (nobody.status_code, "Choose who is to come." in nobody.text) == (422, True)
    added = browser.post(path, data={"pet": pepper.id})
    assert added.status_code == 303
    assert subjects(omar) == ["On the waitlist: Agility"]
    quietly = browser.post(
        f"/desk/customers/{rosa.id}/waitlists?session={agility.id}", data={"pet": juno.id, "quiet": 1}
    )
    assert subjects(rosa) == []
    assert "Rosa Delgado is on the waitlist." in browser.get(quietly.location).text
    twice = browser.post(path, data={"pet": pepper.id})
    assert (twice.status_code, "on the waitlist for Agility" in twice.text) == (422, True)
    general = browser.get(f"/desk/customers/{omar.id}/waitlists/new").text
    assert f"/desk/customers/{omar.id}/waitlists/new?service={agility.service_id}" in general


def test_clients_are_not_let_in(browse: Browse, rosa: Client, biscuit: Pet, agility: ServiceSession) -> None:
    entry = wait(biscuit, agility)
    for path in ("", f"/{entry.id}", f"/{entry.id}/offer", f"/{entry.id}/removal", "/new"):
        assert browse(rosa).get(f"/desk/waitlists{path}").status_code == 302
    for path in ("offer", "removal"):
        assert browse(rosa).post(f"/desk/waitlists/{entry.id}/{path}").status_code == 302
    assert browse(None).get("/desk/waitlists/999").status_code == 302
