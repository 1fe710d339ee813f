"""Merging at the desk: finding the other one, seeing both, confirming; for profiles and for pets."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.db import db, now
from portal.models import Client, History, Member, Pet, Role
from portal.rules import customers, pet_merges, records
from portal.rules.imports import bulk
from tests import cast
from tests.conftest import Browse

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def double(of: Client) -> Client:
    """The same person once more, as a prospect."""
    other = cast.client("8000000001", of.first_name, of.last_name, f"second.{of.email}")
    other.prospect = True
    cast.pet(other, "Biscuit", of.pets[0].animal)
    db.session.commit()
    return other


def data(lost: Client, kept: Client, **more: str) -> dict[str, str]:
    return {"lost": lost.account_number, "kept": kept.account_number, **more}


def test_the_other_profile_is_offered_at_once_and_found_by_any_word(
    browse: Browse, nina: Member, rosa: Client, zoe: Client
) -> None:  # CP-10
    other, browser = double(rosa), browse(nina)
    assert f"/desk/customers/{rosa.id}/merger" in browser.get(f"/desk/customers/{rosa.id}").text
    page = browser.get(f"/desk/customers/{rosa.id}/merger").text
    assert f'/merger?into={other.id}"' in page, "clients and prospects of the same name"
    assert f'/merger?into={rosa.id}"' not in page, "but not the same one"
    part = browser.swap(f"/desk/customers/{rosa.id}/merger?q=zoe", "get").text
    assert f'/merger?into={zoe.id}"' in part
    assert "<html" not in part
    assert "Nobody else is found" in browser.get(f"/desk/customers/{rosa.id}/merger?q=nobody").text
    assert "Omar Haddad" in browser.get(f"/desk/customers/{rosa.id}/merger?q=").text


def test_both_stand_side_by_side_before_anything_happens(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-10
    other, browser = double(rosa), browse(nina)
    cast.booking(rosa, rosa.pets, "Daycare", AT + timedelta(days=2), made_at=AT)
    page = browser.get(f"/desk/customers/{other.id}/merger?into={rosa.id}").text
    for words in (
        "Biscuit, Juno and Miso",
        "1 booking, 1 conversation and 1 message",
        "second.rosa@example.com",
        "This cannot be undone.",
        "The password of the profile that stays is good as before.",
        f'href="/desk/customers/{rosa.id}/merger?into={other.id}"',
    ):
        assert words in page, words
    assert page.count('type="radio"') == 2, "only the e-mails differ"
    path = f"/desk/customers/{other.id}/merger/question?into={rosa.id}&email=lost"
    for question in (browser.get(path).text, browser.swap(path, "get").text):
        assert '<input type="hidden" name="email" value="lost">' in question
        assert "8000 000 001" in question
    assert db.session.query(Client).count() == 4, "asking has merged nothing"


def test_a_merge_leads_to_the_profile_that_stays(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-10
    other, browser, path = double(rosa), browse(nina), f"/desk/customers/{rosa.id}"
    gone = other.id
    answer = browser.post(f"/desk/customers/{gone}/merger", data=data(other, rosa, email="lost"))
    assert (answer.status_code, answer.location) == (303, path)
    page = browser.get(path).text
    assert "The two profiles of Rosa Delgado are one now." in page
    assert "second.rosa@example.com" in page
    assert browser.get(f"/desk/customers/{gone}").status_code == 404
    assert "Into Rosa Delgado" in browser.get(f"{path}/history").text
    line = db.session.query(History).filter_by(field="Merged").one()
    assert (line.client_id, line.by_name) == (rosa.id, "Nina Park")


def test_with_htmx_a_merge_goes_on_to_the_profile(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-10
    other = double(rosa)
    answer = browse(nina).swap(f"/desk/customers/{other.id}/merger", data=data(other, rosa))
    assert answer.headers["HX-Redirect"] == f"/desk/customers/{rosa.id}"


def test_what_cannot_be_merged_is_refused_in_words(browse: Browse, nina: Member, rosa: Client, zoe: Client) -> None:
    # CP-10
    other, browser = double(rosa), browse(nina)
    path, gone, twice = f"/desk/customers/{other.id}/merger", other.id, data(other, rosa)
    answer = browser.post(path, data=data(other, other))
    assert (answer.status_code, "one and the same" in answer.text) == (422, True)
    assert browser.get(f"{path}?into={gone}").status_code == 422
    assert browser.post(path, data=twice).status_code == 303
    answer = browser.post(path, data=twice)
    assert (answer.status_code, "no longer there" in answer.text) == (422, True)
    assert browser.post(path).status_code == 422
    assert db.session.query(Client).count() == 3


def test_the_id_of_one_who_is_gone_merges_nobody_else(
    browse: Browse, nina: Member, rosa: Client, zoe: Client
) -> None:  # CP-10
    other, browser = double(rosa), browse(nina)
    stale, path = data(other, rosa), f"/desk/customers/{other.id}/merger"
    browser.post(path, data=stale)
    zoe.id, newcomer = zoe.id, cast.client("8000000002", "New", "Comer", "new@example.com")
    db.session.commit()
    assert browser.post(path, data=stale).status_code == 422
    assert db.session.get(Client, newcomer.id)


@pytest.mark.parametrize("page", ["", "/question"])
def test_nobody_who_is_not_there_can_be_merged(browse: Browse, nina: Member, rosa: Client, page: str) -> None:  # CP-10
    browser = browse(nina)
    assert browser.get(f"/desk/customers/999999/merger{page}?into={rosa.id}").status_code == 404
    assert browser.get(f"/desk/customers/{rosa.id}/merger{page}?into=999999").status_code == 404
    assert browser.get(f"/desk/customers/{rosa.id}/merger{page}?into=odd").status_code == 404
    assert browser.get(f"/desk/pets/999999/merger{page}?into=1").status_code == 404
    assert browser.get(f"/desk/customers/{rosa.id}/merger/question").status_code == 404


def test_only_managers_merge(browse: Browse, theo: Member, rosa: Client, zoe: Client) -> None:  # CP-10
    browser = browse(theo)
    assert "/merger" not in browser.get(f"/desk/customers/{rosa.id}").text
    assert browser.post(f"/desk/customers/{zoe.id}/merger", data=data(zoe, rosa)).status_code == 403
    theo.role = Role.MANAGER
    db.session.commit()
    assert browser.post(f"/desk/customers/{zoe.id}/merger", data=data(zoe, rosa)).status_code == 303


def test_clients_do_not_merge(browse: Browse, rosa: Client, zoe: Client) -> None:  # CP-10
    browser = browse(rosa)
    assert browser.post(f"/desk/customers/{zoe.id}/merger", data=data(zoe, rosa)).status_code == 302
    assert db.session.get(Client, zoe.id)


def test_two_pets_become_one(browse: Browse, nina: Member, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # CP-10
    browser = browse(nina)
    juno.breed = "Beagle"
    session = cast.session("Agility", datetime.now(UTC) + timedelta(days=3))
    for pet in (biscuit, juno):
        cast.booking(rosa, [pet], "Agility", session.starts_at, made_at=AT, session=session)
    assert f"/desk/pets/{juno.id}/merger" in browser.get(f"/desk/pets/{juno.id}").text
    page = browser.get(f"/desk/pets/{juno.id}/merger").text
    assert page.index(f"?into={biscuit.id}") < page.index("Miso"), "those of its kind first"
    page = browser.get(f"/desk/pets/{juno.id}/merger?into={biscuit.id}").text
    for words in ("1 booking", "Both are booked for Agility", "This cannot be undone.", "Beagle"):
        assert words in page
    assert 'name="breed" value="lost" checked' in page, "a breed is better than none"
    path, gone = f"/desk/pets/{juno.id}/merger", juno.id
    question = f"{path}/question?into={biscuit.id}&breed=lost"
    assert 'name="breed" value="lost"' in browser.get(question).text
    assert "<dialog" in browser.swap(question, "get").text
    marks = {"lost": pet_merges.mark(juno), "kept": pet_merges.mark(biscuit), "breed": "lost"}
    answer = browser.post(path, data=marks)
    assert (answer.status_code, answer.location) == (303, f"/desk/pets/{biscuit.id}")
    assert (biscuit.name, biscuit.breed) == ("Biscuit", "Beagle")
    assert "The two records of Biscuit are one now." in browser.get(answer.location).text
    assert browser.get(f"/desk/pets/{gone}").status_code == 404
    answer = browser.post(path, data=marks)
    assert (answer.status_code, "no longer there" in answer.text) == (422, True)
    assert customers.find("juno").rows == []


def test_an_only_pet_says_what_to_do_first(browse: Browse, nina: Member, omar: Client, biscuit: Pet) -> None:  # CP-10
    browser, pepper = browse(nina), omar.pets[0]
    assert "merge the two profiles" in browser.get(f"/desk/pets/{pepper.id}/merger").text
    answer = browser.get(f"/desk/pets/{pepper.id}/merger?into={biscuit.id}")
    assert (answer.status_code, "different families" in answer.text) == (422, True)


def test_a_page_left_open_means_nobody_else_after_a_merge(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-10
    """SQLite would give the id of the latest profile to the next newcomer, whom the open page would then change."""
    other, browser = double(rosa), browse(nina)
    gone, gone_pet = other.id, other.pets[0].id
    assert browser.post(f"/desk/customers/{gone}/merger", data=data(other, rosa)).status_code == 303
    newcomer = cast.client("8000000002", "Ines", "Costa", "ines@example.com")
    pet = cast.pet(newcomer, "Fig", rosa.pets[0].animal)
    db.session.commit()
    assert (newcomer.id > gone, pet.id > gone_pet) == (True, True)
    stale = {"first_name": "Rosa", "last_name": "Delgado", "email": "rosa2@example.com"}
    for path in ("profile", "deactivation", "removal", "invitation"):
        assert browser.post(f"/desk/customers/{gone}/{path}", data=stale).status_code == 404
    assert newcomer.name == "Ines Costa"
    assert list(bulk.ids(Client, 2)) == [newcomer.id + 1, newcomer.id + 2]
    records.remove(newcomer, at=now())
    assert min(bulk.ids(Client, 2)) > newcomer.id, "nor does a list that comes in give one again"
