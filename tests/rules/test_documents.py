"""Documents: sharing, being given, seeing, removing, and the order of the list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import event, select

from portal.db import db
from portal.gateways import files as store
from portal.gateways.files import Unacceptable
from portal.models import Business, Client, Document, File, History, Member, Notice, NoticeKind, StoredDocument
from portal.rules import allowances, documents, files, shelves
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from portal.rules.throttles import TooMany
from tests import samples
from tests.cast import NOON

SECOND = timedelta(seconds=1)
Share = Callable[..., Document]


@pytest.fixture
def share(rosa: Client) -> Share:
    def share_(name: str = "Feeding plan.pdf", content: bytes | None = None, at=NOON, of: Client = rosa) -> Document:  # type: ignore[no-untyped-def]
        return documents.share(
            of, BytesIO(content or samples.pdf(name.encode("ascii", "replace").decode())), name, by=as_client(of), at=at
        )

    return share_


@pytest.fixture
def given(rosa: Client, nina: Member) -> Share:
    def give(file_name: str = "Invoice.pdf", **more: object) -> Document:
        file = files.keep(BytesIO(samples.pdf(file_name)), file_name, at=NOON)
        return documents.give(rosa, file, by=as_member(nina), at=NOON, **more)  # type: ignore[arg-type]

    return give


def names(client: Client, at=NOON) -> list[str]:  # type: ignore[no-untyped-def]
    return [row.name for row in shelves.stretch(client.id, at=at).rows]


def test_sharing_leaves_a_document_a_notice_and_a_line_of_history(rosa: Client, share: Share) -> None:  # DOC-2
    document = share()
    assert (document.name, document.from_client, document.shared_by) == ("Feeding plan.pdf", True, "Rosa Delgado")
    notice = db.session.scalars(select(Notice)).one()
    assert notice.kind == NoticeKind.DOCUMENT_SHARED
    assert (notice.text, notice.document_id) == ("Rosa Delgado shared Feeding plan.pdf", document.id)
    line = db.session.scalars(select(History)).one()
    assert (line.subject, line.field, line.old, line.new) == ("Feeding plan.pdf", "Document", "", "Shared")
    assert line.by_name == "Rosa Delgado"


def test_one_that_is_not_taken_says_why_and_the_others_go_through(rosa: Client) -> None:  # DOC-4
    sent = [
        ("plan.pdf", BytesIO(samples.pdf("Plan"))),
        ("page.pdf", BytesIO(samples.html())),
        ("papers.zip", BytesIO(samples.zipped())),
        ("notes.txt", BytesIO(samples.txt())),
    ]
    outcomes = documents.share_each(rosa, sent, by=as_client(rosa), at=NOON)
    assert [bool(outcome.why) for outcome in outcomes] == [False, True, True, False]
    assert names(rosa) == ["notes.txt", "plan.pdf"]


def test_the_same_file_a_moment_later_is_one_document(rosa: Client, share: Share) -> None:  # DOC-4
    first = share()
    assert share(at=NOON + 59 * SECOND).id == first.id
    assert len(db.session.scalars(select(Notice)).all()) == 1
    assert share(at=NOON + 61 * SECOND).id != first.id
    assert share(content=samples.pdf("Other words"), at=NOON).id != first.id


def test_the_same_file_of_somebody_else_is_their_own(rosa: Client, omar: Client, share: Share) -> None:  # DOC-4
    assert share().id != share(of=omar).id


def test_there_is_room_for_so_many(rosa: Client, share: Share, monkeypatch: pytest.MonkeyPatch) -> None:  # DOC-4
    monkeypatch.setattr(documents, "MOST_FILES", 2)
    share("a.pdf")
    second = share("b.pdf")
    with pytest.raises(Refused, match="You have shared 2 documents, which is as much as we keep"):
        share("c.pdf")
    documents.remove(second, by=as_client(rosa), at=NOON)
    assert share("c.pdf").name == "c.pdf"


def test_there_is_room_for_so_much(share: Share, monkeypatch: pytest.MonkeyPatch) -> None:  # DOC-4
    monkeypatch.setattr(documents, "MOST_OCTETS", 2 * len(samples.pdf("a.pdf")))
    share("a.pdf")
    share("b.pdf")
    with pytest.raises(Refused, match="2 GB of documents"):
        share("c.pdf")


def test_sharing_and_removing_without_end_is_told_to_wait(  # DOC-4
    rosa: Client, omar: Client, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes of what is removed stay for more than an hour, and nobody may fill the disk with them."""
    monkeypatch.setattr(allowances, "FILES", replace(allowances.FILES, most=2))
    for name in ("a.pdf", "b.pdf"):
        documents.remove(share(name), by=as_client(rosa), at=NOON)
    with pytest.raises(TooMany, match="Please wait 60 minutes, then send this one"):
        share("c.pdf")
    assert share("c.pdf", of=omar).name == "c.pdf"
    assert share("c.pdf", at=NOON + timedelta(hours=1)).name == "c.pdf"


def test_a_business_may_close_sharing(share: Share) -> None:  # DOC-2
    db.session.query(Business).one().uploads_open = False
    db.session.commit()
    with pytest.raises(Refused, match=r"Documents cannot be shared here at the moment\. Please call \(212\) 555-0148"):
        share()


def test_too_large_is_said_in_words(share: Share) -> None:  # DOC-4
    with pytest.raises(Unacceptable, match="larger than 25 MB"):
        share(content=b"%PDF-1.7\n" + bytes(25 * 1024 * 1024))


def test_by_name_as_people_read_it(rosa: Client, share: Share) -> None:  # DOC-1
    for name in ("zoo.pdf", "Page 10.pdf", "Éclair.pdf", "page 9.pdf", "Fig.pdf", "a b.pdf", "ab.pdf", "Ωmega.pdf"):
        share(name)
    assert names(rosa) == [
        *("a b.pdf", "ab.pdf", "Éclair.pdf", "Fig.pdf", "page 9.pdf", "Page 10.pdf", "zoo.pdf", "Ωmega.pdf")
    ]


def test_all_three_sources_and_never_what_is_hidden(  # DOC-1
    rosa: Client, omar: Client, share: Share, given: Share
) -> None:
    share("own.pdf")
    share("foreign.pdf", of=omar)
    given("staff.pdf")
    given("hidden.pdf", visible=False)
    file = files.keep(BytesIO(samples.pdf()), "Agreement.pdf", at=NOON)
    stored = StoredDocument(name="Agreement.pdf", file_id=file.id, stored_at=NOON)
    db.session.add(stored)
    db.session.commit()
    given("Agreement", stored=stored)
    assert names(rosa) == ["Agreement.pdf", "own.pdf", "staff.pdf"]
    assert [row.shared_by for row in shelves.stretch(rosa.id, at=NOON).rows] == [
        *("Maple & Paw", "Rosa Delgado", "Nina Park")
    ]


def test_a_long_list_goes_on_where_it_ended(rosa: Client, share: Share) -> None:  # DOC-1
    for number in range(60):
        share(f"Scan {number}.txt", b"a scan")
    first = shelves.stretch(rosa.id, at=NOON)
    second = shelves.stretch(rosa.id, at=NOON, after=db.session.get_one(Document, first.after))
    third = shelves.stretch(rosa.id, at=NOON, after=db.session.get_one(Document, second.after))
    rows = [*first.rows, *second.rows, *third.rows]
    assert [row.title for row in rows] == [f"Scan {number}" for number in range(60)]
    assert third.after is None


def test_a_new_one_is_seen_in_its_place(rosa: Client, share: Share) -> None:  # DOC-2
    for number in range(60):
        share(f"Scan {number}.txt", b"a scan")
    new = share("Scan 40b.txt", b"a scan")
    shown = shelves.stretch(rosa.id, at=NOON, through=new)
    assert shown.rows[-1].id == new.id
    assert shown.after == new.id


def test_one_query_for_any_list(rosa: Client, share: Share) -> None:  # DOC-1
    for number in range(30):
        share(f"Scan {number}.txt", b"a scan")
    db.session.commit()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    shelves.stretch(rosa.id, at=NOON)
    assert len([words for words in asked if words.startswith("SELECT")]) == 1


def test_what_is_given_is_new_until_it_is_opened(share: Share, given: Share) -> None:  # DOC-1
    document, own = given(), share()
    documents.see(document, at=NOON + SECOND)
    documents.see(own, at=NOON)
    db.session.expire_all()
    assert document.seen_at == NOON + SECOND
    assert own.seen_at is None
    documents.see(document, at=NOON + 9 * SECOND)
    db.session.expire_all()
    assert document.seen_at == NOON + SECOND


def test_what_staff_call_it_still_ends_in_what_it_is(given: Share) -> None:  # DOC-1
    assert given("x.pdf", name="Boarding agreement").name == "Boarding agreement.pdf"


def test_removing_and_taking_it_back(rosa: Client, share: Share) -> None:  # DOC-3
    document = share()
    gone = documents.remove(document, by=as_client(rosa), at=NOON)
    assert gone.removed_at == NOON
    assert gone.undo_left(NOON + 4 * SECOND) == 6
    assert names(rosa, NOON + 9 * SECOND) == ["Feeding plan.pdf"]
    assert names(rosa, NOON + 10 * SECOND) == []
    assert documents.restore(document, by=as_client(rosa), at=NOON + 10 * SECOND).removed_at is None
    assert names(rosa, NOON + 60 * SECOND) == ["Feeding plan.pdf"]
    lines = db.session.scalars(select(History).order_by(History.id)).all()
    assert [(line.old, line.new) for line in lines] == [("", "Shared"), ("Shared", "Removed"), ("Removed", "Shared")]


def test_the_time_to_undo_ends(rosa: Client, share: Share) -> None:  # DOC-3
    document = share()
    documents.remove(document, by=as_client(rosa), at=NOON)
    with pytest.raises(Refused, match="already been removed"):
        documents.remove(document, by=as_client(rosa), at=NOON)
    with pytest.raises(Refused, match="The time to undo is over"):
        documents.restore(document, by=as_client(rosa), at=NOON + 11 * SECOND)


def test_what_was_not_removed_cannot_come_back(rosa: Client, share: Share) -> None:  # DOC-3
    with pytest.raises(Refused, match="has not been removed"):
        documents.restore(share(), by=as_client(rosa), at=NOON)


def test_others_cannot_be_removed(rosa: Client, given: Share) -> None:  # DOC-3
    document = given()
    with pytest.raises(Refused, match="Only what you shared yourself"):
        documents.remove(document, by=as_client(rosa), at=NOON)
    assert document.removed_at is None


def test_what_is_removed_goes_with_its_bytes(rosa: Client, share: Share) -> None:  # DOC-3
    document, stays = share(), share("stays.pdf")
    documents.remove(document, by=as_client(rosa), at=NOON)
    key = document.file.key
    documents.sweep(NOON + timedelta(minutes=9))
    assert db.session.scalars(select(Document).order_by(Document.id)).all() == [document, stays]
    documents.sweep(NOON + timedelta(minutes=11))
    files.sweep(NOON + timedelta(hours=2))
    assert [row.id for row in db.session.scalars(select(Document))] == [stays.id]
    assert [row.id for row in db.session.scalars(select(File))] == [stays.file_id]
    with pytest.raises(FileNotFoundError):
        store.read(key)
    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [(notice.text, notice.document_id) for notice in told] == [
        ("Rosa Delgado shared Feeding plan.pdf", None),
        ("Rosa Delgado shared stays.pdf", stays.id),
    ]
