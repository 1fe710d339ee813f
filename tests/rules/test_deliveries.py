"""The outbox: each delivery is one worker's at a time, tried again, and given up in words."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from portal.db import db
from portal.models import Channel, Client, Delivery, DeliveryState, Member, Notice, NoticeKind, Thread
from portal.rules import deliveries, messages
from portal.rules.actors import as_client, as_member
from tests.cast import NOON

MAIL = [Channel.EMAIL]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queued(rosa: Client) -> Delivery:
    messages.tell_client(rosa, "Reminder", "Tomorrow!", at=NOON)
    return db.session.scalars(select(Delivery)).one()


def claimed(at=NOON) -> deliveries.Parcel:  # type: ignore[no-untyped-def]
    parcel = deliveries.claim(at, MAIL)
    assert parcel
    return parcel


def test_what_is_claimed_is_nobody_elses_until_the_lease_ends(queued: Delivery) -> None:  # MSG-4
    parcel = claimed()
    assert (parcel.id, parcel.tries, parcel.recipient) == (queued.id, 1, "rosa@example.com")
    assert deliveries.claim(NOON + MINUTE, MAIL) is None
    again = claimed(NOON + 2 * MINUTE + timedelta(seconds=1))
    assert (again.id, again.tries, again.header_id) == (parcel.id, 2, parcel.header_id)


def test_nothing_goes_before_it_is_due_and_the_oldest_goes_first(rosa: Client) -> None:  # MSG-4
    messages.tell_client(rosa, "Later", "…", at=NOON, due_at=NOON + timedelta(seconds=10))
    messages.tell_client(rosa, "Now", "…", at=NOON)
    assert claimed().subject == "Now"
    assert deliveries.claim(NOON + timedelta(seconds=9), MAIL) is None
    assert claimed(NOON + timedelta(seconds=10)).subject == "Later"


def test_a_channel_that_is_closed_keeps_what_it_has(rosa: Client, queued: Delivery) -> None:  # MSG-4
    assert deliveries.claim(NOON, [Channel.SMS]) is None
    parcel = claimed()
    deliveries.put_back(parcel, "The mail server does not accept our name and password.")
    db.session.expire_all()
    assert (queued.state, queued.tries, queued.leased_until) == (DeliveryState.QUEUED, 0, None)
    assert queued.last_error == "The mail server does not accept our name and password."
    assert claimed().id == parcel.id


def test_what_is_sent_is_never_claimed_again(queued: Delivery) -> None:  # MSG-4
    deliveries.sent(claimed(), at=NOON)
    db.session.expire_all()
    assert (queued.state, queued.sent_at, queued.last_error) == (DeliveryState.SENT, NOON, "")
    assert deliveries.claim(NOON + timedelta(days=9), MAIL) is None


def test_it_is_tried_seven_times_over_a_day_and_a_half_then_staff_are_told(  # MSG-4, FD-6
    rosa: Client, queued: Delivery
) -> None:
    at, waits = NOON, []
    for _ in range(6):
        assert deliveries.failed(claimed(at), "The mail server asks us to wait: 451.", at=at) is False
        db.session.expire_all()
        waits.append(queued.due_at - at)
        assert deliveries.claim(queued.due_at - timedelta(seconds=1), MAIL) is None
        at = queued.due_at
    minutes = [wait // MINUTE for wait in waits]
    assert minutes == [1, 5, 30, 120, 360, 1440]
    assert db.session.scalars(select(Notice)).all() == []
    assert deliveries.failed(claimed(at), "The mail server asks us to wait: 451.", at=at) is True
    db.session.expire_all()
    assert (queued.state, queued.tries) == (DeliveryState.FAILED, 7)
    assert queued.last_error == "The mail server asks us to wait: 451."
    notice = db.session.scalars(select(Notice)).one()
    told = "E-mail to rosa@example.com could not be delivered: The mail server asks us to wait: 451."
    assert (notice.kind, notice.text, notice.client_id) == (NoticeKind.MESSAGE, told, rosa.id)
    assert notice.thread_id == db.session.scalars(select(Thread)).one().id
    assert deliveries.claim(at + timedelta(days=9), MAIL) is None


def test_a_refusal_is_final_at_once(rosa: Client, nina: Member) -> None:  # MSG-4
    rosa.phone = "+12125550100"
    messages.begin(rosa, "Suite", "Suite 4?", channel=Channel.SMS, by=as_member(nina), at=NOON)
    parcel = deliveries.claim(NOON, [Channel.SMS])
    assert parcel
    why = "+12125550100 has unsubscribed from our texts (STOP)."
    assert deliveries.failed(parcel, why, at=NOON, for_good=True) is True
    notice = db.session.scalars(select(Notice)).one()
    assert notice.text == f"Text message to +12125550100 could not be delivered: {why}"


def test_whoever_was_too_slow_changes_nothing(queued: Delivery) -> None:  # MSG-4
    slow, at = claimed(), NOON + 3 * MINUTE
    quick = claimed(at)
    deliveries.failed(slow, "Too slow.", at=at, for_good=True)
    deliveries.put_back(slow, "Too slow.")
    db.session.expire_all()
    assert (queued.state, queued.leased_until, queued.last_error) == (DeliveryState.QUEUED, quick.leased_until, "")
    assert db.session.scalars(select(Notice)).all() == []
    deliveries.sent(quick, at=at)
    deliveries.failed(slow, "Too slow.", at=at, for_good=True)
    db.session.expire_all()
    assert queued.state == DeliveryState.SENT


def test_a_letter_to_the_business_itself_fails_without_a_client(app: Flask) -> None:  # MSG-4
    messages.send(None, Channel.EMAIL, "hello@example.com", "Look-ups", "Many.", at=NOON)
    db.session.commit()
    assert deliveries.failed(claimed(), "550 no such user", at=NOON, for_good=True) is True
    assert db.session.scalars(select(Notice)).all() == []


def test_a_parcel_holds_all_that_is_needed(rosa: Client, nina: Member) -> None:  # MSG-4
    started = messages.start(rosa, "Rabbits", "Do you take rabbits?", by=as_client(rosa), at=NOON)
    messages.answer(db.session.get_one(Thread, started.thread_id), "Yes", by=as_member(nina), at=NOON)
    parcel = claimed()
    assert (parcel.subject, parcel.text, parcel.thread_id) == ("Re: Rabbits", "Yes", started.thread_id)
    assert (parcel.business, parcel.business_email, parcel.automatic) == ("Maple & Paw", "hello@example.com", False)
    assert not db.session().in_transaction(), "nothing is held while it is being sent"


@pytest.mark.only_on("sqlite", because="PostgreSQL reads a table of one row without its index")
def test_looking_for_work_uses_the_index_of_what_is_queued(app: Flask, queued: Delivery) -> None:  # MSG-4
    plan = "EXPLAIN QUERY PLAN SELECT id FROM delivery WHERE state = 'queued' AND due_at <= '2027' ORDER BY due_at, id"
    assert "ix_delivery_due" in str(db.session.execute(text(plan)).all())
