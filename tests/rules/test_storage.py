"""The business’s storage, and sending out of it: documents, the link to the portal, a message."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.db import db
from portal.models import Channel, Client, Delivery, Document, History, Message, StoredDocument
from portal.rules import files, handouts, sendings, shelves, storage
from portal.rules.refused import Refused
from tests import samples
from tests.cast import NOON

MINUTE = timedelta(minutes=1)


def store(by, name: str = "House rules.pdf") -> StoredDocument:  # type: ignore[no-untyped-def]
    return storage.store(files.keep(BytesIO(samples.pdf(name)), name, at=NOON), by=by, at=NOON)


def send(client: Client, by, *stored: StoredDocument, text: str = "As promised.", **more: object) -> Message:  # type: ignore[no-untyped-def]
    facts = {"portal_link": False, "channel": Channel.EMAIL, "key": "k" * 32, "at": NOON, **more}
    return sendings.send(client, stored, text, by=by, **facts)  # type: ignore[arg-type]


def test_they_stand_by_name_with_how_many_were_sent_them(rosa: Client, omar: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-8
    rules, _ = store(by), store(by, "Agreement.pdf")
    send(rosa, by, rules)
    send(omar, by, rules)
    rows = storage.kept_documents(at=NOON)
    assert [(row.title, row.kind, row.stored_by, row.sent) for row in rows] == [
        ("Agreement", "PDF", "Nina Park", 0),
        ("House rules", "PDF", "Nina Park", 2),
    ]


def test_removing_leaves_what_was_sent_and_can_be_taken_back(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-8
    rules = store(by)
    send(rosa, by, rules)
    storage.remove(rules, at=NOON)
    assert storage.choices() == []
    assert len(shelves.stretch(rosa.id, at=NOON).rows) == 1
    with pytest.raises(Refused, match="has been removed"):
        storage.rename(rules, "x")
    with pytest.raises(Refused, match="removed from the storage"):
        send(rosa, by, rules, key="z" * 32)
    storage.restore(rules, at=NOON + 10 * MINUTE)
    with pytest.raises(Refused, match="has not been removed"):
        storage.restore(rules, at=NOON)
    storage.remove(rules, at=NOON)
    with pytest.raises(Refused, match="time to undo is over"):
        storage.restore(rules, at=NOON + 11 * MINUTE)
    assert storage.kept_documents(at=NOON + 11 * MINUTE) == []


def test_a_new_name_is_for_those_who_come(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-8
    rules = store(by)
    send(rosa, by, rules)
    assert storage.rename(rules, "Rules of the house").name == "Rules of the house.pdf"
    assert shelves.stretch(rosa.id, at=NOON).rows[0].name == "House rules.pdf"


def test_a_file_that_is_none_says_why(by) -> None:  # type: ignore[no-untyped-def]  # DOC-4
    good, bad = storage.store_each(
        [("a.pdf", BytesIO(samples.pdf())), ("b.exe", BytesIO(b"MZ" + bytes(900)))], by=by, at=NOON
    )
    assert good.document
    assert (bad.document, bool(bad.why)) == (None, True)


def test_there_is_an_end_to_it(by, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(storage, "MOST", 1)
    store(by)
    with pytest.raises(Refused, match="There are 1 documents here already"):
        store(by)


def test_what_is_sent_stands_in_the_documents_and_in_the_message(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-8, DOC-1, MSG-4
    rules, agreement = store(by), store(by, "Agreement.pdf")
    message = send(rosa, by, rules, agreement)
    assert [row.title for row in shelves.stretch(rosa.id, at=NOON).rows] == ["Agreement", "House rules"]
    letter = db.session.query(Delivery).one()
    assert (letter.recipient, letter.subject) == ("rosa@example.com", "Documents from Maple & Paw")
    assert letter.text == ("As promised.\n\nHouse rules\nAgreement\n\nOpen them here: http://localhost/documents"), (
        "no second letter tells of it"
    )
    assert {document.message_id for document in db.session.query(Document)} == {message.id}
    assert send(rosa, by, rules, agreement).id == message.id, "a form sent twice sends once"
    assert db.session.query(Document).count() == 2


def test_by_text_and_alone_it_is_called_after_the_document(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # MSG-4
    rosa.phone = "+12125550175"
    send(rosa, by, store(by), text="", channel=Channel.SMS)
    letter = db.session.query(Delivery).one()
    assert (letter.recipient, letter.subject) == ("+12125550175", "House rules")
    assert letter.text.startswith("House rules\n\nOpen it here:")


def test_sent_once_more_it_is_new_again_and_not_there_twice(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # DOC-1
    rules = store(by)
    send(rosa, by, rules)
    document = db.session.query(Document).one()
    document.seen_at = NOON
    handouts.hide(document, by=by, at=NOON)
    send(rosa, by, rules, key="z" * 32, at=NOON + MINUTE)
    assert db.session.query(Document).one().id == document.id
    assert (document.visible, document.seen_at, document.shared_at) == (True, None, NOON + MINUTE)
    assert sendings.latest(rosa.id) == {rules.id: NOON + MINUTE}
    assert db.session.query(History).filter_by(new="Sent again").count() == 1


def test_the_link_alone_and_who_has_no_password_gets_that_link_too(omar: Client, rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # SI-10, CP-8
    send(rosa, by, text="", portal_link=True)
    letter = db.session.query(Delivery).one()
    assert (letter.subject, letter.text) == ("Your portal at Maple & Paw", "Your portal: http://localhost/")
    send(omar, by, portal_link=True)
    to_omar = db.session.query(Delivery).filter_by(recipient="omar@example.com").order_by(Delivery.id).all()
    assert [letter.subject for letter in to_omar] == ["Your portal at Maple & Paw", "Welcome to Maple & Paw"]
    assert "token" not in to_omar[0].text


def test_nothing_is_sent_half(rosa: Client, by) -> None:  # type: ignore[no-untyped-def]  # CP-8
    rules = store(by)
    with pytest.raises(Refused, match="Choose a document"):
        send(rosa, by)
    with pytest.raises(Refused, match="no phone number"):
        send(rosa, by, rules, channel=Channel.SMS)
    db.session.expire_all()
    assert db.session.query(Document).count() == 0
    rosa.deactivated_at = NOON
    db.session.commit()
    with pytest.raises(Refused, match="deactivated and has no portal"):
        send(rosa, by, rules)
