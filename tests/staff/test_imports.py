"""Bringing in lists on the page, and with the command that does the same."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal import import_work, worker
from portal.db import db
from portal.models import Client, ClientImport, History, ImportState, Member
from portal.rules import client_imports
from tests import samples
from tests.conftest import Browse, Browser
from tests.house.naughty import NAUGHTY

PAGE = "/desk/customers/import"
LIST = "First name;Last name;E-mail;Phone;Pet\nNora;Berg;nora@example.com;(212) 555-0134;Fig & Gus\n"
NO_MAIL = LIST + "Olav;Berg;;;Nala\n"


@pytest.fixture
def desk(browse: Browse, nina: Member) -> Browser:
    return browse(nina)


def sent(browser: Browser, content: str | bytes, name: str = "list.csv", **more: Any) -> Any:
    data = {"file": (BytesIO(content.encode() if isinstance(content, str) else content), name)}
    return browser.post(PAGE, data=data, content_type="multipart/form-data", **more)


def form_of(page: str, **chosen: str) -> MultiDict[str, str]:
    """What the form on the page would send."""
    page = page.split('/choices"')[2].split("</form>")[0]
    found: list[tuple[str, str]] = []
    for tag in re.finditer(
        r'<select[^>]*name="([^"]+)".*?</select>|<input[^>]*name="(header|column)"[^>]*>', page, re.S
    ):
        value = re.search(r'<option[^>]*selected[^>]*value="([^"]*)"|value="([^"]*)" selected', tag[0])
        if tag[2]:
            value = re.search(r'()value="([^"]*)"', tag[0])
        found.append((tag[1] or tag[2], (value[1] or value[2] or "") if value else ""))
    sent: MultiDict[str, str] = MultiDict([*found, ("split", "y")])
    for name, value_ in chosen.items():
        sent[name] = value_
    return sent


def nobody(name: str = "Nora") -> bool:
    return db.session.query(Client).filter_by(first_name=name).count() == 0


def test_a_list_is_looked_at_checked_and_brought_in(desk: Browser) -> None:  # CP-12
    assert desk.get(PAGE).status_code == 200
    answer = sent(desk, LIST)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/1")
    page = desk.get(answer.location).text
    for words in ("list.csv", "Semicolon", "Nora", "(212) 555-0134", "Fig &amp; Gus"):
        assert words in page
    assert nobody()
    form = form_of(page, check="y")
    assert form.getlist("column") == ["first_name", "last_name", "email", "phone", "pet_name.1"]
    part = desk.swap(f"{PAGE}/1/choices", data=form).text
    assert "<html" not in part
    assert "Ready to bring in" in part
    assert "1 new client and 2 pets" in part
    assert nobody(), "a look changes nothing"
    part = desk.swap(f"{PAGE}/1/clients").text
    assert "The list is in" in part
    nora = db.session.query(Client).filter_by(first_name="Nora").one()
    assert sorted(pet.name for pet in nora.pets) == ["Fig", "Gus"]
    assert db.session.query(History).filter_by(client_id=nora.id).one().by_name == "Nina Park"
    assert "Nora Berg" in desk.get("/desk/customers?q=gus").text
    assert "Brought in" in desk.get(PAGE).text
    assert "by Nina Park, 1 row<" in desk.get(PAGE).text


def test_without_javascript_it_is_pages(desk: Browser) -> None:  # CP-12
    path = sent(desk, LIST).location
    answer = desk.post(f"{path}/choices", data=form_of(desk.get(path).text, check="y"))
    assert (answer.status_code, answer.location) == (303, path)
    assert "Ready to bring in" in desk.get(path).text
    assert desk.post(f"{path}/clients").status_code == 303
    assert "The list is in" in desk.get(path).text
    path = sent(desk, LIST).location
    answer = desk.post(f"{path}/removal")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "The list is discarded" in desk.get(PAGE).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (samples.xlsx(), "clients.xlsx", "This is an Excel document. Open it in Excel"),
        (samples.pdf("x"), "clients.pdf", "This is a PDF."),
        (samples.zipped(), "clients.zip", "This is a ZIP archive. Unpack it"),
        (samples.jpeg(), "clients.csv", "This is a JPEG picture."),
        (b"", "clients.csv", "This file is empty"),
    ],
)
def test_what_is_no_list_is_told_beside_the_field(desk: Browser, content: bytes, name: str, words: str) -> None:
    answer = sent(desk, content, name)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-describedby="file-error"' in answer.text
    assert db.session.query(ClientImport).count() == 0


def test_no_file_is_asked_for_one(desk: Browser) -> None:
    assert "Choose a file." in desk.post(PAGE).text


def test_a_problem_is_told_by_row_and_column_and_nothing_is_lost(desk: Browser) -> None:  # CP-12
    path = sent(desk, NO_MAIL).location
    form = form_of(desk.get(path).text, check="y", duplicates="skip")
    part = desk.swap(f"{path}/choices", data=form).text
    assert "1 problem to mend" in part
    assert "<b>Row 3</b>, E-mail" in part
    assert "Import Now" not in part
    answer = desk.swap(f"{path}/clients")
    assert answer.status_code == 422
    assert "There are problems in the list" in answer.text
    assert nobody()
    form = form_of(desk.get(path).text, check="y")
    assert form["duplicates"] == "skip"
    form["without_email"] = "keep"
    assert "2 new clients, 1 of them without e-mail" in desk.swap(f"{path}/choices", data=form).text


def test_choices_that_cannot_be_are_refused_in_words(desk: Browser) -> None:
    path = sent(desk, LIST).location
    page = desk.get(path).text
    for name, value, words in (
        ("header", "x", "Not a valid integer"),
        ("header", "99", "Write a number from 0 to 50."),
        ("encoding", "ebcdic", "Choose one of these."),
        ("country", "ZZ", "Choose one of these."),
        ("pets", "300000", "Choose one of these."),
        ("pets", "²", "Choose one of these."),
        ("animal_id", "999", "Choose one of these."),
    ):
        answer = desk.post(f"{path}/choices", data=form_of(page, **{name: value}))
        assert answer.status_code == 422, name
        assert words in answer.text
        assert len(answer.text) < 2 * len(page), "nobody's row has so many pets"
    twice = form_of(page, check="y")
    twice.setlist("column", ["first_name", "first_name", "email", "", ""])
    answer = desk.post(f"{path}/choices", data=twice)
    assert answer.status_code == 422
    assert "is chosen for two columns" in answer.text
    assert desk.post(f"{path}/clients").status_code == 422, "not checked"


def test_other_letters_are_shown_at_once(desk: Browser) -> None:  # CP-12
    path = sent(desk, LIST.replace("Nora", "Zoë")).location
    part = desk.swap(f"{path}/choices", data=form_of(desk.get(path).text, encoding="windows-1252")).text
    assert "ZoÃ«" in part
    part = desk.swap(f"{path}/choices", data=form_of(part, delimiter="tab", encoding="utf-8")).text
    assert "Zoë;Berg" in part
    part = desk.swap(f"{path}/choices", data=form_of(part, delimiter="semicolon", header="0")).text
    assert "Column A" in part


def test_any_characters_are_taken(desk: Browser) -> None:
    path = sent(desk, LIST).location
    form = form_of(desk.get(path).text)
    for words in NAUGHTY[:40]:
        form.setlist("column", [words.encode("utf-8", "replace").decode()] * 3)
        assert desk.post(f"{path}/choices", data=form).status_code == 303
    text = "".join(f'"{words.replace(chr(34), "")}";"{words.replace(chr(34), "")}";x;y;z\n' for words in NAUGHTY)
    plain = LIST + "Olav;Berg;;;\n" * 400
    answer = sent(desk, plain.encode() + text.encode("utf-8", "replace"), 'odd";<b>.csv')
    assert answer.status_code == 303
    assert desk.get(answer.location).status_code == 200
    assert "<b>.csv" not in desk.get(PAGE).text


def test_what_is_being_worked_on_waits(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long list is left to the worker; its page asks how far it is, and can be left."""
    monkeypatch.setattr(client_imports, "SHORT", 0)
    path = sent(desk, LIST).location
    form = form_of(desk.get(path).text, check="y")
    part = desk.swap(f"{path}/choices", data=form).text
    assert "The list is being checked" in part
    assert 'hx-trigger="every 2s"' in part
    assert "It waits for its turn" in desk.get(path).text
    for refused in ("clients", "removal", "choices"):
        answer = desk.post(f"{path}/{refused}", data=form)
        assert answer.status_code == 422
        assert "being worked on" in answer.text
    worker.work(once=True)
    assert "Ready to bring in" in desk.swap(path, "get").text
    assert "being brought in" in desk.swap(f"{path}/clients").text
    worker.work(once=True)
    assert "The list is in" in desk.get(path).text
    answer = desk.post(f"{path}/clients")
    assert answer.status_code == 422
    assert "brought in already" in answer.text


def test_the_worker_goes_on_with_letters_meanwhile(app: Flask, desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_imports, "SHORT", 0)
    path = sent(desk, LIST).location
    desk.post(f"{path}/choices", data=form_of(desk.get(path).text, check="y"))
    memory = worker.Memory()
    worker.bring_lists_in(memory)
    assert memory.beside
    memory.beside.join(30)
    db.session.expire_all()
    assert db.session.query(ClientImport).one().state == ImportState.CHECKED


def test_a_worker_that_is_to_stop_lets_go(desk: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_imports, "SHORT", 0)
    monkeypatch.setattr("portal.rules.imports.plans.EVERY", 1)
    path = sent(desk, LIST).location
    desk.post(f"{path}/choices", data=form_of(desk.get(path).text, check="y"))
    memory = worker.Memory()
    memory.stopping.set()
    import_work.work_off(stopping=memory.stopping)
    db.session.expire_all()
    row = db.session.query(ClientImport).one()
    assert (row.state, row.leased_until, row.tries) == (ImportState.CHECKING, None, 0)


def test_there_is_nothing_for_strangers(browse: Browse, rosa: Client, theo: Member, desk: Browser) -> None:
    path = sent(desk, LIST).location
    assert desk.get(f"{PAGE}/999").status_code == 404
    assert desk.post(f"{PAGE}/999/clients").status_code == 404
    assert browse(rosa).get(path).status_code == 302
    assert sent(browse(rosa), LIST).status_code == 302
    assert browse(theo).get(path).status_code == 403, "managers only"
    assert browse(theo).post(f"{path}/clients").status_code == 403
    assert PAGE not in browse(theo).get("/desk/customers").text
    assert PAGE in desk.get("/desk/customers").text


def test_a_list_leaves_the_page_light(desk: Browser) -> None:
    many = ";".join(f"Column {number}" for number in range(120))
    path = sent(desk, f"First name;E-mail;{many}\nNora;nora@example.com;{';' * 118}x\n").location
    page = desk.get(path, headers={"Accept-Encoding": "gzip"})
    assert len(page.data) < 20_000
    form = form_of(desk.get(path).text)
    assert len(form.getlist("column")) == 122
    part = desk.swap(f"{path}/choices", data={**form.to_dict(), "column": form.getlist("column"), "check": "y"})
    assert "Ready to bring in" in part.text


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(NO_MAIL, encoding="utf-16")
    return path


def test_the_command_does_the_same(app: Flask, paper: Path) -> None:  # CP-12
    run = app.test_cli_runner().invoke
    refused = run(args=["import-clients", str(paper)])
    assert refused.exit_code == 1
    assert "Row 3, E-mail" in refused.output
    assert "1 problem, so nothing was brought in" in refused.output
    looked = run(args=["import-clients", "--dry-run", "--without-email", "keep", str(paper)])
    assert (looked.exit_code, nobody()) == (0, True)
    assert "To be brought in: 2 new clients, 1 of them without e-mail and 3 pets." in looked.output
    done = run(args=["import-clients", "--without-email", "keep", "--column", "Pet=", str(paper)])
    assert done.exit_code == 0, done.output
    assert "Brought in: 2 new clients" in done.output
    db.session.expire_all()
    assert db.session.query(Client).filter_by(first_name="Nora").one().pets == []
    assert db.session.query(History).filter_by(new="Imported from list.csv").count() == 2


def test_the_command_says_what_it_does_not_understand(app: Flask, paper: Path) -> None:
    run = app.test_cli_runner().invoke
    wrong = run(args=["import-clients", "--column", "Pets=pet_name.1", str(paper)])
    assert wrong.exit_code == 1
    assert "is no header of the file" in wrong.output
    paper.write_bytes(samples.xlsx())
    assert "This is an Excel document" in run(args=["import-clients", str(paper)]).output
