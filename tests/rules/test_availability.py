"""Free times, days and nights, held against a slow and obvious search: SB-2, SB-3, SB-5."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from portal import wording
from portal.db import db
from portal.models import Client, Location, Provider, ServiceProvider, WorkingHours
from portal.rules import availability, bookings, glances, kept, places
from portal.rules.actors import as_client
from portal.rules.places import Wanted
from tests import cast
from tests.rules import obvious, salon
from tests.rules.salon import Case, Salon

SLOWLY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DAYS = 2


def expected(made: Salon) -> dict[datetime, list[int]]:
    """The providers who are free at each time of these days."""
    case, found = made.case, dict[datetime, list[int]]()
    lasts = (case.minutes + case.extra) * (1 if case.together else case.pets)
    soonest = max(made.at + obvious.MINUTE, made.at + timedelta(minutes=case.notice))
    last = wording.local(made.at, case.zone).date() + timedelta(days=case.ahead)
    house = obvious.painted(case.opening or [(0, 1440)])
    for day in (case.day + timedelta(days=number) for number in range(DAYS)):
        if day > last or (case.closed and day == case.day):
            continue
        for provider, shifts, taken in zip(made.providers, case.shifts, made.taken, strict=True):
            times = obvious.starts_on(
                day,
                case.zone,
                house & obvious.painted(shifts),
                every=case.every,
                lasts=lasts,
                before=case.before,
                after=case.after,
                taken=taken,
            )
            for at in times:
                if at >= soonest:
                    found.setdefault(at, []).append(provider.id)
    return found


@SLOWLY
@given(case=salon.cases())
def test_free_times_are_those_that_a_pencil_finds(app: Flask, rosa: Client, case: Case) -> None:  # SB-3
    with salon.undone():
        made = Salon(case, rosa)
        wants = {"pets": case.pets, "extra_minutes": case.extra, "first": case.day, "days": DAYS, "at": made.at}
        live = availability.free_times(made.service, made.here, **wants)
        kept.settle(db.session())
        assert not kept.is_touched()
        slots = availability.free_times(made.service, made.here, **wants)
        assert slots == live, "as it was changed a moment ago, and as it is kept from then on"
        lasts = timedelta(minutes=places.minutes_of(made.service, case.pets, case.extra))
        assert {slot.starts_at: list(slot.provider_ids) for slot in slots} == expected(made)
        assert all(slot.ends_at - slot.starts_at == lasts for slot in slots)
        assert [slot.starts_at for slot in slots] == sorted(slot.starts_at for slot in slots)
        for slot in slots[:3]:
            first = tuple(one for one in made.providers if one.id == slot.provider_ids[0])
            wanted = Wanted(made.service, made.here, case.pets, slot.starts_at, slot.ends_at, providers=first)
            assert places.guard(wanted, at=made.at) == []


def weekly(made: Location, since: time, until: time, theo: Provider) -> None:
    for weekday in range(7):
        salon.add(WorkingHours(provider_id=theo.id, location_id=made.id, weekday=weekday, since=since, until=until))


@pytest.fixture
def theo(app: Flask) -> Provider:
    """He works day and night at Maple Street, and gives Full Groom, an hour long."""
    place, provider = maple(), db.session.query(Provider).one()
    groom = cast.service("Full Groom")
    groom.minutes = 60
    salon.add(ServiceProvider(service_id=groom.id, provider_id=provider.id))
    weekly(place, time(0), time(23, 59), provider)
    return provider


def maple() -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


def walls(day: date, *, days: int = 1, at: datetime = cast.NOON, **more: Any) -> list[str]:
    """What the clock on the wall shows when an appointment could start."""
    place = maple()
    found = availability.free_times(
        cast.service("Full Groom"), place, **{"pets": 1, "first": day, "days": days, "at": at, **more}
    )
    return [f"{wording.local(slot.starts_at, place.time_zone):%H:%M %Z}" for slot in found]


def test_an_hour_that_the_clock_skips_is_no_time(theo: Provider) -> None:  # SB-3
    assert walls(date(2027, 3, 14))[:7] == [
        "00:00 EST", "00:30 EST", "01:00 EST", "01:30 EST", "03:00 EDT", "03:30 EDT", "04:00 EDT",
    ]  # fmt: skip
    assert len(walls(date(2027, 3, 14))) == 45, "23 hours, and the last one begins at 23:00"


def test_an_hour_that_comes_twice_is_one_time(theo: Provider) -> None:  # SB-3
    at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    assert walls(date(2026, 11, 1), at=at)[:5] == ["00:00 EDT", "00:30 EDT", "01:00 EDT", "01:30 EDT", "02:00 EST"]
    assert len(walls(date(2026, 11, 1), at=at)) == 47


def test_an_appointment_over_the_change_lasts_as_long_as_ever(theo: Provider) -> None:
    cast.service("Full Groom").minutes = 120
    slots = availability.free_times(
        cast.service("Full Groom"), maple(), pets=1, first=date(2027, 3, 14), days=1, at=cast.NOON
    )
    over = next(slot for slot in slots if slot.starts_at == datetime(2027, 3, 14, 6, tzinfo=UTC))
    assert over.ends_at == datetime(2027, 3, 14, 8, tzinfo=UTC), "from 1:00 to 4:00 on the wall"


def test_locations_of_other_zones_have_other_days(theo: Provider) -> None:  # SB-3
    """Monday in Auckland begins when it is still Sunday morning in New York."""
    place = maple()
    for zone, first in (("America/New_York", "2026-11-30T05:00"), ("Pacific/Auckland", "2026-11-29T11:00")):
        place.time_zone = zone
        slots = availability.free_times(
            cast.service("Full Groom"), place, pets=1, first=date(2026, 11, 30), days=1, at=cast.NOON
        )
        assert slots[0].starts_at.isoformat() == f"{first}:00+00:00"
        assert len(slots) == 47


def test_month_ends_and_leap_days_are_days(theo: Provider) -> None:
    cast.service("Full Groom").ahead_days = 1000
    for first, days in ((date(2028, 2, 28), 3), (date(2026, 12, 31), 2), (date(2027, 4, 30), 2)):
        assert len(walls(first, days=days)) == 47 * days


def test_notice_and_how_far_ahead(theo: Provider) -> None:  # SB-3
    groom, today = cast.service("Full Groom"), date(2026, 11, 23)
    assert walls(today)[0] == "10:30 EST", "what begins this minute has begun"
    groom.notice_minutes, groom.ahead_days = 24 * 60, 2
    assert walls(today, days=9)[0] == "10:00 EST", "tomorrow, just in time"
    assert walls(today, days=9)[-1] == "23:00 EST"
    assert walls(date(2026, 11, 26), days=9) == []
    assert len(walls(today, days=9, for_staff=True)) == 26 + 8 * 47, "staff are not bound by either"


@pytest.mark.parametrize(
    ("at", "most", "looks"),
    [
        (cast.NOON, 70, [2]),
        (cast.NOON, 90, [2, 12]),
        (datetime(2026, 11, 24, 3, 30, tzinfo=UTC), 90, [3]),
    ],
    ids=["the first days are enough", "they are not", "an evening is not one of them"],
)
def test_no_more_days_are_looked_at_than_are_wanted(
    theo: Provider, monkeypatch: pytest.MonkeyPatch, at: datetime, most: int, looks: list[int]
) -> None:
    looked, seen = list[int](), glances.seen

    def noted(ids: Any, since: datetime, until: datetime, **more: Any) -> glances.Seen:
        looked.append((until - since).days)
        return seen(ids, since, until, **more)

    monkeypatch.setattr(glances, "seen", noted)
    assert len(walls(date(2026, 11, 23), days=14, at=at, most=most)) >= most
    assert looked == looks


def test_pets_one_after_the_other_or_together_and_what_is_added(theo: Provider) -> None:  # SB-5
    groom, day = cast.service("Full Groom"), date(2026, 11, 30)
    assert walls(day, pets=3)[-1] == "21:00 EST"
    assert walls(day, pets=3, extra_minutes=15)[-1] == "20:00 EST", "three times 75 minutes"
    groom.together = True
    assert walls(day, pets=3, extra_minutes=15)[-1] == "22:30 EST"


def test_a_provider_of_two_locations_is_at_one_of_them(theo: Provider, rosa: Client) -> None:  # SB-3
    river = db.session.query(Location).filter_by(name="Riverside").one()
    weekly(river, time(0), time(23, 59), theo)
    day, groom = date(2026, 11, 30), cast.service("Full Groom")
    groom.buffer_after = 30
    starts = datetime(2026, 11, 30, 17, tzinfo=UTC)
    bookings.book(
        rosa, groom, rosa.pets[:1], location=river, starts_at=starts, providers=[theo], by=as_client(rosa), at=cast.NOON
    )
    assert "12:00 EST" not in walls(day)
    assert [wall for wall in walls(day) if "10:00" <= wall <= "14:00"] == ["10:00 EST", "10:30 EST", "13:30 EST"]


def test_what_nobody_gives_is_given_by_the_house(app: Flask) -> None:
    assert len(walls(date(2026, 11, 30))) == 46, "90 minutes, whenever it is open"
    assert walls(date(2026, 11, 30), provider_id=99) == []
