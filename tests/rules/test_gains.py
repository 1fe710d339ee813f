"""Every gain in capacity runs the queue: a day that is full no more, two pets that become one, a closure or time off
that is removed, a provider who has time again, a vaccine that is good again."""

from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask

from portal.db import db
from portal.models import (
    Client,
    Location,
    Member,
    Offer,
    Offering,
    Pet,
    Provider,
    QueueCheck,
    Service,
    ServiceKind,
    ServiceProvider,
    VaccineCheck,
    VaccineKind,
    WaitlistEntry,
)
from portal.rules import (
    bookings,
    closures,
    free_places,
    pet_merges,
    sessions,
    time_off,
    vaccines,
    waitlists,
    weeks,
)
from portal.rules.actors import as_client, as_member
from portal.rules.chances import Wish
from portal.rules.session_plans import plan_of
from portal.windows import Window
from tests import cast
from tests.cast import NOON

FIRST = NOON + timedelta(days=2)
WEDNESDAY = date(2026, 11, 25)
SOON, LATER = NOON + timedelta(minutes=1), NOON + timedelta(minutes=2)
ZONE = "America/New_York"


@pytest.fixture(autouse=True)
def shop(app: Flask) -> None:
    cast.open_shop()


@pytest.fixture
def maple(shop: None) -> Location:
    return db.session.query(Location).filter_by(name="Maple Street").one()


@pytest.fixture
def agility(shop: None) -> Service:
    return cast.service("Agility")


@pytest.fixture
def ben(shop: None) -> Provider:
    """The provider who is Theo."""
    return db.session.query(Provider).one()


def wait(pet: Pet, wish: Wish, by: Member) -> WaitlistEntry:
    """Whoever joins is looked at once."""
    (entry,) = waitlists.join_all(pet.client, [pet], [wish], together=False, by=as_member(by), at=NOON)
    free_places.run_due(NOON)
    return entry


def offered(at: datetime) -> list[tuple[str, datetime]]:
    """Once the worker came by: to whom, and what."""
    free_places.run_due(at)
    rows = db.session.query(Offer).filter(Offer.ended_at.is_(None)).order_by(Offer.id)
    return [(db.session.get_one(Client, row.client_id).first_name, row.starts_at) for row in rows]


@pytest.mark.parametrize(("most", "asked"), [(1, ["Omar"]), (None, [])], ids=["a limit", "none"])
def test_a_day_that_is_full_no_more_has_a_place_for_another_class(
    rosa: Client,
    biscuit: Pet,
    pepper: Pet,
    nina: Member,
    agility: Service,
    maple: Location,
    most: int | None,
    asked: list[str],
) -> None:  # WL-5, SB-6
    db.session.query(Offering).filter_by(service_id=agility.id, location_id=maple.id).one().places = most
    first, second = (
        cast.session("Agility", FIRST),
        cast.session("Agility", FIRST + timedelta(hours=3), 4 if most else 0),
    )
    cast.session("Agility", FIRST + timedelta(days=1))
    booking = cast.booking(rosa, [biscuit], "Agility", FIRST, session=first, made_at=NOON)
    wait(pepper, Wish(agility, second), nina)
    bookings.cancel(booking, by=as_client(rosa), at=NOON)
    assert db.session.query(QueueCheck).count() == (2 if most else 1), "of that day alone, and where it has a limit"
    assert [name for name, _ in offered(SOON)] == asked


def test_two_pets_that_become_one_leave_a_place(
    rosa: Client, biscuit: Pet, juno: Pet, pepper: Pet, nina: Member, agility: Service
) -> None:  # WL-5
    session = cast.session("Agility", FIRST, 2)
    cast.booking(rosa, [biscuit, juno], "Agility", FIRST, session=session, made_at=NOON)
    wait(pepper, Wish(agility, session), nina)
    pet_merges.merge(pet_merges.mark(juno), pet_merges.mark(biscuit), {}, by=as_member(nina), at=NOON)
    assert offered(SOON) == [("Omar", FIRST)]


def test_a_class_of_a_day_that_is_open_again_is_offered(
    biscuit: Pet, pepper: Pet, nina: Member, agility: Service, maple: Location
) -> None:  # WL-5
    session = cast.session("Agility", FIRST)
    closure = closures.add(maple, WEDNESDAY, WEDNESDAY, reason="", at=NOON)
    wait(pepper, Wish(agility, session), nina)
    wait(biscuit, Wish(agility), nina)
    assert offered(SOON) == []
    closures.remove(closure, maple, at=LATER)
    assert offered(LATER) == [("Omar", FIRST), ("Rosa", FIRST)], "and to who waits for any date"


def test_a_series_whose_days_are_open_again_is_offered(
    pepper: Pet, nina: Member, agility: Service, maple: Location
) -> None:  # WL-5
    course = cast.course(FIRST)
    closure = closures.add(maple, WEDNESDAY, WEDNESDAY, reason="", at=NOON)
    wait(pepper, Wish(agility, series=course), nina)
    assert offered(SOON) == []
    closures.remove(closure, maple, at=LATER)
    assert offered(LATER) == [("Omar", FIRST + timedelta(weeks=week)) for week in range(3)]


def test_an_appointment_on_a_day_that_is_open_again_is_offered(pepper: Pet, nina: Member, maple: Location) -> None:
    last = WEDNESDAY + timedelta(days=200)
    closure = closures.add(maple, WEDNESDAY - timedelta(days=2), last, reason="", at=NOON)
    wait(pepper, Wish(cast.service("Full Groom"), location=maple), nina)
    closures.remove(closure, maple, at=LATER)
    assert [name for name, _ in offered(LATER)] == ["Omar"]


def test_nobody_is_asked_for_classes_for_which_nobody_waits(maple: Location) -> None:
    for number in range(9):
        cast.session("Agility", FIRST + timedelta(hours=number))
    closure = closures.add(maple, WEDNESDAY, WEDNESDAY, reason="", at=NOON)
    closures.remove(closure, maple, at=SOON)
    assert db.session.query(QueueCheck).filter(QueueCheck.service_session_id.is_not(None)).count() == 0


def test_a_provider_who_is_back_has_time_for_who_waits_for_any_date(
    pepper: Pet, nina: Member, maple: Location, ben: Provider
) -> None:  # WL-5
    last = WEDNESDAY + timedelta(days=200)
    away = time_off.add(ben, WEDNESDAY, last, zone=ZONE, by=as_member(nina), at=NOON)
    wait(pepper, Wish(cast.service("Full Groom"), location=maple), nina)
    time_off.remove(away, at=LATER)
    assert offered(LATER) == [("Omar", datetime.fromisoformat("2026-11-25T09:00:00-05:00"))]


@pytest.mark.parametrize("whose", ["provider", "location"])
def test_longer_hours_have_times_for_who_waits(
    pepper: Pet, nina: Member, maple: Location, ben: Provider, whose: str
) -> None:  # WL-5
    """On Wednesdays alone, where it was never before."""
    wednesday = [Window(2, time(9), time(17))]
    monday = [Window(0, time(9), time(10))]
    weeks.work_at(ben, maple, wednesday if whose == "location" else monday, at=NOON)
    weeks.open_at(maple, monday, at=NOON)
    wait(pepper, Wish(cast.service("Full Groom"), location=maple), nina)
    assert offered(SOON) == []
    weeks.open_at(maple, monday + wednesday, at=LATER)
    if whose == "provider":
        assert offered(LATER) == []
        weeks.work_at(ben, maple, monday + wednesday, at=LATER)
    assert offered(LATER) == [("Omar", datetime.fromisoformat("2026-11-25T09:00:00-05:00"))]


@pytest.mark.parametrize("how", ["called off", "moved"])
def test_a_class_that_leaves_a_day_leaves_its_places_to_another(
    rosa: Client, biscuit: Pet, pepper: Pet, nina: Member, agility: Service, maple: Location, how: str
) -> None:  # WL-5, SB-6
    db.session.query(Offering).filter_by(service_id=agility.id, location_id=maple.id).one().places = 1
    first, second = cast.session("Agility", FIRST), cast.session("Agility", FIRST + timedelta(hours=3))
    cast.booking(rosa, [biscuit], "Agility", FIRST, session=first, made_at=NOON)
    wait(pepper, Wish(agility, second), nina)
    assert offered(SOON) == []
    by = as_member(nina)
    if how == "moved":
        plan = plan_of(first)
        sessions.change(first, "this", plan._replace(day=plan.day + timedelta(days=1)), by=by, at=LATER)
    else:
        sessions.call_off(first, "this", by=by, at=LATER)
    assert offered(LATER) == [("Omar", second.starts_at)]


def test_a_cancelled_appointment_gives_its_provider_time_for_another(
    rosa: Client, biscuit: Pet, pepper: Pet, nina: Member, maple: Location, ben: Provider
) -> None:  # WL-5
    bath = Service(name="Bath", kind=ServiceKind.INDIVIDUAL, price=3000, minutes=60)
    db.session.add(bath)
    db.session.flush()
    db.session.add(Offering(service_id=bath.id, location_id=maple.id))
    db.session.add(ServiceProvider(service_id=bath.id, provider_id=ben.id))
    morning = datetime.fromisoformat("2026-11-25T09:00:00-05:00")
    until = {"ends_at": morning + timedelta(hours=8), "providers": [ben]}
    booking = cast.booking(rosa, [biscuit], "Full Groom", morning, made_at=NOON, by=as_member(nina), **until)
    wait(pepper, Wish(bath, location=maple), nina)
    bookings.cancel(booking, by=as_client(rosa), at=NOON)
    assert offered(SOON) == [("Omar", morning)]


def test_who_was_passed_over_for_a_vaccine_is_asked_when_it_is_good(
    rosa: Client, biscuit: Pet, pepper: Pet, omar: Client, nina: Member, agility: Service
) -> None:  # WL-5, VAX-5
    agility.vaccine_check = VaccineCheck.STOP
    session = cast.session("Agility", FIRST, 1)
    booking = cast.booking(rosa, [biscuit], "Agility", FIRST, session=session, made_at=NOON, by=as_member(nina))
    wait(pepper, Wish(agility, session), nina)
    bookings.cancel(booking, by=as_client(rosa), at=NOON)
    assert offered(SOON) == []
    for kind in db.session.query(VaccineKind).filter_by(animal_id=pepper.animal_id, required=True):
        vaccines.update(pepper, kind.id, expires_on=date(2030, 1, 1), by=as_client(omar), at=LATER)
    assert offered(LATER) == [("Omar", FIRST)]


def test_a_vaccine_brings_up_the_line_for_a_series(pepper: Pet, omar: Client, nina: Member, agility: Service) -> None:
    agility.vaccine_check = VaccineCheck.STOP
    course = cast.course(FIRST)
    wait(pepper, Wish(agility, series=course), nina)
    assert offered(SOON) == []
    for kind in db.session.query(VaccineKind).filter_by(animal_id=pepper.animal_id, required=True):
        vaccines.update(pepper, kind.id, expires_on=date(2030, 1, 1), by=as_client(omar), at=LATER)
    assert [name for name, _ in offered(LATER)] == ["Omar"] * 3
