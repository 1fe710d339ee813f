"""Notices at the desk: who is told of what and how, the list, opening one, reading all, and choosing."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from portal import post
from portal.db import db, now
from portal.models import Channel, Client, Delivery, Member, Notice, NoticeChoice, NoticeKind, Pet, Role, Told
from portal.rules import (
    bookings,
    deliveries,
    documents,
    messages,
    notice_choices,
    notice_lists,
    notices,
    pets,
    waitlists,
)
from portal.rules.actors import Actor, as_client, as_member
from portal.rules.allowances import LETTERS
from portal.rules.notices import LABELS
from tests import cast, samples
from tests.conftest import Browse
from tests.house.test_speed import queries

AT = datetime.now(UTC).replace(microsecond=0)


def write(client: Client, subject: str = "A question", at: datetime = AT) -> int:
    return messages.start(client, subject, "Do you take rabbits?", by=as_client(client), at=at).thread_id


def told(member: Member) -> list[str]:
    rows = db.session.query(Notice).join(Told, Told.notice_id == Notice.id).filter(Told.member_id == member.id)
    return [row.text for row in rows.order_by(Notice.id)]


def letters() -> list[Delivery]:
    return db.session.query(Delivery).filter(Delivery.notice_id.is_not(None)).order_by(Delivery.id).all()


def want(member: Member, kind: NoticeKind, *, in_app: bool = True, by_email: bool = False) -> None:
    notice_choices.choose(member.id, {kind: (in_app, by_email)})


def test_everybody_is_told_in_the_app_who_has_chosen_nothing(rosa: Client, nina: Member, theo: Member) -> None:  # FD-6
    write(rosa)
    assert told(nina) == told(theo) == ["Rosa Delgado wrote: A question"]
    assert letters() == []


def test_each_is_told_in_the_way_they_chose(rosa: Client, nina: Member, theo: Member) -> None:  # FD-6 POR-9
    want(nina, NoticeKind.MESSAGE, by_email=True)
    want(theo, NoticeKind.MESSAGE, in_app=False)
    write(rosa)
    assert (told(nina), told(theo)) == (["Rosa Delgado wrote: A question"], [])
    letter = letters()[0]
    assert (letter.recipient, letter.client_id) == ("nina@example.com", None)
    assert letter.subject == "Message: Rosa Delgado wrote: A question"
    assert f"http://localhost/desk/notices/{db.session.query(Notice).one().id}" in letter.text
    assert "http://localhost/desk/settings/notifications" in letter.text


def test_the_worker_sends_it_like_every_other_letter(app: Flask, rosa: Client, nina: Member, theo: Member) -> None:
    # FD-6
    want(nina, NoticeKind.MESSAGE, by_email=True)
    write(rosa)
    parcel = deliveries.claim(now(), [Channel.EMAIL])
    assert parcel
    letter = post.letter(parcel)
    assert (letter.to, letter.automatic) == ("nina@example.com", True)
    assert "Rosa Delgado wrote: A question" in letter.text
    assert f'href="http://localhost/desk/notices/{db.session.query(Notice).one().id}"' in letter.html
    before = db.session.query(Notice).count()
    deliveries.failed(parcel, "No such user.", at=now(), for_good=True)
    assert db.session.query(Notice).count() == before, "a letter to staff that is lost writes no further letter"


def test_nobody_is_told_of_their_own_doing_nor_who_is_gone(rosa: Client, nina: Member, theo: Member) -> None:  # FD-6
    gone = Member(name="Gone", email="gone@example.com", role=Role.TEAM, deactivated_at=AT)
    db.session.add(gone)
    for member in (nina, theo):
        want(member, NoticeKind.CANCELLATION, by_email=True)
    booking = cast.booking(rosa, rosa.pets[:1], "Daycare", AT + timedelta(days=3), made_at=AT)
    bookings.cancel(booking, by=as_member(theo), at=AT)
    assert [letter.recipient for letter in letters()] == ["nina@example.com"]
    assert any("Theo Brandt cancelled" in text for text in told(nina))
    assert not any("cancelled" in text for text in told(theo))
    assert told(gone) == []


def test_who_does_very_much_in_an_hour_fills_nobodys_mailbox(rosa: Client, omar: Client, nina: Member) -> None:  # FD-6
    want(nina, NoticeKind.MESSAGE, by_email=True)
    for _ in range(LETTERS.most + 5):
        write(rosa)
    write(omar)
    assert len(letters()) == LETTERS.most + 1, "those of others go out"
    assert len(told(nina)) == LETTERS.most + 6, "the bell knows all"
    write(rosa, at=AT + timedelta(hours=2))
    assert len(letters()) == LETTERS.most + 2


def test_a_cancellation_taken_back_is_neither_told_nor_mailed(rosa: Client, nina: Member) -> None:  # FD-6
    want(nina, NoticeKind.CANCELLATION, by_email=True)
    booking = cast.booking(rosa, rosa.pets[:1], "Daycare", AT + timedelta(days=3), made_at=AT)
    bookings.cancel(booking, by=as_client(rosa), at=AT)
    assert letters()[0].due_at == AT + timedelta(seconds=10), "it waits as long as it can be undone"
    bookings.restore(booking, by=as_client(rosa), at=AT + timedelta(seconds=5))
    db.session.expire_all()
    assert letters() == []
    assert not any("cancelled" in text for text in told(nina))


def test_leaving_a_waitlist_and_coming_back_is_neither_told_nor_mailed(rosa: Client, nina: Member) -> None:  # FD-6
    want(nina, NoticeKind.CANCELLATION, by_email=True)
    entry = waitlists.join(rosa, rosa.pets[0], cast.service("Daycare"), by=as_client(rosa), at=AT)
    waitlists.leave(entry, by=as_client(rosa), at=AT)
    assert (len(told(nina)), letters()[0].due_at) == (1, AT + timedelta(seconds=10))
    waitlists.return_to(entry, by=as_client(rosa), at=AT + timedelta(seconds=5))
    db.session.expire_all()
    assert (told(nina), letters()) == ([], [])


def test_a_change_made_while_looking_on_is_the_members_own(rosa: Client, nina: Member, theo: Member) -> None:  # FD-6
    messages.start(rosa, "From Rosa’s portal", "Hello", by=Actor("member", nina.id, nina.name), at=AT)
    documents.share(rosa, BytesIO(samples.pdf("Hi")), "hi.pdf", by=Actor("member", nina.id, nina.name), at=AT)
    assert told(nina) == []
    assert len(told(theo)) == 2


def test_every_kind_that_is_told_can_be_chosen() -> None:  # FD-6
    assert set(notice_choices.WHEN) == set(NoticeKind) - {NoticeKind.SECURITY}
    assert set(LABELS) == set(NoticeKind)


def test_the_bell_counts_and_the_list_marks_what_is_new(browse: Browse, rosa: Client, theo: Member) -> None:  # FD-6
    for number in range(30):
        write(rosa, f"Question {number:02}", AT - timedelta(minutes=number))
    browser = browse(theo)
    page = browser.get("/desk/notices").text
    assert '<span class="badge">30<span class="sr-only"> new</span></span>' in page
    assert page.count('class="row unread"') == 25
    assert page.index("Question 00") < page.index("Question 24")
    more = page.split("after=")[1].split('"')[0]
    part = browser.swap(f"/desk/notices?after={more}", "get").text
    assert (part.count('class="row unread"'), "<html" in part) == (5, False)
    assert "Newest notices" in browser.get(f"/desk/notices?after={more}").text
    assert browser.get("/desk/notices?after=odd").status_code == 404
    assert "30<span" in browser.swap("/desk/?since=x", "get").text, "Today keeps the bell up to date"


def test_more_than_a_hundred_are_many(browse: Browse, rosa: Client, theo: Member) -> None:  # FD-6
    for number in range(101):
        notices.tell(NoticeKind.DATA_CHANGED, f"Change {number}", client_id=rosa.id, at=AT)
    assert '<span class="badge">99+<span class="sr-only"> new</span></span>' in browse(theo).get("/desk/notices").text


def test_a_list_asks_at_most_four_times(app: Flask, browse: Browse, rosa: Client, theo: Member) -> None:  # FD-6
    for number in range(40):
        write(rosa, f"Question {number}")
    browser = browse(theo)
    for path in ("/desk/notices", "/desk/notices?show=unread"):
        browser.get(path)
        with queries(app) as said:
            assert browser.get(path).status_code == 200
        assert len(said) <= 4, said


@pytest.mark.parametrize("which", ["all", "unread"])
@pytest.mark.parametrize("after", [None, (AT, 0, 9)])
def test_the_list_is_walked_along_its_index(app: Flask, theo: Member, which: str, after: object) -> None:
    statement = (notice_lists.FOLLOWING if after else notice_lists.FIRST)[which]
    with queries(app) as said:
        notice_lists.page(which, theo.id, after=after)  # type: ignore[arg-type]
    assert len(said) == 1
    if db.engine.dialect.name == "sqlite":
        text = str(statement.compile(db.engine, compile_kwargs={"literal_binds": False}))
        count = text.count("?")
        plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", (1,) * count).all()
        told_of = " ".join(str(row) for row in plan)
        assert "ix_told_" in told_of
        assert "SCAN told" not in told_of


def test_opening_one_leads_to_its_subject_and_reads_it(
    browse: Browse, rosa: Client, biscuit: Pet, nina: Member, theo: Member
) -> None:  # FD-6
    thread = write(rosa)
    documents.share(rosa, BytesIO(samples.pdf("Hi")), "hi.pdf", by=as_client(rosa), at=AT)
    pets.tell(biscuit, "Rosa Delgado changed Biscuit", by=as_client(rosa), at=AT)
    cast.booking(rosa, [biscuit], "Daycare", AT + timedelta(days=3), made_at=AT)
    browser = browse(theo)
    found = {row.kind: row.id for row in db.session.query(Notice)}
    for kind, path in (
        (NoticeKind.MESSAGE, f"/desk/inbox/{thread}#newest"),
        (NoticeKind.DOCUMENT_SHARED, f"/desk/customers/{rosa.id}/documents"),
        (NoticeKind.DATA_CHANGED, f"/desk/pets/{biscuit.id}"),
        (NoticeKind.BOOKING, f"/desk/customers/{rosa.id}"),
    ):
        answer = browser.get(f"/desk/notices/{found[kind]}")
        assert (answer.status_code, answer.location) == (303, path)
        assert browser.get(path.partition("#")[0]).status_code == 200
        seen = {row.member_id: bool(row.seen_at) for row in db.session.query(Told).filter_by(notice_id=found[kind])}
        assert seen == {theo.id: True, nina.id: False}, "Nina has not read it yet"
    assert 'class="row unread"' not in browser.get("/desk/notices").text
    assert "Everything is read." in browser.get("/desk/notices?show=unread").text
    assert browser.get("/desk/notices/999999").status_code == 404


def test_who_opens_the_conversation_has_read_its_notices(
    browse: Browse, rosa: Client, nina: Member, theo: Member
) -> None:  # FD-6
    thread, other = write(rosa), write(rosa, "Another")
    browse(theo).get(f"/desk/inbox/{thread}")
    seen = {
        (row.member_id, notice.thread_id): bool(row.seen_at)
        for row, notice in db.session.query(Told, Notice).join(Notice, Notice.id == Told.notice_id)
    }
    assert seen == {
        (theo.id, thread): True,
        (theo.id, other): False,
        (nina.id, thread): False,
        (nina.id, other): False,
    }


def test_all_that_was_shown_is_read_and_what_came_since_is_new(
    browse: Browse, rosa: Client, nina: Member, theo: Member
) -> None:  # FD-6
    write(rosa, "Shown")
    browser = browse(theo)
    until = browser.get("/desk/notices").text.split('name="until" value="')[1].split('"')[0]
    write(rosa, "Since")
    answer = browser.post("/desk/notices/reading", data={"until": until})
    assert (answer.status_code, answer.location) == (303, "/desk/notices")
    page = browser.get("/desk/notices").text
    assert "All notices are read." in page
    assert page.count('class="row unread"') == 1
    assert db.session.query(Told).filter_by(member_id=nina.id, seen_at=None).count() == 2, "Nina has read nothing"
    until = page.split('name="until" value="')[1].split('"')[0]
    assert browser.swap("/desk/notices/reading", data={"until": until}).headers["HX-Redirect"] == "/desk/notices"
    assert "Mark All Read" not in browser.get("/desk/notices").text


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 30, "٣"])
def test_an_odd_form_reads_nothing_more_than_there_is(browse: Browse, rosa: Client, theo: Member, odd: str) -> None:
    write(rosa)
    assert browse(theo).post("/desk/notices/reading", data={"until": odd}).status_code == 303


def test_notices_are_for_staff_alone(browse: Browse, rosa: Client) -> None:  # FD-6
    write(rosa)
    notice = db.session.query(Notice).one()
    for browser in (browse(rosa), browse()):
        for path in ("/desk/notices", f"/desk/notices/{notice.id}", "/desk/settings/notifications"):
            assert browser.get(path).status_code == 302
        assert browser.post("/desk/notices/reading", data={"until": "9"}).status_code == 302
        assert browser.post("/desk/settings/notifications", data={"in_app": "message"}).status_code == 302
    assert db.session.query(NoticeChoice).count() == 0


def test_each_chooses_for_themself(browse: Browse, nina: Member, theo: Member) -> None:  # FD-6 POR-9
    browser = browse(theo)
    page = browser.get("/desk/settings/notifications").text
    for words in ("Client Shared Document", "Client Data Changed", "New Booking", "Cancellation", "Message"):
        assert words in page
    assert page.count(" checked") == 6, "in the app, unless something else is chosen"
    assert "Security" not in page
    data = {"in_app": ["message", "odd"], "by_email": ["message", "cancellation"]}
    answer = browser.post("/desk/settings/notifications", data=data)
    assert (answer.status_code, answer.location) == (303, "/desk/settings/notifications")
    chosen = {choice.kind: (choice.in_app, choice.by_email) for choice in notice_choices.choices(theo.id)}
    assert chosen == dict.fromkeys(notice_choices.WHEN, (False, False)) | {
        NoticeKind.MESSAGE: (True, True),
        NoticeKind.CANCELLATION: (False, True),
    }
    assert {row.member_id for row in db.session.query(NoticeChoice)} == {theo.id}
    part = browser.swap("/desk/settings/notifications", data={"in_app": ["message"]}).text
    assert part.count(" checked") == 1
    assert "Saved." in part
