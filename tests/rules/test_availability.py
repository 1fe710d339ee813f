"""Free times, days and nights, held against a slow and obvious search: product.md SB-2, SB-3, SB-5."""

from datetime import datetime, timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings

from portal import wording
from portal.models import Client
from portal.rules import availability, places
from portal.rules.places import Wanted
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
        slots = availability.free_times(made.service, made.here, **wants)
        lasts = timedelta(minutes=places.minutes_of(made.service, case.pets, case.extra))
        assert {slot.starts_at: list(slot.provider_ids) for slot in slots} == expected(made)
        assert all(slot.ends_at - slot.starts_at == lasts for slot in slots)
        assert [slot.starts_at for slot in slots] == sorted(slot.starts_at for slot in slots)
        for slot in slots[:3]:
            first = tuple(one for one in made.providers if one.id == slot.provider_ids[0])
            wanted = Wanted(made.service, made.here, case.pets, slot.starts_at, slot.ends_at, providers=first)
            assert places.guard(wanted, at=made.at) == []
