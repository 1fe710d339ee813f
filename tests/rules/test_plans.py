"""What is chosen stands in the address and comes back from it; and the words about cancelling are the rules."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.chosen import Chosen
from portal.inputs import book
from portal.models import Client, Pet
from portal.rules import plan_bookings, plan_terms, plans
from portal.rules.actors import as_client
from portal.rules.plan_visits import visits
from portal.rules.refused import Refused
from tests import cast

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
ids = st.integers(1, 2**31 - 1)
maybe = st.none() | ids
days = st.dates(date(2001, 1, 1), date(2199, 12, 31))
moments = st.integers(1_000_000_000 // 60, 7_000_000_000 // 60).map(
    lambda minute: datetime.fromtimestamp(minute * 60, UTC)
)
choices = st.builds(
    Chosen,
    service=maybe,
    series=maybe,
    location=maybe,
    pet=st.lists(ids, unique=True, max_size=20).map(tuple),
    add_on=st.lists(st.integers(0, 99), unique=True, max_size=20).map(tuple),
    provider=st.none() | st.integers(0, 99),
    session=maybe,
    at=st.none() | moments,
    day=st.lists(days, unique=True, max_size=60).map(lambda some: tuple(sorted(some))),
    first=st.none() | days,
    last=st.none() | days,
)


@given(choices)
def test_whatever_is_chosen_comes_back_from_the_address(chosen: Chosen) -> None:  # SB-1
    with Flask(__name__).test_request_context(f"/book?{chosen.query(step='pets')}"):
        assert book.chosen() == chosen


@given(choices, maybe)
def test_a_change_changes_nothing_else(chosen: Chosen, location: int | None) -> None:  # SB-1
    with Flask(__name__).test_request_context(f"/book?{chosen.query(location=location)}"):
        read = book.chosen()
        assert read.location == location
        assert [pair for pair in read.pairs() if pair[0] != "location"] == chosen.pairs("location")


@pytest.mark.parametrize(
    ("allowed", "hours", "wall", "words"),
    [
        (False, 24, None, "You cannot cancel it online; the front desk can."),
        (True, 0, None, "You can cancel until it starts."),
        (True, None, None, "You can cancel until it starts."),
        (True, 1, None, "You can cancel until 1 hour before it starts."),
        (True, None, time(18), "You can cancel until 6:00\u00a0PM on the day before."),
        (
            True,
            48,
            time(18, 30),
            "You can cancel until 48 hours before it starts and 6:30\u00a0PM on the day before, whichever comes first.",
        ),
    ],
)
def test_the_rule_in_words(allowed: bool, hours: int | None, wall: time | None, words: str) -> None:  # BK-3, SB-1
    assert plan_terms.until("cancel", allowed, hours, wall) == words


def test_a_plan_that_is_not_whole_books_nothing(rosa: Client, biscuit: Pet) -> None:
    cast.open_shop()
    plan = plans.plan(Chosen(service=cast.service("Full Groom").id, pet=(biscuit.id,)), rosa, at=AT)
    assert (plan.next, plan.has_time) == ("location", False)
    with pytest.raises(Refused, match="Something is still to be chosen"):
        plan_bookings.carry_out(plan, key="0" * 32, back="/book", by=as_client(rosa), at=AT)


def test_a_stay_is_as_long_as_the_service_wants(rosa: Client, biscuit: Pet) -> None:  # SB-2
    cast.open_shop()
    boarding = cast.service("Boarding")
    boarding.least_nights, boarding.most_nights = 2, 4
    place = plans.plan(Chosen(service=boarding.id), rosa, at=AT).locations[0].id

    def told(nights: int) -> list[str]:
        first = date(2026, 12, 1)
        stay = Chosen(boarding.id, None, place, (biscuit.id,), first=first, last=first + timedelta(days=nights))
        (visit,) = visits(plans.plan(stay, rosa, at=AT), back="/book", at=AT)
        return [one.words for one in visit.stopped]

    assert told(1) == ["Boarding is for at least 2 nights."]
    assert told(2) == told(4) == []
    assert told(5) == ["Boarding is for at most 4 nights."]
