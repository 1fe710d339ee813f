"""What clients may do by themselves: the switches, and that they really close what they name."""

from typing import Any

import pytest

from portal.db import db
from portal.models import Client, Member, Pet
from portal.rules import pets, profiles
from portal.rules.actors import as_client, as_member
from portal.rules.business import the_business
from portal.rules.refused import Refused
from tests import cast
from tests.conftest import Browse

PATH = "/desk/settings/self-booking"
SWITCHES = (
    "calendar_open",
    "booking_open",
    "public_booking_open",
    "moves_open",
    "requests_open",
    "waitlist_open",
    "pets_open",
    "profile_open",
)


def switched() -> dict[str, bool]:
    db.session.expire_all()
    return {name: getattr(the_business(), name) for name in SWITCHES}


@pytest.mark.parametrize("name", SWITCHES)
def test_each_switch_is_its_own(browse: Browse, nina: Member, name: str) -> None:  # POR-3
    browser = browse(nina)
    assert browser.get(PATH).text.count(" checked") == len(SWITCHES)
    answer = browser.post(PATH, data={name: "y", "offer": "3", "offer_unit": "hours"})
    assert (answer.status_code, answer.location) == (303, PATH)
    assert switched() == {other: other == name for other in SWITCHES}
    page = browser.get(PATH).text
    assert f'checked id="{name}"' in page
    part = browser.swap(PATH, data={**dict.fromkeys(SWITCHES, "y"), "offer": "3", "offer_unit": "hours"})
    assert (part.status_code, "Saved." in part.text) == (200, True)
    assert all(switched().values())


@pytest.mark.parametrize(
    ("offer", "unit", "minutes"),
    [
        ("5", "minutes", 5),
        ("2", "hours", 120),
        ("7", "days", 7 * 24 * 60),
        ("4", "minutes", None),
        ("8", "days", None),
        ("0", "hours", None),
        ("", "hours", None),
        ("two", "hours", None),
        ("2", "weeks", None),
    ],
)
def test_a_free_place_is_held_for_a_while(
    browse: Browse, nina: Member, offer: str, unit: str, minutes: int | None
) -> None:  # POR-3, WL-5
    data = {"offer": offer, "offer_unit": unit, "booking_open": "y"}
    plain, part = browse(nina).post(PATH, data=data), browse(nina).swap(PATH, data=data)
    assert (plain.status_code, part.status_code) == ((303, 200) if minutes else (422, 422))
    db.session.expire_all()
    assert the_business().offer_minutes == (minutes or 120)
    assert the_business().booking_open
    if minutes:
        assert f'value="{offer}"' in browse(nina).get(PATH).text


def test_the_page_says_what_hangs_on_what(browse: Browse, nina: Member) -> None:  # POR-3, SB-9
    page = browse(nina).get(PATH).text
    assert "Otherwise you and your team do it for them, and nobody else books online either." in page
    assert "which is open only while clients book online" in page


def close(**switches: bool) -> None:
    for name, on in switches.items():
        setattr(the_business(), name, on)
    db.session.commit()


def test_pets_are_closed_to_clients_but_not_to_staff(
    browse: Browse, rosa: Client, nina: Member, biscuit: Pet
) -> None:  # POR-3, PET-2
    browser = browse(rosa)
    typed: dict[str, Any] = {"name": "Rex", "animal_id": str(biscuit.animal_id), "gender": "male"}
    assert browser.get("/pets/new").status_code == 200
    close(pets_open=False)
    for path in ("/pets/new", f"/pets/{biscuit.id}/profile"):
        answer = browser.get(path)
        assert answer.status_code == 422
        assert "changed by our team. Please call (212) 555-0148" in answer.text
    for path in ("/pets", f"/pets/{biscuit.id}/profile"):
        for ask in (browser.post, browser.swap):
            assert ask(path, data=typed).status_code == 422
    assert (db.session.query(Pet).filter_by(name="Rex").count(), biscuit.name) == (0, "Biscuit")
    for path in ("/", "/pets", f"/pets/{biscuit.id}"):
        page = browser.get(path).text
        assert "/pets/new" not in page
        assert f"/pets/{biscuit.id}/profile" not in page
        assert "My Pets</a>\n    <hr>" not in page
    assert "menu__item" in page
    assert '<a class="menu__item" href="/pets">' not in page
    assert browser.get(f"/pets/{biscuit.id}/vaccines").status_code == 200, "vaccines are needed to book"
    facts = {"name": "Biscuit II", "animal": biscuit.animal, "gender": biscuit.gender, "breed": "", "birthday": None}
    with pytest.raises(Refused, match="changed by our team"):
        pets.change(biscuit, **facts, by=as_client(rosa), at=cast.NOON)
    pets.change(biscuit, **facts, by=as_member(nina), at=cast.NOON)
    assert biscuit.name == "Biscuit II"


def test_the_profile_is_closed_to_clients_but_not_their_password(
    browse: Browse, rosa: Client, nina: Member
) -> None:  # POR-3, PRO-1
    browser = browse(rosa)
    assert browser.get("/profile/edit").status_code == 200
    close(profile_open=False)
    answer = browser.get("/profile/edit")
    assert answer.status_code == 422
    assert "Your profile is changed by our team. Please call (212) 555-0148" in answer.text
    typed = {"first_name": "Rosy", "last_name": "Delgado", "email": "rosa@example.com"}
    for ask in (browser.post, browser.swap):
        assert ask("/profile", data=typed).status_code == 422
    assert rosa.first_name == "Rosa"
    page = browser.get("/profile").text
    assert "/profile/edit" not in page
    assert "Password &amp; Devices" in page
    assert browser.get("/profile/password").status_code == 200
    with pytest.raises(Refused, match="changed by our team"):
        profiles.change(rosa, {"first_name": "Rosy"}, by=as_client(rosa), at=cast.NOON)
    profiles.change(rosa, {"first_name": "Rosy"}, by=as_member(nina), at=cast.NOON)
    assert rosa.first_name == "Rosy"


def test_the_switches_are_for_managers(browse: Browse, theo: Member, rosa: Client) -> None:  # POR-9
    assert browse(theo).get(PATH).status_code == 403
    assert browse(theo).post(PATH, data={"offer": "1", "offer_unit": "hours"}).status_code == 403
    assert browse(rosa).get(PATH).status_code == 302
    assert the_business().offer_minutes == 120
