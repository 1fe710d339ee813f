"""The private address from which a calendar program reads what is booked."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from time_machine import travel

from portal.db import db, now
from portal.models import Client, Feed, History, Member, Pet
from portal.rules import bookings, feeds
from portal.rules.actors import as_client
from tests import cast
from tests.conftest import Browse


def path(feed: Feed) -> str:
    return feeds.address(feed).removeprefix("http://localhost")


def made(client: Client) -> Feed:
    feed = feeds.make(client, by=as_client(client), at=now())
    db.session.commit()
    return feed


def events(content: bytes) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_a_calendar_program_reads_what_is_booked(
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet, juno: Pet
) -> None:  # BK-8
    starts = now() + timedelta(days=3)
    cast.booking(rosa, [biscuit, juno], "Daycare", starts, made_at=now())
    off = cast.booking(rosa, [biscuit], "Full Groom", starts, made_at=now())
    cast.booking(rosa, [juno], "Agility", starts, needs_approval=True, made_at=now())
    cast.booking(omar, omar.pets, "Daycare", starts, made_at=now())
    feed, program = made(rosa), browse()
    answer = program.get(path(feed))
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert sorted(events(answer.data)) == ["Agility for Juno", "Daycare for Biscuit and Juno", "Full Groom for Biscuit"]
    assert answer.text.count("STATUS:TENTATIVE") == 1
    again = program.get(path(feed), headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    bookings.cancel(off, by=as_client(rosa), at=now())
    fresh = program.get(path(feed), headers={"If-None-Match": answer.headers["ETag"]})
    assert (fresh.status_code, len(events(fresh.data))) == (200, 2), "what is cancelled vanishes"


@travel(datetime(2027, 3, 1, tzinfo=UTC))
def test_times_are_right_on_both_sides_of_a_change_of_clocks(
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:  # BK-8
    before, after = datetime(2027, 3, 13, 14, tzinfo=UTC), datetime(2027, 3, 14, 13, tzinfo=UTC)
    for starts in (before, after):
        cast.booking(rosa, [biscuit], "Agility", starts, made_at=datetime(2026, 11, 1, tzinfo=UTC))
    text = browse().get(path(made(rosa))).text
    assert ("DTSTART:20270313T140000Z" in text, "DTSTART:20270314T130000Z" in text) == (True, True), "9 AM on both days"


def test_the_address_is_shown_again_made_anew_and_revoked(browse: Browse, rosa: Client) -> None:  # BK-8
    browser = browse(rosa)
    assert "Make My Address" in browser.get("/profile/feed").text
    assert 'href="/profile/feed"' in browser.get("/profile").text
    answer = browser.post("/profile/feed")
    assert (answer.status_code, answer.location) == (303, "/profile/feed")
    first = db.session.query(Feed).one()
    for _ in range(2):
        assert feeds.address(first) in browser.get("/profile/feed").text
    browser.swap("/profile/feed")
    second = db.session.query(Feed).order_by(Feed.id.desc()).first()
    assert second
    assert [browse().get(path(feed)).status_code for feed in (first, second)] == [404, 200]
    browser.post("/profile/feed/revocation")
    assert browse().get(path(second)).status_code == 404
    browser.post("/profile/feed/revocation")
    assert [row.new for row in db.session.query(History).filter_by(field="Calendar address")] == [
        "New",
        "New",
        "Revoked",
    ]


def test_only_the_whole_address_opens_it_and_only_for_active_clients(
    browse: Browse, rosa: Client, omar: Client, nina: Member
) -> None:  # BK-8
    feed = made(rosa)
    address = path(feed)
    for wrong in (f"/feed/{feed.id}.ics", address[:-6] + ".ics", address.replace("/feed/", "/feed/x")):
        assert browse().get(wrong).status_code == 404
    assert feeds.address(feed) not in browse(omar).get("/profile/feed").text
    assert browse(nina).get("/profile/feed").status_code == 302
    assert browse(nina).post("/profile/feed").status_code == 302
    rosa.deactivated_at = now()
    assert browse().get(address).status_code == 404
