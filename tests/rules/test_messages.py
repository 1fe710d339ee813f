"""Messages: who writes what into which thread, and what goes out because of it."""

import threading
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from portal.db import db
from portal.models import Author, Channel, Client, Delivery, File, Member, Message, Notice, NoticeKind, Pet, Thread
from portal.rules import enclosures, messages, thread_lists, threads
from portal.rules.actors import Actor, as_client, as_member
from portal.rules.refused import Refused
from tests import cast, samples
from tests.cast import NOON

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def by_nina(nina: Member) -> Actor:
    return as_member(nina)


def every(model: type) -> list:
    return list(db.session.scalars(select(model).order_by(model.id)))


def question(rosa: Client, **more: object) -> Thread:
    started = messages.start(rosa, "Rabbits", "Do you take rabbits?", by=as_client(rosa), at=NOON, **more)
    return db.session.get_one(Thread, started.thread_id)


def test_a_client_starts_a_thread_and_staff_are_told(rosa: Client) -> None:  # MSG-3, FD-6
    thread = question(rosa)
    [message] = every(Message)
    assert (thread.subject, thread.channel, thread.last_message_at) == ("Rabbits", Channel.EMAIL, NOON)
    assert (message.author, message.author_name, message.from_portal) == (Author.CLIENT, "Rosa Delgado", True)
    assert message.seen_at is None
    [notice] = every(Notice)
    assert (notice.kind, notice.thread_id) == (NoticeKind.MESSAGE, thread.id)
    assert notice.text == "Rosa Delgado wrote: Rabbits"
    assert every(Delivery) == [], "the portal is where staff read it"


def test_a_reply_joins_its_thread(rosa: Client) -> None:  # MSG-2
    thread = question(rosa)
    messages.reply(thread, "And hamsters?", by=as_client(rosa), at=NOON + timedelta(hours=1))
    assert [message.text for message in every(Message)] == ["Do you take rabbits?", "And hamsters?"]
    assert thread.last_message_at == NOON + timedelta(hours=1)
    assert len(every(Notice)) == 2


def test_the_same_form_twice_is_one_message(rosa: Client) -> None:  # MSG-2, MSG-3
    thread = question(rosa, key=KEY)
    assert question(rosa, key=KEY).id == thread.id
    other = "f" * 32
    first = messages.reply(thread, "And hamsters?", key=other, by=as_client(rosa), at=NOON)
    assert messages.reply(thread, "And hamsters?", key=other, by=as_client(rosa), at=NOON).id == first.id
    assert (len(every(Thread)), len(every(Message)), len(every(Notice))) == (1, 2, 2)


def test_ten_taps_at_the_same_moment_are_one_message(app: Flask, rosa: Client) -> None:  # MSG-3
    client_id, together, threads_seen = rosa.id, threading.Barrier(10), []
    db.session.remove()

    def tap() -> None:
        with app.app_context():
            client = db.session.get_one(Client, client_id)
            db.session.commit()
            together.wait()
            threads_seen.append(question(client, key=KEY).id)

    taps = [threading.Thread(target=tap) for _ in range(10)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()
    assert len(threads_seen) == 10
    assert len(set(threads_seen)) == 1
    assert (len(every(Thread)), len(every(Message)), len(every(Notice))) == (1, 1, 1)


def test_two_clients_may_have_the_same_key(rosa: Client, omar: Client) -> None:  # MSG-3
    assert question(rosa, key=KEY).id != question(omar, key=KEY).id


def test_an_answer_goes_out_by_the_threads_channel(rosa: Client, by_nina: Actor) -> None:  # MSG-4
    rosa.phone = "+12125550100"
    by_mail = question(rosa)
    messages.answer(by_mail, "Yes, two of them.", by=by_nina, at=NOON)
    begun = messages.begin(rosa, "Suite", "Suite 4?", channel=Channel.SMS, by=by_nina, at=NOON)
    messages.answer(db.session.get_one(Thread, begun.thread_id), "Or 5?", by=by_nina, at=NOON)
    mail, text, answer = every(Delivery)
    assert (mail.channel, mail.recipient, mail.subject) == (Channel.EMAIL, "rosa@example.com", "Re: Rabbits")
    assert (text.channel, text.recipient, text.text) == (Channel.SMS, "+12125550100", "Suite 4?")
    assert answer.channel == Channel.SMS
    assert [message.author_name for message in every(Message)[1:]] == ["Nina Park"] * 3
    assert len({delivery.header_id for delivery in every(Delivery)}) == 3


def test_a_personal_answer_ignores_the_opt_outs_and_an_automatic_one_keeps_to_them(  # MSG-4
    rosa: Client, by_nina: Actor
) -> None:
    rosa.no_automatic_email = rosa.no_automatic_text = True
    rosa.phone = "+12125550100"
    messages.tell_client(rosa, "Reminder", "Tomorrow!", at=NOON)
    messages.tell_client(rosa, "Reminder", "Tomorrow!", channel=Channel.SMS, at=NOON)
    assert every(Delivery) == []
    assert [thread.channel for thread in every(Thread)] == [Channel.EMAIL, Channel.SMS], "they stand in the portal"
    messages.answer(question(rosa), "Yes", by=by_nina, at=NOON)
    assert len(every(Delivery)) == 1


def test_each_opt_out_is_for_its_own_channel(rosa: Client) -> None:  # MSG-4
    rosa.no_automatic_email, rosa.phone = True, "+12125550100"
    messages.tell_client(rosa, "Reminder", "Tomorrow!", at=NOON)
    messages.tell_client(rosa, "Reminder", "Tomorrow!", channel=Channel.SMS, at=NOON)
    assert [delivery.recipient for delivery in every(Delivery)] == ["+12125550100"]


def test_what_cannot_be_sent_is_refused_in_words(rosa: Client, by_nina: Actor) -> None:  # MSG-4
    thread = question(rosa)
    with pytest.raises(Refused, match=r"Rosa Delgado has no phone number\. Add it to the profile"):
        messages.begin(rosa, "Suite", "Suite 4?", channel=Channel.SMS, by=by_nina, at=NOON)
    rosa.phone, rosa.email = "+12125550100", None
    db.session.commit()
    with pytest.raises(Refused, match=r"at most 1,600 characters, and this has 1,601\. Shorten it"):
        messages.begin(rosa, "Suite", "x" * 1601, channel=Channel.SMS, by=by_nina, at=NOON)
    with pytest.raises(Refused, match="Rosa Delgado has no e-mail address"):
        messages.answer(thread, "Yes", by=by_nina, at=NOON)
    assert (len(every(Thread)), len(every(Message)), every(Delivery)) == (1, 1, [])


def test_automatic_messages_about_a_booking_share_a_thread_for_each_channel(  # MSG-1
    rosa: Client, biscuit: Pet, by_nina: Actor
) -> None:
    rosa.phone = "+12125550100"
    booking = cast.booking(rosa, [biscuit], "Full Groom", NOON + timedelta(days=3), made_at=NOON)
    messages.tell_client(rosa, "Reminder", "Tomorrow!", booking_id=booking.id, at=NOON + timedelta(days=2))
    messages.tell_client(rosa, "Soon", "Soon!", booking_id=booking.id, channel=Channel.SMS, at=NOON)
    mail, text = every(Thread)
    assert [message.text for message in every(Message) if message.thread_id == text.id] == ["Soon!"]
    assert mail.last_message_at == NOON + timedelta(days=2)


def test_what_has_not_gone_out_can_be_taken_back(rosa: Client) -> None:  # BK-4
    told = messages.tell_client(rosa, "Cancelled", "Given up", at=NOON, due_at=NOON + timedelta(seconds=10))
    assert messages.take_back(told.id) is True
    assert (every(Message), every(Thread), every(Delivery)) == ([], [], [])
    again = messages.tell_client(rosa, "Cancelled", "Given up", at=NOON)
    every(Delivery)[0].tries = 1
    assert messages.take_back(again.id) is False, "it may have left already"
    assert len(every(Message)) == 1


def test_opening_a_thread_marks_what_the_business_wrote(rosa: Client, by_nina: Actor) -> None:  # MSG-2
    thread, other = question(rosa), question(rosa)
    messages.answer(thread, "Yes", by=by_nina, at=NOON)
    messages.answer(other, "Yes", by=by_nina, at=NOON)
    threads.see(thread, at=NOON + timedelta(hours=1))
    db.session.expire_all()
    seen = {(message.thread_id, message.author): message.seen_at for message in every(Message)}
    assert seen[thread.id, Author.MEMBER] == NOON + timedelta(hours=1)
    assert seen[thread.id, Author.CLIENT] is None, "what the client wrote is for staff to see"
    assert seen[other.id, Author.MEMBER] is None


def test_a_glance_says_whose_the_last_words_are(rosa: Client, by_nina: Actor) -> None:  # MSG-1
    thread = question(rosa)
    messages.reply(thread, "Line one\n\nline   two", by=as_client(rosa), at=NOON + timedelta(hours=1))
    messages.tell_client(rosa, "Receipt", "Thank you.", at=NOON + timedelta(hours=2))
    photo = enclosures.enclose([("Suite 4.jpg", BytesIO(samples.jpeg()))], at=NOON)
    answered = question(rosa)
    messages.answer(answered, "", files=photo, by=by_nina, at=NOON + timedelta(hours=3))
    rows = thread_lists.page(rosa.id, after=None).rows
    assert [thread_lists.glance(row) for row in rows] == ["Nina: Suite 4.jpg", "Thank you.", "You: Line one line two"]


def opened(thread: Thread, before: int | None = None) -> threads.Opened:
    found = threads.opened(thread.id, thread.client_id, before=before)
    assert found
    return found[1]


def test_files_stand_with_their_message(rosa: Client) -> None:  # MSG-3
    sent = [("plan.pdf", BytesIO(samples.pdf("Plan"))), ("photo.heic", BytesIO(samples.heic()))]
    thread = question(rosa, files=enclosures.enclose(sent, at=NOON))
    [message] = opened(thread).messages
    assert [(file.name, file.type) for file in message.files] == [
        ("plan.pdf", "application/pdf"),
        ("photo.jpg", "image/jpeg"),
    ]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("notes.docx", samples.docx(), "“notes.docx”: Photos and PDF can go with a message"),
        ("notes.txt", samples.txt(), "“notes.txt”: Photos and PDF can go with a message"),
        ("plan.pdf", samples.docx(), "“plan.pdf”: This says it is a PDF, but it is a Word document"),
        ("drawing.svg", samples.svg(), "“drawing.svg”: "),
        ("empty.pdf", b"", "“empty.pdf”: This file is empty"),
        ("bomb.png", samples.bomb(), "“bomb.png”: "),
    ],
)
def test_other_files_are_refused_by_name(app: Flask, name: str, content: bytes, why: str) -> None:  # MSG-3
    sent = [("good.pdf", BytesIO(samples.pdf("Plan"))), (name, BytesIO(content))]
    with pytest.raises(enclosures.NotTaken) as no:
        enclosures.enclose(sent, at=NOON)
    [reason] = no.value.reasons
    assert reason.startswith(why)


def test_ten_files_are_enough(app: Flask) -> None:  # MSG-3
    sent = [(f"{n}.pdf", BytesIO(samples.pdf("Plan"))) for n in range(11)]
    with pytest.raises(enclosures.NotTaken, match="At most 10 files go with one message, and these are 11"):
        enclosures.enclose(sent, at=NOON)
    assert every(File) == []


def test_a_long_thread_opens_at_its_end(rosa: Client) -> None:  # MSG-2
    thread = question(rosa)
    for number in range(70):
        messages.reply(thread, f"Message {number}", by=as_client(rosa), at=NOON)
    newest = opened(thread)
    assert [newest.messages[0].text, newest.messages[-1].text] == ["Message 40", "Message 69"]
    earlier = opened(thread, before=newest.before)
    assert [earlier.messages[0].text, earlier.messages[-1].text] == ["Message 10", "Message 39"]
    first = opened(thread, before=earlier.before)
    assert (len(first.messages), first.before) == (11, None)
    assert threads.opened(thread.id, rosa.id, before=first.messages[0].id) is None, "nothing was said before"


def test_a_thread_is_opened_only_by_its_client(rosa: Client, omar: Client) -> None:  # MSG-2
    thread = question(rosa)
    assert threads.opened(thread.id, omar.id) is None
    assert threads.opened(thread.id + 1, rosa.id) is None
