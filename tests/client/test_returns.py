"""Whoever was sent away from a booking to mend something comes back to it."""

from datetime import date

import pytest

from portal.db import db, now
from portal.models import Client, Pet, Vaccination, VaccineKind
from tests.conftest import Browse

BOOKING = "/book?service=3&pet=4"
BACK = "back=%2Fbook%3Fservice%3D3%26pet%3D4"


@pytest.fixture
def rabies(app: object) -> int:
    return db.session.query(VaccineKind).filter_by(name="Rabies").one().id


def test_a_vaccine_that_is_updated_leads_back(browse: Browse, rosa: Client, biscuit: Pet, rabies: int) -> None:
    # SB-12: the way back goes along through list, row and form
    browser = browse(rosa)
    listed = f"/pets/{biscuit.id}/vaccines?{BACK}"
    opened = f"/pets/{biscuit.id}/vaccines/{rabies}?{BACK}"
    assert f'href="{opened}"' in browser.get(listed).text
    page = browser.get(opened).text
    assert f'action="{opened}"' in page
    assert 'class="page__back" href="/book?service=3&amp;pet=4"' in page
    day = f"{now().year + 1}-01-31"
    answer = browser.post(opened, data={"expires_on": day})
    assert (answer.status_code, answer.location) == (303, BOOKING)
    assert db.session.query(Vaccination).one().expires_on == date.fromisoformat(day)
    swapped = browser.swap(opened, data={"expires_on": day})
    assert swapped.headers["HX-Redirect"] == BOOKING


def test_a_pet_leads_back_too(browse: Browse, rosa: Client, biscuit: Pet) -> None:
    browser = browse(rosa)
    facts = {"name": "Biscuit", "animal_id": str(biscuit.animal_id), "gender": "male", "breed": ""}
    facts["birthday"] = "2024-02-29"
    path = f"/pets/{biscuit.id}/profile?{BACK}"
    assert f'action="{path}"' in browser.get(path).text
    assert browser.post(path, data=facts).location == BOOKING
    assert f'action="/pets?{BACK}"' in browser.get(f"/pets/new?{BACK}").text
    assert browser.post(f"/pets?{BACK}", data={**facts, "name": "Waffle"}).location == BOOKING


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_way_back_stays_in_the_house(browse: Browse, rosa: Client, biscuit: Pet, rabies: int, away: str) -> None:
    browser = browse(rosa)
    path = f"/pets/{biscuit.id}/vaccines/{rabies}"
    assert "evil" not in browser.get(path, query_string={"back": away}).text
    answer = browser.post(path, query_string={"back": away}, data={"expires_on": f"{now().year + 1}-01-31"})
    assert answer.location == f"/pets/{biscuit.id}/vaccines"
