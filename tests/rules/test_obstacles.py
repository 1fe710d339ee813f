"""Why somebody cannot book: every reason alone, in words, with what mends it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from portal.db import db
from portal.models import (
    Access,
    Booking,
    Business,
    Client,
    Closure,
    Location,
    Membership,
    MembershipService,
    Offering,
    Pet,
    Provider,
    Service,
    ServiceAnimal,
    ServiceKind,
    ServiceVaccine,
    Subscription,
    Vaccination,
    VaccineCheck,
    VaccineKind,
)
from portal.rules import bookings, obstacles, time_obstacles
from portal.rules.access import bookable_services, holds, is_visible
from portal.rules.actors import as_client
from portal.rules.obstacles import Obstacle
from portal.rules.refused import Refused
from tests import cast
from tests.cast import NOON

TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def groom(maple: Location) -> Service:
    return cast.service("Full Groom")


def judged(client: Client | None, service: Service, **more: object) -> list[Obstacle]:
    return obstacles.obstacles(client, service, **{"at": NOON, **more})  # type: ignore[arg-type]


def kinds(client: Client | None, service: Service, **more: object) -> list[str]:
    return [one.kind for one in judged(client, service, **more)]


def test_nothing_stands_in_the_way(rosa: Client, biscuit: Pet, groom: Service, maple: Location) -> None:
    assert judged(rosa, groom, location=maple, pets=[biscuit], starts_at=TOMORROW) == []


@pytest.mark.parametrize("access", [Access.MEMBERS, Access.LINK, Access.STAFF])
def test_a_service_that_is_not_for_everybody(rosa: Client, groom: Service, access: Access) -> None:  # SB-4
    groom.access = access
    assert kinds(rosa, groom) == ["access"]
    assert kinds(None, groom) == ["access"]
    assert not is_visible(rosa.id, groom, by_link=False, at=NOON)
    assert cast.service("Daycare").id in listed(rosa)
    assert groom.id not in listed(rosa)


def listed(client: Client | None, at: datetime = NOON) -> list[int]:
    return [one.id for one in bookable_services(client.id if client else None, at)]


def test_a_direct_link_reaches_what_is_not_listed_and_nothing_else(rosa: Client, groom: Service) -> None:  # SB-4
    groom.access = Access.LINK
    assert kinds(rosa, groom, by_link=True) == []
    groom.access = Access.MEMBERS
    assert kinds(rosa, groom, by_link=True) == ["access"]
    groom.access = Access.STAFF
    assert kinds(rosa, groom, by_link=True) == ["access"]


def member(client: Client, service: Service, first: date, last: date | None) -> None:
    club = Membership(name="Club", description="")
    db.session.add(club)
    db.session.flush()
    db.session.add(MembershipService(membership_id=club.id, service_id=service.id))
    signed = {"at": NOON, "by_kind": "system", "by_id": None, "by_name": "Latchkey"}
    db.session.add(Subscription(client_id=client.id, membership_id=club.id, first_day=first, last_day=last, **signed))
    service.access = Access.MEMBERS
    db.session.flush()


def test_members_book_while_they_are_members(rosa: Client, omar: Client, groom: Service, maple: Location) -> None:
    # SB-4: both days count, and nobody else sees it
    member(rosa, groom, date(2026, 11, 23), date(2026, 11, 24))
    assert kinds(rosa, groom, location=maple, starts_at=TOMORROW) == []
    assert kinds(rosa, groom, location=maple, starts_at=TOMORROW + timedelta(days=1)) == ["access"]
    assert groom.id in listed(rosa)
    assert groom.id not in listed(omar)
    assert groom.id not in listed(rosa, NOON + timedelta(days=2))
    assert groom.id not in listed(rosa, NOON - timedelta(days=1))
    assert holds(rosa.id, groom.id, date(2026, 11, 24))


def test_the_list_is_two_queries_whatever_there_is(rosa: Client, groom: Service) -> None:
    member(rosa, groom, date(2026, 11, 23), None)
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    bookable_services(rosa.id, NOON)
    assert len(asked) <= 2


def test_blocked_clients_are_told_to_ask(rosa: Client, groom: Service) -> None:  # SB-8
    rosa.blocked_online = True
    found = judged(rosa, groom)
    assert [one.kind for one in found] == ["blocked"]
    assert "(212) 555-0148" in found[0].words


def test_what_the_business_has_closed(rosa: Client, groom: Service) -> None:  # POR-3
    house = db.session.query(Business).one()
    house.booking_open = False
    assert kinds(rosa, groom) == ["closed"]
    assert kinds(None, groom) == ["closed"], "who is new becomes a client by it"
    house.booking_open, house.public_booking_open = True, False
    assert kinds(rosa, groom) == []
    assert kinds(None, groom) == ["closed"]
    house.moves_open = False
    assert kinds(rosa, groom, except_booking=1) == ["closed"]


def test_what_is_retired(rosa: Client, groom: Service) -> None:
    groom.retired_at = NOON
    assert kinds(rosa, groom) == ["retired"]
    assert groom.id not in listed(rosa)


def test_a_location_that_does_not_offer_it(rosa: Client, groom: Service) -> None:
    river = db.session.query(Location).filter_by(name="Riverside").one()
    db.session.query(Offering).filter_by(location_id=river.id).delete()
    back = f"/book?service={groom.id}&location={river.id}&pet=1&at=2026-11-24T14:00Z"
    (found,) = judged(rosa, groom, location=river, back=back)
    assert found.kind == "offering"
    assert found.mend == f"/book?service={groom.id}&pet=1"


def test_a_deactivated_location(rosa: Client, groom: Service, maple: Location) -> None:
    maple.deactivated_at = NOON
    assert kinds(rosa, groom, location=maple) == ["offering"]


def test_time_has_four_ends(groom: Service) -> None:  # SB-3
    groom.notice_minutes, groom.ahead_days = 24 * 60, 7

    def when(starts_at: datetime) -> list[str]:
        return [one.kind for one in time_obstacles.of_the_time(groom, starts_at, "America/New_York", NOON)]

    assert when(NOON) == ["past"]
    assert when(TOMORROW - timedelta(seconds=1)) == ["too-late"]
    assert when(TOMORROW) == []
    assert when(datetime(2026, 12, 1, 4, 59, tzinfo=UTC)) == []  # the last minute of the 30th in New York
    assert when(datetime(2026, 12, 1, 5, 0, tzinfo=UTC)) == ["too-far"]


def test_an_appointment_is_at_a_time_that_is_offered(
    rosa: Client, omar: Client, biscuit: Pet, juno: Pet, groom: Service, maple: Location
) -> None:
    # SB-3: not at night, not off the grid, not while Theo grooms somebody else
    theo = db.session.query(Provider).one()
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    cast.booking(omar, [pepper], "Full Groom", TOMORROW + timedelta(hours=2), made_at=NOON, providers=[theo])

    def at_hour(hour: int, minute: int = 0, pets: int = 1) -> list[str]:
        starts_at = datetime(2026, 11, 24, hour, minute, tzinfo=UTC)
        return kinds(rosa, groom, location=maple, pets=[biscuit, juno][:pets], starts_at=starts_at)

    assert at_hour(15) == []
    assert at_hour(15, 15) == ["full"]
    assert at_hour(8) == ["full"]
    assert at_hour(18) == ["full"]
    assert at_hour(15, pets=2) == ["full"]  # three hours, and Theo has two
    groom.together = True
    assert at_hour(15, pets=2) == []


def test_a_closed_door(rosa: Client, biscuit: Pet, maple: Location) -> None:
    """Nobody comes or leaves then; who stays over it does not mind."""
    db.session.add(Closure(location_id=maple.id, first_day=date(2026, 11, 26), last_day=date(2026, 11, 26)))
    boarding, daycare = cast.service("Boarding"), cast.service("Daycare")

    def stay(first: int, last: int) -> list[str]:
        starts_at, ends_at = (datetime(2026, 11, day, 16, tzinfo=UTC) for day in (first, last))
        return kinds(rosa, boarding, location=maple, pets=[biscuit], starts_at=starts_at, ends_at=ends_at)

    assert stay(24, 26) == ["closed"]
    assert stay(26, 28) == ["closed"]
    assert stay(25, 27) == []
    thursday = datetime(2026, 11, 26, 13, tzinfo=UTC)
    assert kinds(rosa, daycare, location=maple, pets=[biscuit], starts_at=thursday) == ["closed"]
    # A class has a time of its own, also outside the opening hours; but not on a day on which the house is closed.
    agility = cast.service("Agility")
    for day, found in ((26, ["closed"]), (27, [])):
        evening = cast.session("Agility", datetime(2026, 11, day, 2, tzinfo=UTC) + timedelta(days=1))
        assert kinds(rosa, agility, pets=[biscuit], session=evening) == found


def test_so_many_nights(rosa: Client, biscuit: Pet, maple: Location) -> None:
    boarding = cast.service("Boarding")
    boarding.least_nights, boarding.most_nights = 2, 3

    def nights(count: int) -> list[str]:
        ends_at = TOMORROW + timedelta(days=count)
        return kinds(rosa, boarding, location=maple, pets=[biscuit], starts_at=TOMORROW, ends_at=ends_at)

    assert [nights(count) for count in (1, 2, 3, 4)] == [["nights"], [], [], ["nights"]]


def test_a_day_has_so_many_places(rosa: Client, biscuit: Pet, juno: Pet, maple: Location) -> None:  # SB-2, SB-6
    daycare = cast.service("Daycare")
    db.session.query(Offering).filter_by(service_id=daycare.id, location_id=maple.id).one().places = 1
    morning = datetime(2026, 11, 24, 13, tzinfo=UTC)
    assert kinds(rosa, daycare, location=maple, pets=[biscuit], starts_at=morning) == []
    (found,) = judged(rosa, daycare, location=maple, pets=[biscuit, juno], starts_at=morning)
    assert (found.kind, found.waitlist) == ("full", True)
    assert found.words == "Daycare has 1 place left on Tue 24 Nov 2026, for 2 pets."
    made = cast.booking(rosa, [juno], "Daycare", morning, made_at=NOON)
    assert kinds(rosa, daycare, location=maple, pets=[biscuit], starts_at=morning) == ["full"]
    assert kinds(rosa, daycare, location=maple, pets=[biscuit], starts_at=morning, except_booking=made.id) == []


def test_a_kind_of_animal_that_it_is_not_for(rosa: Client, biscuit: Pet, groom: Service) -> None:
    miso = db.session.query(Pet).filter_by(name="Miso").one()
    db.session.add(ServiceAnimal(service_id=groom.id, animal_id=biscuit.animal_id))
    (found,) = judged(rosa, groom, pets=[biscuit, miso])
    assert (found.kind, found.pet_id) == ("animal", miso.id)
    assert found.words.startswith("Full Groom is for dogs, and Miso is not one of them.")


def test_age_on_the_day(rosa: Client, biscuit: Pet, groom: Service, maple: Location) -> None:
    groom.least_months, groom.most_months = 4, 12
    biscuit.birthday = date(2026, 7, 25)  # four months old on Wednesday

    def on(day: int) -> list[str]:
        starts_at = datetime(2026, 11, day, 15, tzinfo=UTC)
        return kinds(rosa, groom, location=maple, pets=[biscuit], starts_at=starts_at)

    assert on(24) == ["age"]
    assert on(25) == []
    assert kinds(rosa, groom, pets=[biscuit]) == []  # old enough on some day that can be booked
    biscuit.birthday = date(2025, 10, 25)  # thirteen months on Wednesday
    assert on(24) == []
    assert on(25) == ["age"]


def test_a_birthday_that_nobody_knows(rosa: Client, biscuit: Pet, groom: Service) -> None:  # SB-12
    groom.least_months = 4
    (found,) = judged(rosa, groom, pets=[biscuit], back="/book?service=1&pet=2")
    assert found.kind == "age"
    assert found.mend == f"/pets/{biscuit.id}/profile?back=%2Fbook%3Fservice%3D1%26pet%3D2"
    db.session.query(Business).one().pets_open = False
    (found,) = judged(rosa, groom, pets=[biscuit])
    assert not found.mend
    assert "Please call" in found.words


def vaccinated(pet: Pet, name: str, until: date | None) -> None:
    kind = db.session.query(VaccineKind).filter_by(name=name).one()
    db.session.add(Vaccination(client_id=pet.client_id, pet_id=pet.id, vaccine_kind_id=kind.id, expires_on=until))
    db.session.flush()


def test_vaccines_hold_to_the_last_day(rosa: Client, biscuit: Pet, maple: Location) -> None:  # VAX-5
    boarding = cast.service("Boarding")
    boarding.vaccine_check = VaccineCheck.STOP
    vaccinated(biscuit, "Rabies", date(2026, 11, 27))
    vaccinated(biscuit, "Bordetella", date(2027, 11, 27))

    def until(day: int) -> list[Obstacle]:
        ends_at = datetime(2026, 11, day, 16, tzinfo=UTC)
        return judged(rosa, boarding, location=maple, pets=[biscuit], starts_at=TOMORROW, ends_at=ends_at, back="/book")

    assert until(27) == []
    (found,) = until(28)
    assert found.kind == "vaccine"
    assert found.words == "Biscuit’s Rabies expires on Fri 27 Nov 2026, before this is over."
    assert found.mend_label == "Update Rabies"
    assert found.mend.endswith("?back=%2Fbook")
    boarding.vaccine_check = VaccineCheck.WARN
    assert [one.kind for one in until(28)] == ["warn-vaccine"]
    assert obstacles.stopping(until(28)) == []
    boarding.vaccine_check = VaccineCheck.NONE
    assert until(28) == []


def test_a_vaccine_is_not_judged_by_today(rosa: Client, biscuit: Pet, maple: Location, groom: Service) -> None:
    # VAX-5: two dates of one family, one within and one after; without a date only what has run out already
    groom.vaccine_check = VaccineCheck.STOP
    vaccinated(biscuit, "Rabies", date(2026, 11, 24))
    vaccinated(biscuit, "Bordetella", date(2026, 12, 24))
    assert kinds(rosa, groom, pets=[biscuit]) == []
    assert kinds(rosa, groom, pets=[biscuit], location=maple, starts_at=TOMORROW) == []
    assert kinds(rosa, groom, pets=[biscuit], location=maple, starts_at=TOMORROW + timedelta(days=1)) == ["vaccine"]
    assert kinds(rosa, groom, pets=[biscuit], at=NOON + timedelta(days=2)) == ["vaccine"]


def test_a_service_may_ask_for_vaccines_of_its_own(rosa: Client, biscuit: Pet, groom: Service) -> None:  # VAX-5
    lepto = db.session.query(VaccineKind).filter_by(name="Leptospirosis").one()
    groom.vaccine_check = VaccineCheck.STOP
    missing = [one.words for one in judged(rosa, groom, pets=[biscuit])]
    assert missing == [f"Biscuit’s {name} has no expiry date on file." for name in ("Rabies", "Bordetella")]
    db.session.add(ServiceVaccine(service_id=groom.id, vaccine_kind_id=lepto.id))
    db.session.flush()
    missing = [one.words for one in judged(rosa, groom, pets=[biscuit])]
    assert missing == ["Biscuit’s Leptospirosis has no expiry date on file."]


def test_a_full_class_offers_the_waitlist(rosa: Client, omar: Client, biscuit: Pet, juno: Pet, maple: Location) -> None:
    # SB-6, WL-4
    session = cast.session("Agility", TOMORROW, capacity=2)
    pepper = db.session.query(Pet).filter_by(name="Pepper").one()
    cast.booking(omar, [pepper], "Agility", TOMORROW, made_at=NOON, session=session)
    assert kinds(rosa, session.service, pets=[biscuit], session=session) == []
    (found,) = judged(rosa, session.service, pets=[biscuit, juno], session=session)
    assert (found.kind, found.waitlist) == ("full", True)
    assert found.words == "Agility has 1 place left, for 2 pets."
    session.service.waitlist_open = False
    (found,) = judged(rosa, session.service, pets=[biscuit, juno], session=session)
    assert not found.waitlist


def test_a_class_that_was_called_off(rosa: Client, maple: Location) -> None:
    session = cast.session("Agility", TOMORROW)
    session.called_off_at = NOON
    assert kinds(rosa, session.service, session=session) == ["closed"]


def test_no_pet_twice_in_one_class(rosa: Client, biscuit: Pet, juno: Pet, maple: Location) -> None:
    session = cast.session("Agility", TOMORROW)
    made = cast.booking(rosa, [biscuit], "Agility", TOMORROW, made_at=NOON, session=session)
    (found,) = judged(rosa, session.service, pets=[biscuit, juno], session=session)
    assert (found.kind, found.pet_id, found.mend) == ("pet-twice", biscuit.id, f"/bookings/{made.id}")
    assert kinds(rosa, session.service, pets=[biscuit], session=session, except_booking=made.id) == []
    bookings.cancel(db.session.get_one(Booking, made.id), by=as_client(rosa), at=NOON)
    assert "given up" in judged(rosa, session.service, pets=[biscuit], session=session)[0].words
    assert kinds(rosa, session.service, pets=[biscuit], session=session, at=NOON + timedelta(seconds=11)) == []


def test_other_services_may_overlap(rosa: Client, biscuit: Pet, groom: Service, maple: Location) -> None:
    """A dog is groomed while it is in day care."""
    cast.booking(rosa, [biscuit], "Daycare", TOMORROW, made_at=NOON)
    cast.booking(rosa, [biscuit], "Full Groom", TOMORROW + timedelta(hours=5), made_at=NOON)
    later = TOMORROW + timedelta(hours=2)
    assert kinds(rosa, groom, location=maple, pets=[biscuit], starts_at=later) == []
    assert kinds(rosa, groom, location=maple, pets=[biscuit], starts_at=later + timedelta(hours=2)) == ["pet-twice"]


def half_day() -> Service:
    half = Service(name="Half Day", kind=ServiceKind.DAY, price=2500, minutes=240)
    db.session.add(half)
    db.session.flush()
    for place in db.session.query(Location):
        db.session.add(Offering(service_id=half.id, location_id=place.id))
    db.session.flush()
    return half


def test_a_pet_is_not_at_two_places_at_one_time(
    rosa: Client, biscuit: Pet, juno: Pet, groom: Service, maple: Location
) -> None:  # SB-5
    made = cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, made_at=NOON)
    agility = cast.session("Agility", TOMORROW + timedelta(hours=1))
    (found,) = judged(rosa, agility.service, pets=[biscuit, juno], session=agility)
    assert (found.kind, found.pet_id, found.mend) == ("pet-elsewhere", biscuit.id, f"/bookings/{made.id}")
    assert found.words == "Biscuit is booked for Full Groom then, tomorrow, 10:00\u00a0AM. Move or cancel that first."
    assert kinds(rosa, agility.service, pets=[juno], session=agility) == []
    assert kinds(rosa, agility.service, pets=[biscuit], session=agility, except_booking=made.id) == []
    after = cast.session("Agility", TOMORROW + timedelta(minutes=90))
    assert kinds(rosa, agility.service, pets=[biscuit], session=after) == [], "when the one is over"
    cast.booking(rosa, [biscuit], "Agility", after.starts_at, made_at=NOON, session=after)
    starts_at = TOMORROW + timedelta(minutes=120)
    assert "pet-elsewhere" in kinds(rosa, groom, location=maple, pets=[biscuit], starts_at=starts_at)


def test_staff_are_warned_of_it_and_go_on(rosa: Client, biscuit: Pet, maple: Location) -> None:  # SB-5 FD-4
    cast.booking(rosa, [biscuit], "Full Groom", TOMORROW, made_at=NOON)
    agility = cast.session("Agility", TOMORROW + timedelta(hours=1))
    (found,) = obstacles.for_staff(judged(rosa, agility.service, pets=[biscuit], session=agility))
    assert (found.kind, found.mend) == ("warn-pet-elsewhere", "")
    assert obstacles.stopping([found]) == []


def test_day_care_is_once_a_day(rosa: Client, biscuit: Pet, maple: Location) -> None:  # SB-5
    """Half a day and a whole one are the same day, also where their hours do not meet."""
    cast.booking(rosa, [biscuit], "Daycare", TOMORROW, made_at=NOON)
    half, early = half_day(), TOMORROW - timedelta(hours=4)
    hours = {"starts_at": early, "ends_at": early + timedelta(hours=2)}
    assert kinds(rosa, half, location=maple, pets=[biscuit], **hours) == ["pet-elsewhere"]
    next_day = {name: moment + timedelta(days=1) for name, moment in hours.items()}
    assert kinds(rosa, half, location=maple, pets=[biscuit], **next_day) == []


def test_stays_share_no_night_but_meet_at_the_door(rosa: Client, biscuit: Pet, maple: Location) -> None:  # SB-5
    stay = {"starts_at": TOMORROW, "ends_at": TOMORROW + timedelta(days=2)}
    cast.booking(rosa, [biscuit], "Boarding", made_at=NOON, **stay)  # type: ignore[arg-type]
    boarding = cast.service("Boarding")

    def of(first: int, last: int) -> list[str]:
        span = {"starts_at": TOMORROW + timedelta(days=first, hours=-2), "ends_at": TOMORROW + timedelta(days=last)}
        return kinds(rosa, boarding, location=maple, pets=[biscuit], **span)

    assert of(1, 3) == ["pet-twice"]
    assert of(2, 4) == [], "they leave, and come again on the same day"
    during = {"starts_at": TOMORROW + timedelta(hours=1)}
    for service in ("Daycare", "Full Groom"):
        told = kinds(rosa, cast.service(service), location=maple, pets=[biscuit], **during)
        assert told == [], f"{service} during a stay"


def test_all_reasons_at_once(rosa: Client, groom: Service) -> None:  # SB-12
    rosa.blocked_online = True
    groom.retired_at = NOON
    with pytest.raises(Refused, match=r"not open to you.*not offered any more"):
        obstacles.must_be_free_of(judged(rosa, groom))
