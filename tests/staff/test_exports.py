"""Taking lists out: streamed, safe to open, only for managers, and known."""

import csv
from io import StringIO

import pytest

from portal.db import db
from portal.models import Client, Export, Member
from portal.rules import exports
from tests import cast
from tests.conftest import Browse
from tests.house.naughty import NAUGHTY

EACH = ["clients", "pets", "bookings"]


@pytest.mark.parametrize("what", EACH)
def test_a_list_is_saved_as_a_file(what: str, browse: Browse, nina: Member, rosa: Client) -> None:  # CP-12
    cast.booking(rosa, rosa.pets, "Daycare", cast.NOON, made_at=cast.NOON)
    answer = browse(nina).post(f"/desk/customers/export/{what}")
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf"), "the mark by which Excel knows UTF-8"
    rows = list(csv.DictReader(StringIO(answer.data.decode("utf-8-sig"))))
    assert "rosa@example.com" in {row["E-mail"] for row in rows}
    row = db.session.query(Export).one()
    assert (row.by_name, row.subject.lower()) == (nina.name, "customers" if what == "clients" else what)
    assert f"{row.subject}, Today by {nina.name}" in " ".join(browse(nina).get("/desk/customers/import").text.split())


def test_all_stretches_arrive(browse: Browse, nina: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 1)
    monkeypatch.setattr(exports, "CLIENTS", exports.CLIENTS.limit(1))
    text = browse(nina).post("/desk/customers/export/clients").data.decode("utf-8-sig")
    assert len(list(csv.reader(StringIO(text)))) == db.session.query(Client).count() + 1


def test_no_cell_is_a_formula(browse: Browse, nina: Member, rosa: Client) -> None:  # CP-12
    odd = ["=1+1", "@x", "+x", "-x", *(words for words in NAUGHTY if "\x00" not in words)]
    for words in odd:
        rosa.last_name = words.encode("utf-8", "ignore").decode()
        db.session.commit()
        text = browse(nina).post("/desk/customers/export/clients").data.decode("utf-8-sig")
        rows = list(csv.reader(StringIO(text, newline="")))
        assert all(len(row) == len(rows[0]) for row in rows), words
        told = [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
        assert all(set(cell) <= set("+-0123456789 .,") for cell in told), "nothing but numbers"


@pytest.mark.parametrize("what", EACH)
def test_only_managers_take_lists_out(what: str, browse: Browse, theo: Member, rosa: Client, nina: Member) -> None:
    path = f"/desk/customers/export/{what}"
    assert browse(theo).post(path).status_code == 403
    assert browse(rosa).post(path).status_code == 302
    assert browse(nina).get(path).status_code == 405
    assert browse(nina).post(path, token=None).status_code == 400
    assert db.session.query(Export).count() == 0
