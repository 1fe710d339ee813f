"""Tags and attributes on profiles: put on, written, shown, and never seen by clients."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Attribute, AttributeKind, AttributeValue, Client, ClientTag, History, Member, Pet, PetTag, Tag
from portal.rules import attribute_values, attributes, tagging, tags
from portal.rules.actors import SYSTEM
from tests import cast, samples
from tests.conftest import Browse
from tests.house.test_speed import queries

AT = cast.NOON
KIND = AttributeKind


@pytest.fixture
def vip(app: Flask) -> Tag:
    return tags.add("VIP", "tint-4", of_pets=False)


@pytest.fixture
def shy(app: Flask) -> Tag:
    return tags.add("Shy", of_pets=True)


def made(name: str = "Vet", kind: AttributeKind = KIND.TEXT, **more: Any) -> Attribute:
    return attributes.add(name, kind, of_pets=more.pop("of_pets", True), **more)


def page_of(of: Client | Pet) -> str:
    return f"/desk/pets/{of.id}" if isinstance(of, Pet) else f"/desk/customers/{of.id}"


def latest() -> History:
    row = db.session.query(History).order_by(History.id.desc()).first()
    assert row
    return row


def test_a_tag_is_put_on_from_the_list(
    browse: Browse, theo: Member, rosa: Client, juno: Pet, vip: Tag, shy: Tag
) -> None:  # CP-6
    browser = browse(theo)
    for of, tag, other in ((rosa, vip, shy), (juno, shy, vip)):
        path = f"{page_of(of)}/tags"
        dialog = browser.swap(path, "get").text
        assert "<html" not in dialog
        assert tag.name in dialog
        assert other.name not in dialog
        part = browser.swap(path, data={"tag_id": tag.id}).text
        assert f"Take off {tag.name}" in part
        assert "<html" not in part
        assert (latest().new, latest().by_name) == (tag.name, "Theo Brandt")
        again = browser.swap(path, data={"tag_id": tag.id})
        assert again.status_code == 422
        assert "already" in again.text
        for wrong in (other.id, 99, "x", ""):
            assert browser.post(path, data={"tag_id": wrong}).status_code == 404
        assert tag.name in browser.get(page_of(of)).text
        assert "There is none to choose from" in browser.get(path).text
    assert db.session.query(ClientTag).one().client_id == db.session.query(PetTag).one().client_id == rosa.id


def test_without_javascript_a_tag_is_chosen_on_a_page(
    browse: Browse, theo: Member, rosa: Client, juno: Pet, vip: Tag, shy: Tag
) -> None:
    browser = browse(theo)
    for of, tag in ((rosa, vip), (juno, shy)):
        path = f"{page_of(of)}/tags"
        assert "<h1>Tag " in browser.get(path).text
        assert f'value="{tag.id}">{tag.name}' in browser.get(path, query_string={"q": tag.name[:2].upper()}).text, (
            "found as one types"
        )
        assert f'value="{tag.id}">' not in browser.get(f"{path}?q=zzz").text
        answer = browser.post(path, data={"tag_id": tag.id})
        assert (answer.status_code, answer.location) == (303, page_of(of))
        answer = browser.post(f"{path}/{tag.id}/removal")
        assert (answer.status_code, answer.location) == (303, f"{page_of(of)}?off={tag.id}")
        page = browser.get(answer.location).text
        assert f"{tag.name} is off" in page
        assert browser.post(path, data={"tag_id": tag.id}).status_code == 303
        assert f"{tag.name} is off" not in browser.get(answer.location).text
        assert browser.get(f"{page_of(of)}?off=x").status_code == 404


def test_a_tag_goes_with_one_tap_and_comes_back_with_the_next(
    browse: Browse, theo: Member, rosa: Client, juno: Pet, vip: Tag, shy: Tag
) -> None:  # CP-6, CP-11
    browser = browse(theo)
    for of, tag in ((rosa, vip), (juno, shy)):
        tagging.put_on(of, tag, by=SYSTEM, at=AT)
        path = f"{page_of(of)}/tags"
        part = browser.swap(f"{path}/{tag.id}/removal").text
        assert "Undo" in part
        assert (latest().old, latest().new) == (tag.name, "")
        again = browser.swap(f"{path}/{tag.id}/removal")
        assert again.status_code == 422
        assert "does not have the tag" in again.text
        assert browser.post(f"{path}/99/removal").status_code == 404
        assert f"Take off {tag.name}" in browser.swap(path, data={"tag_id": tag.id}).text


def test_managers_make_a_tag_where_they_need_it(
    browse: Browse, nina: Member, theo: Member, rosa: Client, juno: Pet
) -> None:  # CP-6
    browser, team = browse(nina), browse(theo)
    for of in (rosa, juno):
        path = f"{page_of(of)}/tags"
        assert "New tag “Loud”" in browser.swap(f"{path}?q=Loud", "get").text
        part = team.swap(f"{path}?q=Loud", "get").text
        assert "New tag" not in part
        assert "A manager can make new ones" in part
        assert team.post(f"{path}/new", data={"name": "Loud"}).status_code == 403
        assert "Take off Loud" in browser.swap(f"{path}/new", data={"name": "Loud"}).text
        assert latest().new == "Loud"
        assert "New tag" not in browser.swap(f"{path}?q=loud", "get").text
        for name, words in (("", "Type the name"), ("x" * 41, "at most 40"), ("loud", "already")):
            wrong = browser.swap(f"{path}/new", data={"name": name})
            assert wrong.status_code == 422
            assert words in wrong.text
        assert browser.post(f"{path}/new", data={"name": "Quiet"}).location == page_of(of)
    assert db.session.query(Tag).count() == 4


def test_the_list_of_customers_shows_tags_and_can_be_of_one(
    app: Flask, browse: Browse, theo: Member, rosa: Client, omar: Client, vip: Tag, shy: Tag
) -> None:  # CP-1, CP-6
    browser = browse(theo)
    tagging.put_on(rosa, vip, by=SYSTEM, at=AT)
    tagging.put_on(omar.pets[0], shy, by=SYSTEM, at=AT)
    page = browser.get("/desk/customers").text
    assert re.search(r'tag--own tint-4">VIP</span>', page)
    assert "Omar Haddad" in page
    page = browser.get(f"/desk/customers?tag={vip.id}").text
    assert "Rosa Delgado" in page
    assert "Omar Haddad" not in page
    assert f'<input type="hidden" name="tag" value="{vip.id}">' in page, "typing goes on within the tag"
    assert f"tab=inactive&amp;tag={vip.id}" in page
    assert "Omar Haddad" in browser.swap(f"/desk/customers?q=pep&tag={shy.id}", "get").text
    assert "Nobody found for “zoe” here with the tag “VIP”" in browser.get(f"/desk/customers?q=zoe&tag={vip.id}").text
    empty = browser.get(f"/desk/customers?tab=inactive&tag={vip.id}").text
    assert "Nobody here has the tag “VIP”" in empty
    assert "Omar Haddad" in browser.get("/desk/customers?tag=99").text
    assert browser.get("/desk/customers?tag=x").status_code == 404
    path = f"/desk/customers?q=rosa&tag={vip.id}"
    with queries(app) as said:
        browser.get(path)
    assert len(said) <= 4, said


@pytest.mark.parametrize(
    ("kind", "sent", "kept", "shown"),
    [
        (KIND.TEXT, " Dr. Ames\r\nKingston ", "Dr. Ames\nKingston", "Dr. Ames\nKingston"),
        (KIND.NUMBER, "1,250.5", "1250.5", "1250.5"),
        (KIND.CHOICE, "Wet", "Wet", "Wet"),
        (KIND.CHOICES, ["Wet", "Dry"], "Dry\nWet", "Dry, Wet"),
        (KIND.DATE, "2027-03-14", "2027-03-14", "Sun 14 Mar 2027"),
        (KIND.YES_NO, "No", "No", "No"),
    ],
)
def test_a_value_is_written_in_a_dialog_that_fits(
    browse: Browse, theo: Member, rosa: Client, juno: Pet, kind: AttributeKind, sent: Any, kept: str, shown: str
) -> None:  # CP-6, CP-11
    browser = browse(theo)
    for of in (rosa, juno):
        row = made("Food", kind, choices="Dry\nWet", of_pets=of is juno)
        path = f"{page_of(of)}/attributes/{row.id}"
        assert "Not set" in browser.get(page_of(of)).text
        dialog = browser.swap(path, "get").text
        assert "data-closes" in dialog
        assert "<html" not in dialog
        parts = browser.swap(path, data={"value": sent}).text
        for words in (shown, 'id="own_attributes" hx-swap-oob="true"', 'id="own_tags" hx-swap-oob="true"'):
            assert words in parts
        value = attribute_values.written(of, row)
        assert value
        assert value.value == kept
        assert (latest().field, latest().old, latest().new, latest().by_name) == ("Food", "", shown, "Theo Brandt")
        page = browser.get(path).text
        assert "data-closes" not in page
        assert "hx-post" not in page.split('class="form"')[1].split("</form>")[0], "a page of its own sends it itself"
        answer = browser.post(path, data={"value": ""})
        assert (answer.status_code, answer.location) == (303, f"{page_of(of)}#own_attributes")
        assert (latest().old, latest().new) == (shown, "")
    assert db.session.query(AttributeValue).count() == 0


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        (KIND.TEXT, "x" * 2001, "at most 2,000 characters"),
        (KIND.TEXT, "a\x00b", "cannot be read"),
        (KIND.NUMBER, "a dozen", "This is not a number"),
        (KIND.NUMBER, "1,2", "This is not a number"),
        (KIND.NUMBER, "١٢", "This is not a number"),
        (KIND.DATE, "14 March", "This is not a day"),
        (KIND.CHOICE, "Raw", "Choose from what is offered here"),
        (KIND.CHOICES, ["Dry", "Raw"], "Choose from what is offered here"),
        (KIND.YES_NO, "Perhaps", "Choose from what is offered here"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(
    browse: Browse, theo: Member, juno: Pet, kind: AttributeKind, sent: Any, words: str
) -> None:
    row = made("Food", kind, choices="Dry\nWet")
    number = latest().id if db.session.query(History).count() else 0
    for ask in (browse(theo).swap, browse(theo).post):
        answer = ask(f"/desk/pets/{juno.id}/attributes/{row.id}", data={"value": sent})
        assert answer.status_code == 422
        assert words in answer.text
    assert db.session.query(AttributeValue).count() == 0
    assert db.session.query(History).filter(History.id > number).count() == 0


def test_a_file_is_kept_shown_and_removed(browse: Browse, theo: Member, rosa: Client, juno: Pet) -> None:  # CP-6
    browser = browse(theo)
    for of in (rosa, juno):
        row = made("Contract", KIND.FILE, of_pets=of is juno)
        path = f"{page_of(of)}/attributes/{row.id}"
        assert browser.get(f"{path}/file").status_code == 404
        data = {"value": (BytesIO(samples.pdf("signed")), "Contract.pdf")}
        parts = browser.swap(path, data=data, content_type="multipart/form-data").text
        assert "Contract.pdf" in parts
        file = browser.get(f"{path}/file")
        assert file.mimetype == "application/pdf"
        assert "sandbox" in file.headers["Content-Security-Policy"]
        assert browser.post(path, data={}, content_type="multipart/form-data").status_code == 303
        assert latest().new == "Contract.pdf", "what is not touched stays"
        data = {"value": (BytesIO(b"MZ\x90\x00" + b"\x00" * 600), "run.exe")}
        wrong = browser.swap(path, data=data, content_type="multipart/form-data")
        assert wrong.status_code == 422
        assert 'id="value-error"' in wrong.text
        assert browser.get(f"{path}/file").status_code == 200
        data = {"remove": "y"}
        assert browser.post(path, data=data, content_type="multipart/form-data").status_code == 303
        assert (latest().old, latest().new) == ("Contract.pdf", "")
        assert browser.get(f"{path}/file").status_code == 404


def test_what_is_not_visible_at_once_is_behind_show_more(browse: Browse, theo: Member, juno: Pet) -> None:  # CP-6
    browser = browse(theo)
    assert "own_attributes" not in browser.get(f"/desk/pets/{juno.id}").text, "without attributes there is no section"
    made("Vet")
    assert "Show More" not in browser.get(f"/desk/pets/{juno.id}").text
    chip = made("Microchip", visible=False)
    page = browser.get(f"/desk/pets/{juno.id}").text
    assert page.index("Vet</a>") < page.index("Show More") < page.index("Microchip</a>")
    assert '<details class="more">' in page
    parts = browser.swap(f"/desk/pets/{juno.id}/attributes/{chip.id}", data={"value": "981"}).text
    assert '<details class="more" open>' in parts, "what was written is in view"


def test_flags_stand_on_the_heads(
    app: Flask, browse: Browse, theo: Member, rosa: Client, juno: Pet, shy: Tag
) -> None:  # CP-2
    muzzle, key = made("Needs muzzle", KIND.YES_NO, flag=True), made("Key here", KIND.YES_NO, flag=True, of_pets=False)
    calm = made("Calm", KIND.YES_NO)
    for of, row in ((juno, muzzle), (juno, calm), (rosa, key)):
        attribute_values.write(of, row, "Yes", by=SYSTEM, at=AT)
    tagging.put_on(juno, shy, by=SYSTEM, at=AT)
    browser = browse(theo)
    head = browser.get(f"/desk/customers/{rosa.id}").text
    for words in ("Needs muzzle</span>", "Key here</span>", "Shy</span>"):
        assert words in head
    assert "Calm</span>" not in head
    head = browser.get(f"/desk/pets/{juno.id}").text
    assert "Needs muzzle</span>" in head
    assert "Key here" not in head
    path = page_of(rosa)
    with queries(app) as said:
        browser.get(path)
    assert len(said) <= 6, said


def test_flags_stand_on_the_rows_of_today(app: Flask, browse: Browse, theo: Member, rosa: Client, juno: Pet) -> None:
    # FD-1
    muzzle, key = made("Needs muzzle", KIND.YES_NO, flag=True), made("Key here", KIND.YES_NO, flag=True, of_pets=False)
    attribute_values.write(juno, muzzle, "Yes", by=SYSTEM, at=AT)
    attribute_values.write(rosa, key, "Yes", by=SYSTEM, at=AT)
    miso = next(pet for pet in rosa.pets if pet.name == "Miso")
    with time_machine.travel(AT, tick=False):
        cast.booking(rosa, [juno], "Daycare", AT + timedelta(minutes=30), made_at=AT)
        cast.booking(rosa, [miso], "Full Groom", AT + timedelta(minutes=60), made_at=AT)
        page = browse(theo).get("/desk/").text
    assert page.count("Key here, Needs muzzle</span>") == 1
    assert page.count("Key here</span>") == 1


def test_what_belongs_to_the_others_is_not_found(
    browse: Browse, theo: Member, rosa: Client, juno: Pet, shy: Tag
) -> None:
    browser, hers = browse(theo), browse(rosa)
    vet, retired = made(), made("Old")
    attributes.retire(retired, at=AT)
    for path in (
        f"{page_of(rosa)}/attributes/{vet.id}",
        f"{page_of(juno)}/attributes/{retired.id}",
        f"{page_of(juno)}/attributes/99",
        f"/desk/pets/99/attributes/{vet.id}",
    ):
        assert browser.get(path).status_code == browser.post(path, data={"value": "x"}).status_code == 404
    for path in (f"{page_of(juno)}/attributes/{vet.id}", f"{page_of(juno)}/tags"):
        assert hers.get(path).status_code == hers.post(path, data={"value": "x", "tag_id": shy.id}).status_code == 302
    assert db.session.query(AttributeValue).count() == db.session.query(PetTag).count() == 0


def test_clients_never_see_any_of_it(browse: Browse, rosa: Client, juno: Pet) -> None:  # CP-6
    for of in (rosa, juno):
        tag = tags.add("MARK-tag", of_pets=of is juno)
        tagging.put_on(of, tag, by=SYSTEM, at=AT)
        for kind, value in ((KIND.TEXT, "MARK-text"), (KIND.CHOICE, "MARK-choice"), (KIND.YES_NO, "Yes")):
            row = made(f"MARK-{kind.name}", kind, choices="MARK-choice", of_pets=of is juno, flag=True)
            attribute_values.write(of, row, value, by=SYSTEM, at=AT)
    hers = browse(rosa)
    cast.booking(rosa, [juno], "Daycare", AT + timedelta(days=2), made_at=AT)
    seen, waiting = set(), ["/", "/pets", f"/pets/{juno.id}", "/profile", "/documents", "/messages", "/past"]
    while waiting and len(seen) < 60:
        path = waiting.pop()
        seen.add(path)
        text = hers.get(path).get_data(as_text=False).decode("utf-8", "replace")
        assert "MARK-" not in text, path
        found = {link.split("#")[0] for link in re.findall(r'href="(/[^"]*)"', text)}
        waiting += [link for link in found - seen - set(waiting) if not link.startswith(("/static", "/desk"))]
    assert len(seen) > 15
