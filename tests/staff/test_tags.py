"""Tags and attributes in the settings: the lists, and what managers do with them."""

import re

import pytest

from portal.db import db
from portal.models import Attribute, AttributeKind, Client, History, Member, Pet, Role, Tag
from portal.rules import attribute_values, attributes, tagging, tags
from portal.rules.actors import SYSTEM
from tests import cast
from tests.conftest import Browse

AT = cast.NOON
ASKED = {"name": "Vet", "of": "pets", "kind": "text", "visible": "y"}


@pytest.fixture
def vip(rosa: Client) -> Tag:
    tag = tags.add("VIP", "tint-4", of_pets=False)
    tagging.put_on(rosa, tag, by=SYSTEM, at=AT)
    return tag


@pytest.fixture
def vet(juno: Pet) -> Attribute:
    row = attributes.add("Vet", AttributeKind.TEXT, of_pets=True)
    attribute_values.write(juno, row, "Dr. Ames", by=SYSTEM, at=AT)
    return row


def order(page: str, part: str) -> list[int]:
    return [int(id) for id in re.findall(rf'id="{part}-(\d+)"', page)]


def test_the_lists_say_who_carries_what(browse: Browse, nina: Member, vip: Tag, vet: Attribute) -> None:  # POR-2
    browser = browse(nina)
    page = browser.get("/desk/settings/tags").text
    for words in ("VIP", "1 client", "No tags for pets yet"):
        assert words in page
    page = browser.get("/desk/settings/attributes").text
    for words in ("Vet", "Text · 1 pet", "Nothing is asked about clients yet"):
        assert words in page
    assert "Retired" not in page
    assert 'href="/desk/settings/tags"' in browser.get("/desk/settings").text


def test_a_tag_is_added(browse: Browse, nina: Member) -> None:  # POR-2
    browser = browse(nina)
    assert browser.get("/desk/settings/tags/new").status_code == 200
    answer = browser.post("/desk/settings/tags", data={"name": " Puppy ", "of": "pets", "tone": "tint-2"})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/tags")
    tag = db.session.query(Tag).one()
    assert (tag.name, tag.of_pets, tag.tone) == ("Puppy", True, "tint-2")
    answer = browser.swap("/desk/settings/tags", data={"name": "Senior", "of": "pets", "tone": "tint-5"})
    assert answer.headers["HX-Redirect"] == "/desk/settings/tags"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Type the name of the tag"),
        ({"name": "vip"}, "There is a tag “vip” already"),
        ({"name": "x" * 41}, "at most 40 characters"),
        ({"name": "a\x1fb"}, "cannot be read"),
        ({"name": "New", "tone": "is-danger"}, "Choose one of these colours"),
        ({"name": "New", "of": "fish"}, "Choose whom it is for"),
    ],
)
def test_a_tag_that_cannot_be_is_refused_in_words(
    browse: Browse, nina: Member, vip: Tag, data: dict[str, str], words: str
) -> None:
    answer = browse(nina).swap("/desk/settings/tags", data={"tone": "tint-1", "of": "clients", **data})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["name"]}"' in answer.text, "what was typed stays"
    assert db.session.query(Tag).count() == 1


def test_a_tag_is_renamed_and_painted(browse: Browse, nina: Member, vip: Tag) -> None:  # POR-2
    browser, path = browse(nina), f"/desk/settings/tags/{vip.id}"
    other = tags.add("Staff", of_pets=False)
    assert 'value="VIP"' in browser.get(path).text
    assert browser.post(path, data={"name": "Very dear", "tone": "tint-1"}).status_code == 303
    db.session.refresh(vip)
    assert (vip.name, vip.tone, vip.of_pets) == ("Very dear", "tint-1", False)
    wrong = browser.post(path, data={"name": other.name, "tone": "tint-1"})
    assert wrong.status_code == 422
    assert "There is a tag “Staff” already" in wrong.text
    db.session.refresh(vip)
    assert vip.name == "Very dear"


def test_lists_are_put_in_order(browse: Browse, nina: Member, vip: Tag, vet: Attribute) -> None:  # POR-2
    browser = browse(nina)
    staff = tags.add("Staff", of_pets=False)
    food = attributes.add("Food", AttributeKind.TEXT, of_pets=True)
    part = browser.swap(f"/desk/settings/tags/{staff.id}/place", data={"to": "up"}).text
    assert "<html" not in part
    assert order(part, "tag_row") == [staff.id, vip.id]
    answer = browser.post(f"/desk/settings/tags/{staff.id}/place", data={"to": "down"})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/tags")
    assert order(browser.get("/desk/settings/tags").text, "tag_row") == [vip.id, staff.id]
    part = browser.swap(f"/desk/settings/attributes/{food.id}/place", data={"to": "up"}).text
    assert order(part, "attribute_row") == [food.id, vet.id]
    answer = browser.post(f"/desk/settings/attributes/{food.id}/place", data={"to": "up"})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/attributes")
    attributes.retire(food, at=AT)
    refused = browser.swap(f"/desk/settings/attributes/{food.id}/place", data={"to": "up"})
    assert refused.status_code == 422
    assert "is retired" in refused.text


def test_removing_a_tag_asks_first_and_names_how_many(browse: Browse, nina: Member, vip: Tag, rosa: Client) -> None:
    # POR-2
    browser, path = browse(nina), f"/desk/settings/tags/{vip.id}/removal"
    for question in (browser.swap(path, "get").text, browser.get(path).text):
        assert "1 client has it" in question
        assert "Keep It" in question
    there = browser.post(path).location
    assert there == "/desk/settings/tags"
    assert "“VIP” is removed." in browser.get(there).text, "it is said once"
    row = db.session.query(History).order_by(History.id.desc()).first()
    assert row
    assert (row.client_id, row.old, row.new, row.by_name) == (rosa.id, "VIP", "", "Nina Park")
    assert browser.post(path).status_code == 404
    assert "VIP" not in browser.get(f"/desk/customers/{rosa.id}").text


def test_an_attribute_is_added_and_changed(browse: Browse, nina: Member, juno: Pet) -> None:  # POR-2
    browser = browse(nina)
    assert browser.get("/desk/settings/attributes/new").status_code == 200
    data = {**ASKED, "kind": "choice", "choices": " Dry \nWet\n\nDry", "flag": "y"}
    assert browser.post("/desk/settings/attributes", data=data).location == "/desk/settings/attributes"
    row = db.session.query(Attribute).one()
    assert (row.kind, row.choices, row.visible, row.flag, row.of_pets) == ("choice", "Dry\nWet", True, True, True)
    path = f"/desk/settings/attributes/{row.id}"
    assert "Dry\nWet</textarea>" in browser.get(path).text
    answer = browser.swap(path, data={"name": "Vet", "kind": "yes or no", "choices": "left over"})
    assert answer.headers["HX-Redirect"] == "/desk/settings/attributes"
    db.session.refresh(row)
    assert (row.kind, row.choices, row.visible, row.flag) == ("yes or no", "", False, False)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": ""}, "Type the name of the attribute"),
        ({"name": "VET"}, "There is an attribute “VET” already"),
        ({"name": "Food", "kind": "smell"}, "Choose one of these kinds"),
        ({"name": "Food", "kind": "choice", "choices": " \n "}, "Write the choices, one a line"),
        ({"name": "Food", "kind": "choices", "choices": "\n".join(map(str, range(31)))}, "at most 30 fit"),
        ({"name": "Food", "kind": "choices", "choices": "x" * 61}, "is too long: at most 60 characters"),
        ({"name": "Food", "of": "fish"}, "Choose whom it is for"),
    ],
)
def test_an_attribute_that_cannot_be_is_refused_in_words(
    browse: Browse, nina: Member, vet: Attribute, data: dict[str, str], words: str
) -> None:
    answer = browse(nina).swap("/desk/settings/attributes", data={**ASKED, **data})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["name"]}"' in answer.text
    assert db.session.query(Attribute).count() == 1


def test_the_kind_stays_once_it_is_filled_in(browse: Browse, nina: Member, vet: Attribute) -> None:  # POR-2
    browser, path = browse(nina), f"/desk/settings/attributes/{vet.id}"
    assert "Filled in for 1 pet, so the kind stays" in browser.get(path).text
    for ask in (browser.swap, browser.post):
        answer = ask(path, data={"name": "Renamed", "kind": "date", "visible": "y"})
        assert answer.status_code == 422
        assert "is filled in for 1 pet, so it stays “Text”" in answer.text
        assert 'value="Renamed"' in answer.text
    db.session.refresh(vet)
    assert (vet.name, vet.kind) == ("Vet", "text")


def test_an_attribute_is_retired_brought_back_and_removed(
    browse: Browse, nina: Member, vet: Attribute, juno: Pet
) -> None:  # POR-2
    browser, path = browse(nina), f"/desk/settings/attributes/{vet.id}"
    assert browser.post(f"{path}/return").status_code == 422
    assert browser.post(f"{path}/retirement").location == "/desk/settings/attributes"
    assert browser.post(f"{path}/retirement").status_code == 422
    assert "Dr. Ames" not in browser.get(f"/desk/pets/{juno.id}").text
    assert "Bring Back" in browser.get(path).text
    assert browser.swap(f"{path}/return").headers["HX-Redirect"] == "/desk/settings/attributes"
    assert "Dr. Ames" in browser.get(f"/desk/pets/{juno.id}").text
    for question in (browser.swap(f"{path}/removal", "get").text, browser.get(f"{path}/removal").text):
        assert "It is filled in for 1 pet" in question
        assert "retire it instead" in question
    assert browser.post(f"{path}/removal").status_code == 303
    assert browser.post(f"{path}/removal").status_code == 404
    assert "Dr. Ames" in browser.get(f"/desk/customers/{juno.client_id}/history").text


def test_the_settings_are_not_for_everybody(
    browse: Browse, theo: Member, rosa: Client, vip: Tag, vet: Attribute
) -> None:
    team, hers = browse(theo), browse(rosa)
    for kind, id in (("tags", vip.id), ("attributes", vet.id)):
        path = f"/desk/settings/{kind}"
        assert team.get(path).status_code == team.post(f"{path}/{id}/removal").status_code == 403
        assert hers.get(path).status_code == hers.post(f"{path}/{id}/removal").status_code == 302
        assert f'href="{path}"' not in team.get("/desk/settings").text
    theo.role = Role.MANAGER
    db.session.commit()
    assert browse(theo).get("/desk/settings/tags").status_code == 200
    assert db.session.query(Tag).count() == db.session.query(Attribute).count() == 1


def test_what_is_not_there_is_not_found(browse: Browse, nina: Member) -> None:
    browser = browse(nina)
    for path in ("tags/9", "tags/9/removal", "attributes/9", "attributes/9/removal"):
        assert browser.get(f"/desk/settings/{path}").status_code == 404
        assert browser.post(f"/desk/settings/{path}").status_code == 404
