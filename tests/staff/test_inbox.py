"""The inbox, as the browser asks for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event, select, text

from portal.db import db, now
from portal.demo import volume
from portal.models import Attachment, Channel, Client, Delivery, DeliveryState, Member, Message, Notice, Pet, Thread
from portal.rules import inbound, inboxes, messages
from portal.rules.actors import as_client, as_member
from tests import cast, samples
from tests.conftest import Browse

KEY = "0123456789abcdef0123456789abcdef"
NOON = cast.NOON


def asks(client: Client, subject: str = "Rabbits", words: str = "Do you take rabbits?", **more: Any) -> Thread:
    more.setdefault("at", now())
    return messages.start(client, subject, words, by=as_client(client), **more).thread


@pytest.fixture
def thread(rosa: Client) -> Thread:
    return asks(rosa)


def form(words: str = "Two of them.", *sent: tuple[bytes, str], **more: str) -> dict[str, Any]:
    data: dict[str, Any] = {"text": words, "key": KEY, **more}
    data["attachments"] = [(BytesIO(content), name) for content, name in sent] or (BytesIO(b""), "")
    return {"data": data, "content_type": "multipart/form-data"}


def main(page: str) -> str:
    return page[page.index("<main") :]


def rail(page: str) -> str:
    return re.search(r'<a class="nav__link" id="inbox_link".*?</a>', page, re.DOTALL)[0]  # type: ignore[index]


def subjects(page: str) -> list[str]:
    return re.findall(r'<p class="thread__subject" dir="auto">(.*?)</p>', page)


def every(model: type) -> list:
    return list(db.session.scalars(select(model).order_by(model.id)))


def failed(client: Client, nina: Member, reason: str = "550 No such user.") -> Message:
    message = messages.begin(client, "Lost", "Hello?", channel=Channel.EMAIL, by=as_member(nina), at=NOON)
    [delivery] = [one for one in every(Delivery) if one.message_id == message.id]
    delivery.state, delivery.tries, delivery.last_error = DeliveryState.FAILED, 7, reason
    db.session.commit()
    return message


@contextmanager
def selects() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(*told: Any) -> None:
        if told[2].startswith("SELECT"):
            said.append(told[2])

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


# ---------------------------------------------------------------- the list


def test_everybodys_threads_stand_there_newest_first(  # FD-3, MSG-1
    browse: Browse, nina: Member, rosa: Client, omar: Client
) -> None:
    asks(rosa, "Old", at=NOON - timedelta(hours=2))
    asks(omar, "New", at=NOON - timedelta(hours=1))
    page = main(browse(nina).get("/desk/inbox").text)
    assert subjects(page) == ["New", "Old"]
    assert '>Omar Haddad<span class="sr-only"> New</span></a>' in page
    assert '<span class="thread__pets">Biscuit, Juno and Miso</span>' in page


def test_a_row_tells_what_it_is(  # FD-3, MSG-1, MSG-2
    browse: Browse, nina: Member, theo: Member, rosa: Client, omar: Client, biscuit: Pet
) -> None:
    rosa.phone = "+12125550100"
    cast.booking(rosa, [biscuit], "Full Groom", NOON + timedelta(days=5), made_at=NOON - timedelta(hours=9))
    suite = messages.begin(rosa, "Suite", "Suite 4 <b>?</b>", channel=Channel.SMS, by=as_member(nina), at=NOON).thread
    inboxes.assign(suite, theo.id)
    asks(omar, at=NOON + timedelta(hours=1))
    failed(rosa, nina)
    rows = main(browse(nina).get("/desk/inbox").text).split('<li class="row')
    portal, text_message, groomed, lost = (
        next(row for row in rows if f">{subject}</p>" in row)
        for subject in ("Rabbits", "Suite", "You are booked: Full Groom", "Lost")
    )
    assert 'title="From the portal"' in portal
    assert '<span class="badge">1<span class="sr-only"> unread</span></span>' in portal
    assert portal.startswith(" unread")
    assert "Do you take rabbits?" in portal
    assert 'role="img" title="Text message"' in text_message
    assert "Nina: Suite 4 &lt;b&gt;?&lt;/b&gt;" in text_message
    assert "Theo Brandt" in text_message
    assert "unread" not in text_message
    assert '<p class="thread__service">Full Groom</p>' in groomed
    assert "Automatic: " in groomed
    assert "Not delivered" in lost
    assert "Not delivered" not in portal + text_message + groomed


def test_the_filters_are_links(  # FD-3
    browse: Browse, nina: Member, theo: Member, rosa: Client, omar: Client, thread: Thread
) -> None:
    read, mine = asks(omar, "Read", at=NOON), asks(omar, "Mine", at=NOON - timedelta(hours=1))
    inboxes.read(read, at=NOON)
    inboxes.assign(mine, nina.id)
    inboxes.assign(read, theo.id)
    failed(rosa, nina)
    browser = browse(nina)
    found = {name: subjects(main(browser.get(f"/desk/inbox?show={name}").text)) for name in inboxes.FILTERS}
    assert {name: set(told) for name, told in found.items()} == {
        "all": {"Rabbits", "Read", "Mine", "Lost"},
        "unread": {"Rabbits", "Mine"},
        "mine": {"Mine"},
        "unassigned": {"Rabbits", "Lost"},
        "failed": {"Lost"},
    }
    page = browser.get("/desk/inbox?show=unread").text
    assert re.search(r'href="/desk/inbox\?show=unread" aria-current="page">Unread<span class="badge">2<', page)
    assert f'href="/desk/inbox/{thread.id}?show=unread#newest"' in page
    assert subjects(browser.get("/desk/inbox?show=nonsense").text) == found["all"]


def test_an_empty_filter_says_so(browse: Browse, nina: Member) -> None:  # FD-3
    browser = browse(nina)
    for name, words in (("all", "No messages yet"), ("unread", "Everything is read"), ("failed", "been delivered")):
        assert words in main(browser.get(f"/desk/inbox?show={name}").text)


@pytest.mark.parametrize("show", ["all", "unread", "mine", "unassigned"])
def test_a_long_list_goes_on_after_its_last_row(browse: Browse, nina: Member, rosa: Client, show: str) -> None:  # FD-3
    for number in range(60):
        thread = asks(rosa, f"Thread {number}", at=NOON - timedelta(hours=number // 2))
        if show == "mine":
            inboxes.assign(thread, nina.id)
    browser, seen, address = browse(nina), [], f"/desk/inbox?show={show}"
    while address:
        part = browser.swap(address, "get").text if seen else browser.get(address).text
        seen += subjects(part)
        assert ("<html" in part) == (len(seen) == 25)
        following = re.search(r'<a class="button button--wide" href="(/desk/inbox\?[^"]+)"', part)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == 60
    assert len(set(seen)) == 60


@pytest.mark.parametrize("after", ["", "x", "1-0-1", "20261123150000000000-0-9999999999"])
def test_a_place_in_the_list_that_is_none_is_not_found(browse: Browse, nina: Member, after: str) -> None:  # FD-3
    assert browse(nina).get("/desk/inbox", query_string={"after": after}).status_code == 404


def test_the_list_takes_two_queries_however_many_clients(browse: Browse, nina: Member) -> None:  # FD-3
    volume.fill(300, 300, now(), lambda _: None)
    browser = browse(nina)
    for name in inboxes.FILTERS:
        with selects() as said:
            assert browser.get(f"/desk/inbox?show={name}").status_code == 200
        assert len(said) == 2, said


@pytest.mark.only_on("sqlite", because="PostgreSQL reads small tables without their indexes")
def test_each_filter_walks_along_an_index(browse: Browse, nina: Member) -> None:  # FD-3
    volume.fill(2_000, 10, now(), lambda _: None)
    wanted = {"all": "ix_thread_newest_of_all", "mine": "ix_thread_newest_of_member"}
    wanted |= {"unassigned": "ix_thread_newest_of_member"}
    wanted |= {"unread": "ix_message_unread_by_staff", "failed": "ix_delivery_failed"}
    for name, index in wanted.items():
        said = (
            str(
                inboxes.CHOSEN[name].compile(
                    db.engine,
                    compile_kwargs={"literal_binds": True, "render_postcompile": True},
                )
            )
            if name != "mine"
            else str(
                inboxes.CHOSEN[name]
                .params(member_id=nina.id)
                .compile(db.engine, compile_kwargs={"literal_binds": True})
            )
        )
        plan = "\n".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {said}")))
        assert index in plan, plan
        assert "SCAN message" not in plan.replace("SCAN message USING", ""), plan


# ---------------------------------------------------------------- a thread


def test_a_thread_shows_who_said_what_and_how_it_went(  # MSG-2, MSG-4
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:
    for words in ("Waiting", "Tried", "Gone", "Lost"):
        messages.answer(thread, words, by=as_member(nina), at=now())
    _, tried, gone, lost = every(Delivery)
    tried.tries, tried.last_error = 2, "The mail server asks us to wait."
    gone.state = DeliveryState.SENT
    lost.state, lost.tries, lost.last_error = DeliveryState.FAILED, 1, "550 No such user."
    db.session.commit()
    bubbles = browse(nina).get(f"/desk/inbox/{thread.id}").text.split("<article")[1:]
    assert "<b>Rosa Delgado</b>" in bubbles[0]
    assert 'title="From the portal"' in bubbles[0]
    assert "bubble--mine" not in bubbles[0]
    assert all("bubble--mine" in bubble for bubble in bubbles[1:])
    for bubble, words in zip(
        bubbles[1:],
        (
            "On its way to rosa@example.com",
            "Tried 2 times, and will be tried again: The mail server asks us to wait.",
            "Sent to rosa@example.com",
            "Not delivered to rosa@example.com, tried 1 time: 550 No such user.",
        ),
        strict=True,
    ):
        assert words in bubble
    assert ["Try again" in bubble for bubble in bubbles] == [False, False, False, False, True]


def test_opening_marks_what_the_client_wrote_for_everybody_at_the_desk(  # MSG-2
    browse: Browse, nina: Member, theo: Member, rosa: Client, thread: Thread
) -> None:
    messages.answer(thread, "Two.", by=as_member(nina), at=now())
    browser = browse(nina)
    assert "badge" in rail(browser.get("/desk/inbox").text)
    page = browser.get(f"/desk/inbox/{thread.id}").text
    assert "badge" not in rail(page), "the rail of the same page knows it too"
    assert "badge" not in rail(browse(theo).get("/desk/inbox").text)
    asked, answered = every(Message)
    assert asked.seen_at
    assert answered.seen_at is None, "that is for the client to see"
    assert "· seen" in browse(rosa).get(f"/messages/{thread.id}").text


def test_the_thread_stays_in_the_list_it_was_opened_from(browse: Browse, nina: Member, thread: Thread) -> None:  # FD-3
    page = main(browse(nina).get(f"/desk/inbox/{thread.id}?show=unread").text)
    assert f'class="row row--current" id="inbox_row-{thread.id}"' in page
    assert 'href="/desk/inbox?show=unread"' in page


def test_a_letter_from_elsewhere_says_so(browse: Browse, nina: Member, rosa: Client, thread: Thread) -> None:  # MSG-5
    written = every(Message)[0]
    written.from_portal, written.sent_from = False, "omar@example.com"
    db.session.commit()
    page = main(browse(nina).get(f"/desk/inbox/{thread.id}").text)
    assert "Sent from omar@example.com" in page
    assert "From the portal" not in page
    assert "omar@" not in browse(rosa).get(f"/messages/{thread.id}").text, "that is for staff"


def test_earlier_messages_are_fetched_in_place(  # MSG-2
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:
    for number in range(60):
        messages.reply(thread, f"Line {number}.", by=as_client(rosa), at=now())
    browser = browse(nina)
    address = re.search(r'id="earlier" href="([^"]+)"', browser.get(f"/desk/inbox/{thread.id}").text)[1]  # type: ignore[index]
    part = browser.swap(address, "get").text
    assert "<html" not in part
    assert "Line 29." in part
    assert "Line 30." not in part
    assert 'id="composer"' not in browser.get(address).text


def test_files_are_opened_at_the_desk_both_ways(  # MSG-3
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:
    browser = browse(nina)
    browser.swap(f"/desk/inbox/{thread.id}/replies", **form("", (samples.pdf("Plan"), "Plan.pdf")))
    [attached] = every(Attachment)
    assert browser.get(f"/desk/attachments/{attached.id}").data == samples.pdf("Plan")
    assert browse(rosa).get(f"/attachments/{attached.id}").data == samples.pdf("Plan")
    assert f'href="/desk/attachments/{attached.id}"' in browser.get(f"/desk/inbox/{thread.id}").text


@pytest.mark.parametrize(
    "path", ["/desk/inbox/999999", "/desk/attachments/999999", "/desk/customers/999999/messages/new"]
)
def test_what_is_not_there_is_not_found(browse: Browse, nina: Member, path: str) -> None:  # FD-3
    assert browse(nina).get(path).status_code == 404


# ---------------------------------------------------------------- answering


def test_an_answer_stands_in_the_thread_at_once(
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:  # MSG-4
    browser = browse(nina)
    browser.get(f"/desk/inbox/{thread.id}")
    answer = browser.swap(f"/desk/inbox/{thread.id}/replies", **form())
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'hx-swap-oob="beforeend:#newer"' in answer.text
    assert 'id="inbox_list" hx-swap-oob="true"' in answer.text
    assert 'id="inbox_link" hx-swap-oob="true"' in answer.text
    assert "Nina: Two of them." in answer.text
    assert KEY not in answer.text, "the next message is another one"
    [delivery] = every(Delivery)
    assert (delivery.channel, delivery.recipient, delivery.text) == ("email", "rosa@example.com", "Two of them.")
    assert every(Message)[-1].author_name == "Nina Park"


def test_an_answer_without_javascript(browse: Browse, nina: Member, thread: Thread) -> None:  # MSG-4, NAV-7
    browser = browse(nina)
    answer = browser.post(f"/desk/inbox/{thread.id}/replies", **form())
    assert (answer.status_code, answer.location) == (303, f"/desk/inbox/{thread.id}#newest")
    page = browser.get(f"/desk/inbox/{thread.id}").text
    assert "Two of them." in page
    assert "On its way." in page


def test_two_taps_send_one_answer(browse: Browse, nina: Member, thread: Thread) -> None:  # MSG-4
    browser = browse(nina)
    for _ in range(2):
        assert browser.swap(f"/desk/inbox/{thread.id}/replies", **form()).status_code == 200
    assert (len(every(Message)), len(every(Delivery))) == (2, 1)


def test_a_wrong_answer_is_refused_and_nothing_is_lost(browse: Browse, nina: Member, rosa: Client) -> None:  # MSG-4
    rosa.phone = "+12125550100"
    db.session.commit()
    suite = messages.begin(rosa, "Suite", "Suite 4?", channel=Channel.SMS, by=as_member(nina), at=NOON).thread
    browser = browse(nina)
    assert "Text to (212) 555-0100" in browser.get(f"/desk/inbox/{suite.id}").text
    long = browser.swap(f"/desk/inbox/{suite.id}/replies", **form("x" * 1601))
    assert long.status_code == 422
    assert "at most 1,600 characters, and this has 1,601" in long.text
    assert "x" * 1601 in long.text
    empty = browser.post(f"/desk/inbox/{suite.id}/replies", **form(""))
    assert (empty.status_code, "<html" in empty.text) == (422, True)
    assert "Write something" in empty.text
    fake = browser.swap(f"/desk/inbox/{suite.id}/replies", **form("Here", (samples.exe(), "list.pdf")))
    assert fake.status_code == 422
    assert "“list.pdf”" in fake.text
    assert ">Here</textarea>" in re.sub(r"\s*\n", "", fake.text)
    assert (len(every(Message)), len(every(Delivery))) == (1, 1)


def test_a_client_without_an_address_cannot_be_answered(  # MSG-4
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:
    rosa.email = None
    db.session.commit()
    browser = browse(nina)
    page = main(browser.get(f"/desk/inbox/{thread.id}").text)
    assert "Rosa Delgado has no e-mail address." in page
    assert f'<a href="/desk/customers/{rosa.id}/profile">Add it to the profile</a>' in page
    assert "<textarea" not in page
    answer = browser.swap(f"/desk/inbox/{thread.id}/replies", **form())
    assert answer.status_code == 422
    assert every(Delivery) == []


# ---------------------------------------------------------------- who takes care


def test_a_thread_is_given_to_somebody(browse: Browse, nina: Member, theo: Member, thread: Thread) -> None:  # FD-3
    browser = browse(nina)
    answer = browser.swap(f"/desk/inbox/{thread.id}/care", data={"member": theo.id})
    assert answer.status_code == 200
    assert f'<option selected value="{theo.id}">Theo Brandt</option>' in answer.text
    assert 'id="inbox_list" hx-swap-oob="true"' in answer.text
    assert "Theo Brandt takes care of it." in answer.text
    assert db.session.get_one(Thread, thread.id).member_id == theo.id
    back = browser.post(f"/desk/inbox/{thread.id}/care", data={"member": 0})
    assert (back.status_code, back.location) == (303, f"/desk/inbox/{thread.id}")
    assert "Nobody in particular takes care of it." in browser.get(back.location).text
    assert db.session.get_one(Thread, thread.id).member_id is None


@pytest.mark.parametrize("member", ["", "x", "999999", "-1", "9" * 30])
def test_nobody_else_can_take_care(browse: Browse, nina: Member, thread: Thread, member: str) -> None:  # FD-3
    answer = browse(nina).swap(f"/desk/inbox/{thread.id}/care", data={"member": member})
    assert answer.status_code == 422
    assert "no longer here" in answer.text
    assert db.session.get_one(Thread, thread.id).member_id is None


def test_who_has_left_is_not_offered(browse: Browse, nina: Member, theo: Member, thread: Thread) -> None:  # FD-3
    theo.deactivated_at = now()
    db.session.commit()
    browser = browse(nina)
    assert "Theo" not in browser.get(f"/desk/inbox/{thread.id}").text
    assert browser.swap(f"/desk/inbox/{thread.id}/care", data={"member": theo.id}).status_code == 422


# ---------------------------------------------------------------- trying again


def test_what_failed_is_tried_again_at_the_address_of_today(
    browse: Browse, nina: Member, rosa: Client
) -> None:  # MSG-4
    lost = failed(rosa, nina)
    rosa.email = "rosa.new@example.com"
    db.session.commit()
    answer = browse(nina).swap(f"/desk/inbox/messages/{lost.id}/tries")
    assert answer.status_code == 200
    assert "On its way to rosa.new@example.com" in answer.text
    assert "It is tried again now." in answer.text
    [delivery] = every(Delivery)
    assert (delivery.state, delivery.recipient) == (DeliveryState.QUEUED, "rosa.new@example.com")
    assert (delivery.tries, delivery.last_error) == (0, "")
    again = browse(nina).swap(f"/desk/inbox/messages/{lost.id}/tries")
    assert again.status_code == 422
    assert "on its way already" in again.text


def test_trying_again_without_javascript(browse: Browse, nina: Member, rosa: Client) -> None:  # MSG-4
    lost = failed(rosa, nina)
    answer = browse(nina).post(f"/desk/inbox/messages/{lost.id}/tries")
    assert (answer.status_code, answer.location) == (303, f"/desk/inbox/{lost.thread_id}#message-{lost.id}")


def test_trying_again_needs_an_address_and_a_letter(
    browse: Browse, nina: Member, rosa: Client, thread: Thread
) -> None:  # MSG-4
    lost = failed(rosa, nina)
    rosa.email = None
    db.session.commit()
    answer = browse(nina).swap(f"/desk/inbox/messages/{lost.id}/tries")
    assert answer.status_code == 422
    assert "Rosa Delgado has no e-mail address." in answer.text
    assert every(Delivery)[0].state == DeliveryState.FAILED
    asked = every(Message)[0]
    assert browse(nina).swap(f"/desk/inbox/messages/{asked.id}/tries").status_code == 404


# ---------------------------------------------------------------- a new message


def test_a_client_is_found_to_write_to(browse: Browse, nina: Member, rosa: Client) -> None:  # FD-3
    browser = browse(nina)
    assert 'href="/desk/inbox/new"' in browser.get("/desk/inbox").text
    part = browser.swap("/desk/inbox/new?q=bisc", "get").text
    assert "<html" not in part
    assert f'href="/desk/customers/{rosa.id}/messages/new"' in part
    whole = browser.get("/desk/inbox/new?q=nobody%25").text
    assert "Nobody is found by “nobody%”" in whole


def test_a_new_message_goes_the_chosen_way(browse: Browse, nina: Member, rosa: Client) -> None:  # MSG-3, MSG-4
    rosa.phone = "+12125550100"
    db.session.commit()
    browser = browse(nina)
    path = f"/desk/customers/{rosa.id}/messages"
    page = browser.get(f"{path}/new").text
    assert "E-mail to rosa@example.com" in page
    assert "Text message to (212) 555-0100" in page
    sent = form("Suite 4?", subject="Suite", channel="sms")
    answer = browser.post(path, **sent)
    [thread] = every(Thread)
    assert (answer.status_code, answer.location) == (303, f"/desk/inbox/{thread.id}")
    assert (
        browser.swap(path, **form("Suite 4?", subject="Suite", channel="sms")).headers["HX-Redirect"] == answer.location
    )
    [delivery] = every(Delivery)
    assert (delivery.channel, delivery.recipient, delivery.text) == ("sms", "+12125550100", "Suite 4?")
    assert every(Notice) == [], "staff need not be told what staff wrote"


def test_only_the_ways_that_there_are_can_be_chosen(browse: Browse, nina: Member, rosa: Client) -> None:  # MSG-4
    browser, path = browse(nina), f"/desk/customers/{rosa.id}/messages"
    assert 'value="sms"' not in browser.get(f"{path}/new").text
    for channel in ("sms", "pigeon"):
        answer = browser.swap(path, **form("Suite 4?", subject="Suite", channel=channel))
        assert answer.status_code == 422
        assert "Choose one of these." in answer.text
        assert "Suite 4?" in answer.text
    without = browser.post(path, **form("Suite 4?", subject="", channel="email"))
    assert without.status_code == 422
    assert "Say in a few words what it is about." in without.text
    rosa.email = None
    db.session.commit()
    page = main(browser.get(f"{path}/new").text)
    assert "Rosa Delgado has no e-mail address and no phone number." in page
    assert "<textarea" not in page
    assert browser.post(path, **form("Suite 4?", subject="Suite", channel="email")).status_code == 422
    assert (every(Thread), every(Message), every(Delivery)) == ([], [], [])


# ---------------------------------------------------------------- doors


def test_clients_and_strangers_do_not_come_in(browse: Browse, rosa: Client, thread: Thread) -> None:  # SI-1
    for person in (rosa, None):
        for path in ("/desk/inbox", f"/desk/inbox/{thread.id}", "/desk/inbox/new"):
            assert browse(person).get(path).location.startswith("/desk/sign-in")
    assert every(Message)[0].seen_at is None


def test_inbound_is_off_until_it_is_set_up(thread: Thread) -> None:  # MSG-5
    assert inbound.address(thread.id) == ""
