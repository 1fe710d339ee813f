"""Handouts: what staff put into a client’s documents, who sees it, what the client is told, and taking it away."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.db import db
from portal.models import Client, Delivery, Document, History, Message, Notice
from portal.rules import deliveries, document_letters, documents, folders, handouts, shelves
from portal.rules.actors import as_client
from portal.rules.refused import Refused
from tests import samples
from tests.cast import NOON

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def put(client: Client, by, name: str = "Evaluation.pdf", *, visible: bool = False, at=NOON) -> Document:  # type: ignore[no-untyped-def]
    return handouts.add(client, BytesIO(samples.pdf(name)), name, visible=visible, by=by, at=at)


def letters() -> list[tuple[str, str]]:
    return [(row.subject, row.text) for row in db.session.query(Delivery).order_by(Delivery.id)]


def seen_by_client(client: Client, at=NOON) -> list[str]:  # type: ignore[no-untyped-def]
    return [row.name for row in shelves.stretch(client.id, at=at).rows]


def test_what_only_staff_see_is_told_to_nobody(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1, CP-7
    put(rosa, by)
    assert seen_by_client(rosa) == []
    assert letters() == []
    assert [paper.name for paper in folders.first(rosa.id, at=NOON)[1].rows] == ["Evaluation.pdf"]


def test_showing_it_tells_the_client_once_for_all_of_a_moment(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    first, second = put(rosa, by), put(rosa, by, "Plan.pdf", visible=True)
    shown = handouts.show(first, by=by, at=NOON + 30 * SECOND)
    assert seen_by_client(rosa) == ["Evaluation.pdf", "Plan.pdf"]
    assert shown.told_in(NOON + 30 * SECOND) == 120
    ((subject, text),) = letters()
    assert subject == "New in your documents"
    assert text.startswith("2 documents are new in your documents at Maple & Paw:\n\nEvaluation\nPlan\n")
    assert db.session.query(Message).one().text == text
    assert first.message_id == second.message_id
    later = put(rosa, by, "Later.pdf", visible=True, at=NOON + 10 * MINUTE)
    assert later.message_id != first.message_id
    assert len(letters()) == 2


def test_hiding_it_in_time_takes_the_letter_back(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    one, other = put(rosa, by, visible=True), put(rosa, by, "Plan.pdf", visible=True)
    handouts.hide(one, by=by, at=NOON + SECOND)
    assert letters()[0][1].startswith("Plan is new in your documents")
    handouts.hide(other, by=by, at=NOON + 2 * SECOND)
    assert (letters(), db.session.query(Message).count()) == ([], 0)
    assert seen_by_client(rosa) == []
    told = [(line.field, line.new) for line in db.session.query(History).filter_by(field="Seen by")]
    assert told == [("Seen by", "Only staff"), ("Seen by", "Only staff")]


def test_a_letter_that_is_gone_is_gone_and_comes_no_second_time(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    document = put(rosa, by, visible=True)
    at = NOON + 3 * MINUTE
    parcel = deliveries.claim(at, ["email"])  # type: ignore[list-item]
    assert parcel
    handouts.hide(document, by=by, at=at)
    assert len(letters()) == 1
    with pytest.raises(Refused, match="has gone out already"):
        handouts.leave_unsaid(document, at=at)
    deliveries.sent(parcel, at=at)
    handouts.show(document, by=by, at=at + MINUTE)
    assert len(letters()) == 1


def test_the_client_need_not_be_told(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    document = put(rosa, by, visible=True)
    assert handouts.leave_unsaid(document, at=NOON + SECOND).told_at is None
    assert (letters(), seen_by_client(rosa)) == ([], ["Evaluation.pdf"])


def test_who_wants_no_automatic_mail_finds_it_in_the_portal(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    rosa.no_automatic_email = True
    document = put(rosa, by, visible=True)
    put(rosa, by, "Plan.pdf", visible=True, at=NOON + SECOND)
    assert letters() == []
    assert db.session.query(Message).one().text.startswith("2 documents")
    handouts.hide(document, by=by, at=NOON + 2 * SECOND)
    assert db.session.query(Message).one().text.startswith("Plan is new")


def test_without_an_email_it_goes_by_text(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    rosa.email, rosa.phone = None, "+12125550175"
    put(rosa, by, visible=True)
    assert db.session.query(Delivery).one().recipient == "+12125550175"


def test_who_is_deactivated_is_told_nothing(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # SI-12
    rosa.deactivated_at = NOON
    put(rosa, by, visible=True)
    assert db.session.query(Message).count() == 0


def test_what_the_client_sent_cannot_be_hidden(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-3
    own = documents.share(rosa, BytesIO(samples.pdf()), "Plan.pdf", by=as_client(rosa), at=NOON)
    with pytest.raises(Refused, match="The client sent this"):
        handouts.hide(own, by=by, at=NOON)
    assert own.visible


def test_a_name_keeps_its_ending_and_its_place_in_the_alphabet(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-7
    document = put(rosa, by)
    put(rosa, by, "Mango.pdf")
    assert handouts.rename(document, "Zebra.exe", by=by, at=NOON).name == "Zebra.exe.pdf"
    assert [row.title for row in folders.first(rosa.id, at=NOON)[1].rows] == ["Mango", "Zebra.exe"]
    line = db.session.query(History).filter_by(field="Name").one()
    assert (line.old, line.new) == ("Evaluation.pdf", "Zebra.exe.pdf")


def test_removed_it_is_gone_for_the_client_at_once_and_comes_back(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-7
    document = put(rosa, by, visible=True)
    gone = handouts.remove(document, by=by, at=NOON + SECOND)
    assert gone.undo_left(NOON + SECOND) == 600
    assert (seen_by_client(rosa, NOON + SECOND), letters()) == ([], [])
    with pytest.raises(Refused, match="at the front desk"):
        documents.restore(document, by=as_client(rosa), at=NOON + 2 * SECOND)
    with pytest.raises(Refused, match="has been removed"):
        handouts.show(document, by=by, at=NOON + 2 * SECOND)
    back = handouts.restore(document, by=by, at=NOON + 9 * MINUTE)
    assert back.removed_at is None
    assert seen_by_client(rosa) == ["Evaluation.pdf"]
    assert len(letters()) == 1
    with pytest.raises(Refused, match="has not been removed"):
        handouts.restore(document, by=by, at=NOON)
    handouts.remove(document, by=by, at=NOON)
    with pytest.raises(Refused, match="time to undo is over"):
        handouts.restore(document, by=by, at=NOON + 11 * MINUTE)
    documents.sweep(NOON + timedelta(minutes=11))
    assert db.session.query(Document).count() == 0


def test_what_the_client_removed_stays_removed(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-3
    own = documents.share(rosa, BytesIO(samples.pdf()), "Plan.pdf", by=as_client(rosa), at=NOON)
    documents.remove(own, by=as_client(rosa), at=NOON)
    assert folders.first(rosa.id, at=NOON + SECOND)[0].rows == []
    with pytest.raises(Refused, match="The client has removed this"):
        handouts.restore(own, by=by, at=NOON + SECOND)


def test_a_file_that_is_none_says_why_and_the_others_go_through(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-4
    sent = [("a.pdf", BytesIO(samples.pdf())), ("b.exe", BytesIO(b"MZ" + bytes(900))), ("c.txt", BytesIO(b"words"))]
    outcomes = handouts.add_each(rosa, sent, visible=False, by=by, at=NOON)
    assert [bool(outcome.document) for outcome in outcomes] == [True, False, True]
    assert outcomes[1].why
    assert db.session.query(Notice).count() == 0, "staff need not be told of what they do"


def test_each_folder_is_a_page_long_and_both_take_one_query(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-7
    for number in range(30):
        documents.share(rosa, BytesIO(b"a scan"), f"Scan {number}.txt", by=as_client(rosa), at=NOON)
    put(rosa, by)
    customer, shared = folders.first(rosa.id, at=NOON)
    assert (len(customer.rows), len(shared.rows), shared.after) == (25, 1, None)
    assert customer.after
    rest = folders.further(db.session.get_one(Document, customer.after), at=NOON)
    assert [row.title for row in rest.rows] == [f"Scan {number}" for number in range(25, 30)]


def test_a_name_without_an_ending_is_a_title_too() -> None:
    assert [document_letters.titled(name) for name in ("Plan.pdf", "Plan")] == ["Plan", "Plan"]
