"""Notes about a customer, as the browser asks for them."""

from io import BytesIO

from flask import Flask

from portal.db import db, now
from portal.models import Client, History, Member, Note, NoteFile, Pet
from portal.rules import notes
from portal.rules.actors import as_member
from tests import samples
from tests.conftest import Browse
from tests.house.test_speed import queries


def write(client: Client, member: Member, text: str = "Shy of hats.") -> Note:
    return notes.write(client, text, by=as_member(member), at=now())


def path(client: Client) -> str:
    return f"/desk/customers/{client.id}/notes"


def test_a_note_is_written_with_a_file_about_a_pet(  # CP-7
    app: Flask, browse: Browse, theo: Member, rosa: Client, juno: Pet
) -> None:
    browser = browse(theo)
    assert "Nobody has written anything down yet." in browser.get(path(rosa)).text
    form = {"text": "Half a tablet.\n\nAt noon.", "pet": juno.id, "attachments": (BytesIO(samples.pdf()), "Dose.pdf")}
    part = browser.swap(path(rosa), data=form).text
    assert part.startswith('<form class="composer"')
    assert 'hx-swap-oob="afterbegin:#notes"' in part
    page = browser.get(path(rosa)).text
    note = page.split('<article class="note')[1].split("</article>")[0]
    for words in ("Theo Brandt", "Juno", '<p dir="auto">Half a tablet.</p>', "Dose.pdf"):
        assert words in note
    kept = db.session.query(NoteFile).one()
    answer = browser.get(f"/desk/notes/files/{kept.id}")
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert db.session.query(History).filter_by(field="Note", new="Written", by_name="Theo Brandt").count() == 1


def test_the_tab_asks_as_often_however_much_is_written(  # CP-7
    app: Flask, browse: Browse, theo: Member, rosa: Client
) -> None:
    browser, counts = browse(theo), []
    for more in (1, 20):
        for number in range(more):
            write(rosa, theo, f"Note {more} {number}")
        browser.get(path(rosa))
        with queries(app) as said:
            browser.get(path(rosa))
        counts.append(len(said))
    assert counts[0] == counts[1] <= 5, said


def test_without_javascript_it_is_a_plain_form(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-7
    browser = browse(theo)
    answer = browser.post(path(rosa), data={"text": "Likes cheese.", "pet": "0"})
    note = db.session.query(Note).one()
    assert (answer.status_code, answer.location) == (303, f"{path(rosa)}#note-{note.id}")
    assert "The note is written." in browser.get(path(rosa)).text


def test_what_is_wrong_is_said_and_nothing_is_lost(  # CP-7, DOC-4
    browse: Browse, theo: Member, rosa: Client, omar: Client
) -> None:
    browser = browse(theo)
    empty = browser.swap(path(rosa), data={"text": " ", "pet": "0"})
    assert (empty.status_code, "Write something, or attach a file." in empty.text) == (422, True)
    bad = {"text": "Look at this", "pet": "0", "attachments": (BytesIO(b"MZ" + bytes(900)), "two.exe")}
    answer = browser.post(path(rosa), data=bad)
    assert (answer.status_code, "Look at this" in answer.text, "two.exe" in answer.text) == (422, True, True)
    strange = browser.swap(path(rosa), data={"text": "Hello", "pet": omar.pets[0].id})
    assert strange.status_code == 422, "another family’s pet"
    many = [(BytesIO(b"words"), f"{number}.txt") for number in range(11)]
    much = browser.swap(path(rosa), data={"text": "All", "pet": "0", "attachments": many})
    assert "At most 10 files go with one note" in much.text
    assert db.session.query(Note).count() == 0


def test_one_changes_ones_own_in_place(browse: Browse, theo: Member, nina: Member, rosa: Client) -> None:  # CP-7
    own, other, browser = write(rosa, theo), write(rosa, nina, "Hers."), browse(theo)
    page = f"/desk/notes/{own.id}"
    assert ">Shy of hats.</textarea>" in browser.swap(page, "get").text.replace("\r\n", "").replace(">\nShy", ">Shy")
    assert "<h1>Change the Note</h1>" in browser.get(page).text
    assert browser.swap(page, data={"text": "", "pet": "0"}).status_code == 422
    changed = browser.swap(page, data={"text": "Shy of umbrellas.", "pet": "0"}).text
    assert "Shy of umbrellas." in changed
    assert "changed today" in changed
    assert browser.post(page, data={"text": "Shy of rain.", "pet": "0"}).status_code == 303
    assert db.session.query(History).filter_by(old="Shy of hats.", new="Shy of umbrellas.").count() == 1
    refused = browser.swap(f"/desk/notes/{other.id}", data={"text": "Mine now.", "pet": "0"})
    assert (refused.status_code, "Nina Park wrote this note" in refused.text) == (422, True)
    listed = browser.get(path(rosa)).text
    assert f'href="/desk/notes/{own.id}"' in listed
    assert f"/desk/notes/{other.id}" not in listed, "no button for what would be refused"


def test_it_is_removed_and_comes_back(browse: Browse, theo: Member, nina: Member, rosa: Client) -> None:  # CP-7
    own, other = write(rosa, theo), write(rosa, nina, "Hers.")
    browser = browse(theo)
    assert browser.swap(f"/desk/notes/{other.id}/removal").status_code == 422
    gone = browser.swap(f"/desk/notes/{own.id}/removal").text
    assert "Shy of hats." not in gone
    assert "Undo" in gone
    assert browser.swap(f"/desk/notes/{own.id}/removal").status_code == 422
    assert browser.post(f"/desk/notes/{own.id}/return").status_code == 303
    assert "Shy of hats." in browser.get(path(rosa)).text
    assert browse(nina).post(f"/desk/notes/{own.id}/removal").status_code == 303, "the owner removes any"


def test_nobody_else_gets_at_them(browse: Browse, rosa: Client, theo: Member) -> None:  # SI-1
    note = write(rosa, theo)
    client, staff = browse(rosa), browse(theo)
    for address in (path(rosa), f"/desk/notes/{note.id}", f"/desk/notes/{note.id}/removal"):
        assert client.post(address, data={"text": "x", "pet": "0"}).status_code == 302
    for address in ("/desk/notes/999999", "/desk/notes/999999/removal", "/desk/customers/999999/notes"):
        assert staff.post(address, data={"text": "x", "pet": "0"}).status_code == 404
    assert db.session.get_one(Note, note.id).text == "Shy of hats."
