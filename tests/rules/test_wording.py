"""Dates, times and money in people's words."""

from datetime import UTC, datetime

import pytest

from portal import wording

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)  # Monday, 10:00 in New York
ZONE = "America/New_York"


def said(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u2060", "")


@pytest.mark.parametrize(
    ("starts", "ends", "words"),
    [
        ("2026-11-24T14:00Z", "2026-11-24T15:30Z", "Tomorrow, 9:00–10:30 AM"),
        ("2026-11-25T12:30Z", "2026-11-25T23:00Z", "Wed 25 Nov, 7:30 AM–6:00 PM"),
        ("2026-12-19T20:00Z", "2026-12-28T16:00Z", "Sat 19 Dec, 3:00 PM – Mon 28 Dec, 11:00 AM"),
        ("2026-11-23T05:00Z", "2026-11-23T17:00Z", "Today, 12:00 AM–12:00 PM"),
        ("2025-03-09T06:30Z", "2025-03-09T07:30Z", "Sun 9 Mar 2025, 1:30–3:30 AM"),
    ],
)
def test_a_span_is_said_as_people_say_it(starts: str, ends: str, words: str) -> None:  # BK-2
    assert said(wording.span(datetime.fromisoformat(starts), datetime.fromisoformat(ends), ZONE, NOW)) == words


def test_a_time_and_its_am_do_not_break_apart() -> None:
    assert "\u00a0PM" in wording.clock(NOW)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-11-23T13:42Z", "8:42 AM"),
        ("2026-11-20T13:42Z", "Fri"),
        ("2026-11-02T13:42Z", "2 Nov"),
        ("2025-01-12T13:42Z", "12 Jan 2025"),
    ],
)
def test_when_a_message_came_is_short(at: str, words: str) -> None:  # MSG-1
    assert said(wording.since(datetime.fromisoformat(at), ZONE, NOW)) == words


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [
        (125000, "USD", "$1,250.00"),
        (-905, "USD", "−$9.05"),
        (0, "EUR", "€0.00"),
        (1500, "JPY", "¥1,500"),
        (1234, "KWD", "KWD1.234"),
    ],
)
def test_money(minor: int, currency: str, words: str) -> None:
    assert wording.money(minor, currency) == words


def test_the_zone_is_named_where_it_can_differ() -> None:
    summer = datetime(2026, 7, 1, 15, tzinfo=UTC)
    assert said(wording.moment_with_zone(summer, ZONE, NOW)) == "Wed 1 Jul, 11:00 AM EDT"


@pytest.mark.parametrize(
    ("names", "words"), [([], ""), (["Miso"], "Miso"), (["A", "B"], "A and B"), (["A", "B", "C"], "A, B and C")]
)
def test_a_list_of_names(names: list[str], words: str) -> None:
    assert wording.listed(names) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [("+12125550148", "(212) 555-0148"), ("+442079460018", "+44 20 7946 0018"), ("ask Bob", "ask Bob")],
)
def test_a_phone_number_is_written_as_at_home(number: str, words: str) -> None:
    assert wording.phone_words(number) == words


def test_browsers_are_told_of_today_by_its_hour() -> None:
    at, now = datetime(2026, 11, 22, 13, 48, tzinfo=UTC), datetime(2026, 11, 22, 15, tzinfo=UTC)
    assert wording.machine(at, "America/New_York", now) == "08:48"
    assert wording.machine(at, "America/New_York", now.replace(day=23)) == "2026-11-22T08:48-05:00"
    assert wording.machine(at, "America/New_York") == "2026-11-22T08:48-05:00"


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (802, "802"), (1_802, "1,802"), (1_000_000, "1,000,000")])
def test_a_long_number_is_grouped(count: int, words: str) -> None:
    assert wording.grouped(count) == words
