"""A place that becomes free is offered: to whom, for how long, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from portal.db import db
from portal.models import (
    Booking,
    Business,
    Client,
    History,
    Location,
    Member,
    Message,
    Offer,
    Outcome,
    Pet,
    Provider,
    QueueCheck,
    Service,
    ServiceSession,
    VaccineCheck,
    WaitlistEntry,
)
from portal.rules import bookings, chances, free_places, offers, pet_merges, places, records, turns, waitlists
from portal.rules.actors import as_client, as_member
from portal.rules.chances import Wish
from portal.rules.refused import Refused
from tests import cast

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
SOON = AT + timedelta(seconds=11)
TUESDAY = datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shop(app: Flask) -> None:
    cast.open_shop()


@pytest.fixture
def agility() -> Service:
    return cast.service("Agility")


@pytest.fixture
def zoe_and_hers(zoe: Client, biscuit: Pet) -> list[Pet]:
    return [cast.pet(zoe, name, biscuit.animal) for name in ("Bolt", "Dash")]


def full(hers: list[Pet], starts_at: datetime = TUESDAY) -> tuple[ServiceSession, Booking]:
    """A class whose only places are Zoë's."""
    session = cast.session("Agility", starts_at, len(hers))
    made_at = AT - timedelta(days=3)
    return session, cast.booking(hers[0].client, hers, "Agility", starts_at, session=session, made_at=made_at)


def cancelled(booking: Booking) -> None:
    """Zoë cancels, and the time to undo runs out."""
    bookings.cancel(booking, by=as_client(booking.client), at=AT)
    free_places.run_due(AT)
    assert open_offers() == [], "the place is held for her return"
    free_places.run_due(SOON)


def wait(pet: Pet, session: ServiceSession, minutes: int = 0) -> WaitlistEntry:
    at = AT - timedelta(days=1) + timedelta(minutes=minutes)
    return waitlists.join(pet.client, pet, session.service, session=session, by=as_client(pet.client), at=at)


def open_offers() -> list[tuple[int, str]]:
    rows = db.session.query(Offer).filter(Offer.ended_at.is_(None)).order_by(Offer.id)
    return [(row.places, db.session.get_one(Client, row.client_id).first_name) for row in rows]


def the_offer() -> Offer:
    return db.session.query(Offer).filter(Offer.ended_at.is_(None)).one()


def subjects(client: Client) -> list[str]:
    rows = db.session.query(Message).filter_by(client_id=client.id).order_by(Message.id)
    return [row.thread.subject for row in rows]


def outcome(entry: WaitlistEntry) -> Outcome | None:
    db.session.refresh(entry)
    return entry.outcome


def test_the_first_in_line_is_offered_the_place_and_takes_it(
    biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    second, first = wait(pepper, session, 5), wait(biscuit, session)
    cancelled(booking)
    assert open_offers() == [(1, "Rosa")]
    assert subjects(biscuit.client) == ["A place is free: Agility"]
    assert subjects(pepper.client) == []
    assert places.left(session, SOON) == 0, "it is held"
    taken = offers.accept(the_offer(), by=as_client(biscuit.client), at=SOON)
    assert ([pet.name for pet in taken.pets], taken.service_session_id) == (["Biscuit"], session.id)
    assert (outcome(first), first.booking_id) == (Outcome.ACCEPTED, taken.id)
    assert outcome(second) is None
    assert places.left(session, SOON) == 0
    assert offers.accept(offers.latest(first), by=as_client(biscuit.client), at=SOON) == taken, "once, however often"
    free_places.run_due(SOON)
    assert open_offers() == []


def test_who_does_not_answer_in_time_loses_the_turn(biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    first, second = wait(biscuit, session), wait(pepper, session, 5)
    cancelled(booking)
    over = SOON + timedelta(minutes=120)
    assert the_offer().until == over
    late = the_offer()
    with pytest.raises(Refused, match=r"was held until today, 12:00.PM EST"):
        offers.accept(late, by=as_client(biscuit.client), at=over)
    free_places.run_due(over)
    assert open_offers() == [(1, "Omar")]
    assert (outcome(first), outcome(second)) == (Outcome.LAPSED, None)
    assert subjects(biscuit.client) == ["A place is free: Agility", "The place is gone: Agility"]
    again = wait(biscuit, session, 24 * 60 + 200)
    assert turns.waiting(again.id).place == 2, "at the end"


def test_who_declines_makes_room_at_once(biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    first, _ = wait(biscuit, session), wait(pepper, session, 5)
    cancelled(booking)
    declined = the_offer()
    offers.decline(declined, by=as_client(biscuit.client), at=SOON)
    assert outcome(first) == Outcome.DECLINED
    with pytest.raises(Refused, match="You have let this place go"):
        offers.accept(declined, by=as_client(biscuit.client), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Omar")]


def test_two_who_come_together_are_skipped_while_one_place_is_free_and_keep_their_turn(
    rosa: Client, biscuit: Pet, juno: Pet, pepper: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    both = waitlists.join_all(
        rosa, [biscuit, juno], [Wish(agility, session)], together=True, by=as_client(rosa), at=AT - timedelta(hours=2)
    )
    wait(pepper, session, 24 * 60 - 5)
    cancelled(booking)
    assert open_offers() == [(1, "Omar")]
    assert [outcome(entry) for entry in both] == [None, None]
    offers.decline(the_offer(), by=as_client(pepper.client), at=SOON)
    session.capacity = 2
    free_places.run_due(SOON)
    assert open_offers() == [(2, "Rosa")]
    taken = offers.accept(the_offer(), by=as_client(rosa), at=SOON)
    assert [pet.name for pet in taken.pets] == ["Biscuit", "Juno"]
    assert {outcome(entry) for entry in both} == {Outcome.ACCEPTED}
    assert {entry.booking_id for entry in both} == {taken.id}


def test_who_may_not_come_is_skipped_and_not_dropped(
    biscuit: Pet, pepper: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    agility.least_months, pepper.birthday = 12, date(2020, 1, 1)
    first = wait(biscuit, session)
    wait(pepper, session, 5)
    cancelled(booking)
    assert open_offers() == [(1, "Omar")]
    assert outcome(first) is None
    biscuit.birthday = date(2020, 1, 1)
    offers.decline(the_offer(), by=as_client(pepper.client), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]


def test_what_was_booked_meanwhile_is_given_up_for_the_place(
    biscuit: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5, SB-5
    """They hear of the place; two places at one time they do not get."""
    session, booking = full(zoe_and_hers[:1])
    wait(biscuit, session)
    other = cast.booking(biscuit.client, [biscuit], "Full Groom", session.starts_at, made_at=AT)
    cancelled(booking)
    assert open_offers() == [(1, "Rosa")]
    with pytest.raises(Refused, match=r"Biscuit is booked for Full Groom then, .* Move or cancel that first\."):
        offers.accept(the_offer(), by=as_client(biscuit.client), at=SOON)
    bookings.cancel(other, by=as_client(biscuit.client), at=SOON)
    assert offers.accept(the_offer(), by=as_client(biscuit.client), at=SOON + timedelta(minutes=1)).pets == [biscuit]


def test_a_vaccine_that_is_not_valid_that_day_passes_them_over(
    biscuit: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5, VAX-5
    session, booking = full(zoe_and_hers[:1])
    agility.vaccine_check = VaccineCheck.STOP
    entry = wait(biscuit, session)
    cancelled(booking)
    assert (open_offers(), outcome(entry)) == ([], None)


def test_who_is_deactivated_is_passed_over_and_asked_when_active_again(
    biscuit: Pet, pepper: Pet, nina: Member, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    first = wait(biscuit, session)
    wait(pepper, session, 5)
    records.deactivate(biscuit.client, by=as_member(nina), at=AT)
    cancelled(booking)
    assert (open_offers(), outcome(first)) == ([(1, "Omar")], None)
    offers.decline(the_offer(), by=as_client(pepper.client), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == []
    records.reactivate(biscuit.client, by=as_member(nina), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]


def test_who_has_no_email_is_passed_over_and_asked_once_there_is_one(
    biscuit: Pet, pepper: Pet, nina: Member, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    first = wait(biscuit, session)
    wait(pepper, session, 5)
    biscuit.client.email, biscuit.client.phone = None, "+12125550100"
    cancelled(booking)
    assert (open_offers(), outcome(first)) == ([(1, "Omar")], None)
    offers.decline(the_offer(), by=as_client(pepper.client), at=SOON)
    records.change(biscuit.client, {}, email="rosa@example.org", by=as_member(nina), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]


@pytest.mark.parametrize("choice", ["no_automatic_email", "blocked_online"])
def test_who_wants_no_letters_or_may_not_book_is_asked_once_that_is_over(
    biscuit: Pet, pepper: Pet, nina: Member, zoe_and_hers: list[Pet], choice: str
) -> None:  # WL-5, CP-4
    session, booking = full(zoe_and_hers[:1])
    first = wait(biscuit, session)
    records.choose(biscuit.client, {choice: True}, by=as_member(nina), at=AT)
    cancelled(booking)
    assert (open_offers(), outcome(first)) == ([], None)
    records.choose(biscuit.client, {choice: False}, by=as_member(nina), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]


def test_a_place_held_for_a_deleted_client_goes_to_the_next(
    biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    wait(biscuit, session)
    wait(pepper, session, 5)
    cancelled(booking)
    assert open_offers() == [(1, "Rosa")]
    records.remove(biscuit.client, at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Omar")]


def test_a_place_held_for_a_deactivated_client_goes_to_the_next(
    biscuit: Pet, pepper: Pet, nina: Member, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    entry = wait(biscuit, session)
    wait(pepper, session, 5)
    cancelled(booking)
    records.deactivate(biscuit.client, by=as_member(nina), at=SOON)
    free_places.run_due(SOON)
    assert (open_offers(), outcome(entry)) == ([(1, "Omar")], None)


def test_staff_offer_by_hand_to_who_has_no_email(biscuit: Pet, nina: Member, zoe_and_hers: list[Pet]) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    entry = wait(biscuit, session)
    biscuit.client.email = None
    cancelled(booking)
    assert open_offers() == []
    offers.offer(entry, by=as_member(nina), at=SOON)
    assert open_offers() == [(1, "Rosa")]


def test_no_offer_after_the_limit_of_booking_and_none_is_held_beyond_it(
    biscuit: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    wait(biscuit, session)
    agility.notice_minutes = 27 * 60
    cancelled(booking)
    assert the_offer().until == AT + timedelta(hours=1), "28 hours before, it is held for one"
    agility.notice_minutes = 28 * 60
    free_places.run_due(AT + timedelta(hours=1))
    assert open_offers() == []


@pytest.mark.parametrize(
    ("asked", "until"),
    [
        ((23, 18, 30), (23, 20, 30)),
        ((23, 18, 59), (23, 20, 59)),
        ((23, 19, 0), (24, 9, 0)),
        ((23, 23, 0), (24, 9, 0)),
        ((24, 3, 0), (24, 9, 0)),
        ((24, 7, 30), (24, 9, 30)),
    ],
)
def test_nothing_runs_out_at_night(asked: tuple[int, int, int], until: tuple[int, int, int]) -> None:  # WL-5
    """Two hours are held for whoever is first; while they sleep, longer. Times of New York."""
    here = db.session.query(Location).filter_by(name="Maple Street").one()
    at, ends = (datetime(2026, 11, *moment, tzinfo=ZoneInfo("America/New_York")) for moment in (asked, until))
    assert chances.held_until(here, TUESDAY + timedelta(days=9), at) == ends
    class_begins = at + timedelta(minutes=90)
    assert chances.held_until(here, class_begins, at) == class_begins, "but never beyond what can be booked"


def test_a_place_for_the_early_morning_is_offered_on_in_the_evening(app: Flask) -> None:  # WL-5
    here = db.session.query(Location).filter_by(name="Maple Street").one()
    at, door_opens = (
        datetime(2026, 11, *when, tzinfo=ZoneInfo("America/New_York")) for when in ((23, 19, 30), (24, 6))
    )
    assert chances.held_until(here, door_opens, at) == at + timedelta(hours=2), "or nobody could take it any more"


def test_no_morning_is_missed_when_clocks_change(app: Flask) -> None:  # WL-5
    here = db.session.query(Location).filter_by(name="Maple Street").one()
    late = datetime(2027, 3, 14, 3, 30, tzinfo=UTC)  # 10:30 PM on the 13th; at 2 AM it is 3 AM
    assert chances.held_until(here, late + timedelta(days=9), late) == datetime(2027, 3, 14, 13, tzinfo=UTC)


def test_entries_for_the_session_come_before_those_for_any(
    biscuit: Pet, pepper: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    any_day = waitlists.join(biscuit.client, biscuit, agility, by=as_client(biscuit.client), at=AT - timedelta(days=9))
    wait(pepper, session)
    cancelled(booking)
    assert open_offers() == [(1, "Omar")]
    offers.decline(the_offer(), by=as_client(pepper.client), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]
    assert the_offer().service_session_id == session.id
    taken = offers.accept(the_offer(), by=as_client(biscuit.client), at=SOON)
    assert (outcome(any_day), any_day.booking_id) == (Outcome.ACCEPTED, taken.id)


def test_a_day_of_the_house_is_offered_to_who_waits_for_it(
    biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    daycare, boarding = cast.service("Daycare"), cast.service("Boarding")
    maple = db.session.query(Location).filter_by(name="Maple Street").one()
    maple.places = 1
    starts = datetime(2026, 11, 25, 13, tzinfo=UTC)
    booking = cast.booking(zoe_and_hers[0].client, zoe_and_hers[:1], "Daycare", starts, made_at=AT)
    day = date(2026, 11, 25)
    stay = Wish(boarding, location=maple, first_day=day, last_day=date(2026, 11, 27))
    waitlists.join_all(biscuit.client, [biscuit], [stay], together=False, by=as_client(biscuit.client), at=AT)
    one = Wish(daycare, location=maple, first_day=day, last_day=day)
    waitlists.join_all(pepper.client, [pepper], [one], together=False, by=as_client(pepper.client), at=AT)
    cancelled(booking)
    assert open_offers() == [(1, "Rosa")], "the place in the house is one of both services"
    assert (the_offer().starts_at, the_offer().ends_at) == (starts, datetime(2026, 11, 27, 23, tzinfo=UTC))
    offers.decline(the_offer(), by=as_client(biscuit.client), at=SOON)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Omar")]


def test_an_appointment_that_becomes_free_holds_its_provider(
    biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    groom, theo = cast.service("Full Groom"), db.session.query(Provider).one()
    maple = db.session.query(Location).filter_by(name="Maple Street").one()
    starts, groom.cancel_hours = datetime(2026, 11, 24, 14, tzinfo=UTC), 0
    booking = cast.booking(zoe_and_hers[0].client, zoe_and_hers[:1], "Full Groom", starts, providers=[theo], made_at=AT)
    waitlists.join(biscuit.client, biscuit, groom, location=maple, by=as_client(biscuit.client), at=AT)
    cancelled(booking)
    assert (the_offer().starts_at, the_offer().provider_id) == (starts, theo.id)
    with pytest.raises(Refused):
        cast.booking(pepper.client, [pepper], "Full Groom", starts, providers=[theo], made_at=SOON)
    taken = offers.accept(the_offer(), by=as_client(biscuit.client), at=SOON)
    assert taken.providers == [theo]


def test_leaving_gives_the_held_place_up_and_returning_in_time_keeps_the_turn(
    biscuit: Pet, pepper: Pet, zoe_and_hers: list[Pet]
) -> None:  # WL-3, WL-5
    session, booking = full(zoe_and_hers[:1])
    first = wait(biscuit, session)
    wait(pepper, session, 5)
    cancelled(booking)
    waitlists.leave(first, by=as_client(biscuit.client), at=SOON)
    assert open_offers() == []
    waitlists.return_to(first, by=as_client(biscuit.client), at=SOON + timedelta(seconds=5))
    free_places.run_due(SOON + timedelta(seconds=5))
    assert open_offers() == [(1, "Rosa")]
    waitlists.leave(first, by=as_client(biscuit.client), at=SOON + timedelta(seconds=6))
    free_places.run_due(SOON + timedelta(seconds=16))
    assert open_offers() == [(1, "Omar")]


def test_what_has_ended_cannot_be_returned_to(biscuit: Pet, zoe_and_hers: list[Pet]) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    entry = wait(biscuit, session)
    cancelled(booking)
    offers.decline(the_offer(), by=as_client(biscuit.client), at=SOON)
    with pytest.raises(Refused, match="Join the waitlist anew, at its end"):
        waitlists.return_to(entry, by=as_client(biscuit.client), at=SOON)


def test_an_entry_ends_when_its_date_has_passed(biscuit: Pet, agility: Service, zoe_and_hers: list[Pet]) -> None:
    session, _ = full(zoe_and_hers[:1])
    maple, by = session.location, as_client(biscuit.client)
    day = waitlists.join(
        biscuit.client, biscuit, cast.service("Daycare"), location=maple, first_day=date(2026, 11, 24), by=by, at=AT
    )
    entry = wait(biscuit, session)
    any_day = waitlists.join(biscuit.client, biscuit, agility, by=by, at=AT)
    free_places.expire(session.starts_at - timedelta(seconds=1))
    assert (outcome(entry), outcome(day)) == (None, None)
    free_places.expire(session.starts_at)
    assert (outcome(entry), outcome(day)) == (Outcome.EXPIRED, None)
    free_places.expire(datetime(2026, 11, 25, 5, tzinfo=UTC))
    assert (outcome(day), outcome(any_day)) == (Outcome.EXPIRED, None), "midnight in New York"


def test_a_worker_that_is_killed_loses_nothing(
    biscuit: Pet, zoe_and_hers: list[Pet], monkeypatch: pytest.MonkeyPatch
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    wait(biscuit, session)
    free_places.run_due(AT)
    bookings.cancel(booking, by=as_client(booking.client), at=AT)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(offers, "note", killed)
        with pytest.raises(KeyboardInterrupt):
            free_places.run_due(SOON)
    assert open_offers() == []
    free_places.run_due(SOON)
    assert open_offers() == [], "another may still be at it"
    free_places.run_due(SOON + free_places.LEASE + timedelta(seconds=1))
    assert open_offers() == [(1, "Rosa")]
    assert db.session.query(QueueCheck).count() == 0


def test_staff_offer_by_hand_out_of_turn(
    biscuit: Pet, pepper: Pet, nina: Member, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, _ = full(zoe_and_hers[:1])
    wait(biscuit, session)
    later, by = wait(pepper, session, 5), as_member(nina)
    with pytest.raises(Refused, match="Agility is full"):
        offers.offer(later, by=by, at=AT)
    session.capacity, agility.notice_minutes = 2, 60 * 24 * 14
    made = offers.offer(later, by=by, at=AT)
    assert (made.by_name, open_offers()) == ("Nina Park", [(1, "Omar")])
    with pytest.raises(Refused, match="held for them already"):
        offers.offer(later, by=by, at=AT)
    assert offers.accept(made, by=as_client(pepper.client), at=AT).pets == [pepper]
    with pytest.raises(Refused, match="not on the waitlist any more"):
        offers.offer(later, by=by, at=AT)


def test_pets_that_become_one_wait_once_and_hold_one_place(
    biscuit: Pet, juno: Pet, nina: Member, zoe_and_hers: list[Pet]
) -> None:  # WL-5, CP-10
    session, booking = full(zoe_and_hers[:1])
    wait(biscuit, session)
    later = wait(juno, session, 5)
    cancelled(booking)
    offers.decline(the_offer(), by=as_client(biscuit.client), at=SOON)
    free_places.run_due(SOON)
    wait(biscuit, session, -60)
    pet_merges.merge(pet_merges.mark(juno), pet_merges.mark(biscuit), {}, by=as_member(nina), at=SOON)
    assert open_offers() == []
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Rosa")]
    assert outcome(later) == Outcome.EXPIRED


@pytest.mark.parametrize("wish", ["series", "any date", "any date there"])
def test_pets_that_become_one_wait_once_for_a_series_or_any_date(
    biscuit: Pet, juno: Pet, nina: Member, agility: Service, wish: str
) -> None:  # WL-5, CP-10
    maple = db.session.query(Location).filter_by(name="Maple Street").one()
    course = cast.course(TUESDAY)
    same = {"series": {"series": course}, "any date": {}, "any date there": {"location": maple}}[wish]
    by = as_client(biscuit.client)
    first = waitlists.join(biscuit.client, juno, agility, **same, by=by, at=AT - timedelta(hours=2))
    later = waitlists.join(biscuit.client, biscuit, agility, **same, by=by, at=AT - timedelta(hours=1))
    other = waitlists.join(biscuit.client, biscuit, cast.service("Full Groom"), by=by, at=AT)
    pet_merges.merge(pet_merges.mark(juno), pet_merges.mark(biscuit), {}, by=as_member(nina), at=SOON)
    assert (outcome(first), outcome(later), outcome(other)) == (None, Outcome.EXPIRED, None)
    assert first.pet_id == biscuit.id, "the earlier turn"


def test_joining_refuses_in_words(
    rosa: Client, biscuit: Pet, juno: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-4
    session, _ = full(zoe_and_hers[:1])
    wish, by = Wish(agility, session), as_client(rosa)

    def refused(words: str, wish: Wish, *pets: Pet) -> None:
        with pytest.raises(Refused, match=words):
            waitlists.join_all(rosa, pets, [wish], together=False, by=by, at=AT)

    refused("Choose who is to come", wish)
    waitlists.join_all(rosa, [biscuit], [wish], together=False, by=by, at=AT)
    refused("Biscuit is on the waitlist for Agility, Tue 24 Nov 2026, 2:00.PM EST already", wish, juno, biscuit)
    assert db.session.query(WaitlistEntry).count() == 1, "all of them or none"
    refused("is not full then", Wish(agility, cast.session("Agility", TUESDAY + timedelta(days=1))), biscuit)
    agility.waitlist_open = False
    refused("has no waitlist to join here. Please call", wish, juno)
    agility.waitlist_open, db.session.query(Business).one().waitlist_open = True, False
    refused("has no waitlist to join here. Please call", wish, juno)
    db.session.query(Business).one().waitlist_open = True
    refused("is over", Wish(agility, full(zoe_and_hers[:1], AT - timedelta(days=1))[0]), juno)
    assert [row.new for row in db.session.query(History).filter_by(field="Waitlist")] == ["Waiting"]


def test_the_place_in_line_is_counted_by_family(
    rosa: Client, biscuit: Pet, juno: Pet, pepper: Pet, agility: Service, zoe_and_hers: list[Pet]
) -> None:  # WL-4
    session, _ = full(zoe_and_hers[:1])
    both = waitlists.join_all(rosa, [biscuit, juno], [Wish(agility, session)], together=True, by=as_client(rosa), at=AT)
    last = waitlists.join(pepper.client, pepper, agility, session=session, by=as_client(pepper.client), at=AT)
    assert [turns.waiting(entry.id).place for entry in (*both, last)] == [1, 1, 2]


def test_who_is_booked_by_another_door_waits_no_more(
    biscuit: Pet, pepper: Pet, nina: Member, zoe_and_hers: list[Pet]
) -> None:  # WL-5
    session, booking = full(zoe_and_hers[:1])
    first, second = wait(biscuit, session), wait(pepper, session, 5)
    cancelled(booking)
    session.capacity = 2
    other = cast.booking(biscuit.client, [biscuit], "Agility", TUESDAY, session=session, made_at=SOON)
    free_places.expire(SOON)
    assert (outcome(first), first.booking_id) == (Outcome.ACCEPTED, other.id)
    free_places.run_due(SOON)
    assert open_offers() == [(1, "Omar")], "what was held for Biscuit goes on"
    assert outcome(second) is None
