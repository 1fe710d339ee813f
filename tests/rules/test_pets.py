"""Pets: adding and changing, how old they are, and which of them need their vaccines looked after."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import product
from typing import Any

import pytest

from portal.db import db
from portal.models import (
    Animal,
    Attendance,
    Booking,
    Client,
    Decision,
    Gender,
    History,
    Member,
    Notice,
    NoticeKind,
    Pet,
    VaccineKind,
)
from portal.rules import bookings, files, pet_bookings, pet_profiles, pets, vaccines
from portal.rules.actors import as_client, as_member
from portal.rules.agendas import LONG
from portal.rules.refused import Refused
from portal.rules.standing import status
from portal.rules.vaccines import State
from tests import cast, samples

TODAY = date(2026, 11, 23)


def animal(name: str) -> Animal:
    return db.session.query(Animal).filter_by(name=name).one()


def changes(pet: Pet) -> list[tuple[str, str, str]]:
    rows = db.session.query(History).filter_by(pet_id=pet.id).order_by(History.id)
    return [(row.field, row.old, row.new) for row in rows]


def notices() -> list[str]:
    return [row.text for row in db.session.query(Notice).filter_by(kind=NoticeKind.DATA_CHANGED).order_by(Notice.id)]


def change(pet: Pet, *, by: object = None, **values: object) -> None:
    known = {name: getattr(pet, name) for name in ("name", "animal", "gender", "breed", "birthday")}
    pets.change(pet, **{**known, **values}, by=by or as_client(pet.client), at=cast.NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (date(2026, 11, 23), "Born today"),
        (date(2026, 11, 22), "1 day old"),
        (date(2026, 11, 10), "13 days old"),
        (date(2026, 11, 9), "2 weeks old"),
        (date(2026, 9, 21), "9 weeks old"),
        (date(2026, 7, 24), "17 weeks old"),
        (date(2026, 7, 23), "4 months old"),
        (date(2025, 11, 24), "11 months old"),
        (date(2025, 11, 23), "1 year old"),
        (date(2022, 3, 12), "4 years old"),
        (date(2021, 11, 24), "4 years old"),
        (date(2021, 11, 23), "5 years old"),
    ],
)
def test_an_age_is_told_as_people_tell_it(born: date, words: str) -> None:  # PET-2
    assert pet_profiles.age(born, TODAY) == words


def test_a_pet_born_on_the_29th_of_february_has_its_birthday_on_the_1st_of_march() -> None:  # PET-2
    assert pet_profiles.age(date(2020, 2, 29), date(2026, 2, 28)) == "5 years old"
    assert pet_profiles.age(date(2020, 2, 29), date(2026, 3, 1)) == "6 years old"


def test_a_pet_is_introduced_by_what_is_known(rosa: Client, biscuit: Pet) -> None:  # PET-2
    def introduced() -> tuple[str, str]:
        profile = pet_profiles.profile(rosa.id, biscuit.id, today=TODAY, days=30)
        assert profile
        return profile.description, profile.age

    assert introduced() == ("Dog", "")
    change(biscuit, gender=Gender.MALE)
    assert introduced() == ("Dog, male", "")
    change(biscuit, breed="Cocker Spaniel mix", birthday=date(2022, 3, 12))
    assert introduced() == ("Cocker Spaniel mix, male", "4 years old, birthday 12 March")


def test_a_pet_of_somebody_else_has_no_profile(omar: Client, biscuit: Pet) -> None:  # PET-2
    assert pet_profiles.profile(omar.id, biscuit.id, today=TODAY, days=30) is None


def test_adding_is_written_down_and_staff_hear_of_it(rosa: Client) -> None:  # PET-4
    luna = pets.add(rosa, name="Luna", animal=animal("Cat"), by=as_client(rosa), at=cast.NOON)
    assert (luna.client_id, luna.gender, luna.birthday) == (rosa.id, Gender.UNKNOWN, None)
    assert changes(luna) == [("Pet", "", "Luna, Cat")]
    assert notices() == ["Rosa Delgado added Luna"]


def test_two_pets_may_bear_one_name(rosa: Client) -> None:  # PET-4
    one, two = (pets.add(rosa, name="Luna", animal=animal("Dog"), by=as_client(rosa), at=cast.NOON) for _ in "12")
    assert one.id != two.id


def test_a_family_of_fifty_is_as_many_as_there_can_be(rosa: Client) -> None:  # PET-4
    for number in range(pets.MOST - len(rosa.pets)):
        pets.add(rosa, name=f"Hen {number}", animal=animal("Dog"), by=as_client(rosa), at=cast.NOON)
    with pytest.raises(Refused, match=r"50 pets.*\(212\) 555-0148"):
        pets.add(rosa, name="One more", animal=animal("Dog"), by=as_client(rosa), at=cast.NOON)
    assert pets.count(rosa) == 50


def test_each_change_is_kept_old_and_new(rosa: Client, biscuit: Pet) -> None:  # PET-4
    photo = files.keep_photo(BytesIO(samples.jpeg()), "beach.jpg", at=cast.NOON)
    change(biscuit, name="Biscotti", animal=animal("Cat"), gender=Gender.MALE, birthday=date(2022, 3, 12), photo=photo)
    assert changes(biscuit) == [
        ("Name", "Biscuit", "Biscotti"),
        ("Type", "Dog", "Cat"),
        ("Gender", "Unknown", "Male"),
        ("Birthday", "", "Sat 12 Mar 2022"),
        ("Photo", "", "beach.webp"),
    ]
    assert notices() == ["Rosa Delgado changed Biscuit: Name, Type, Gender, Birthday, Photo"]
    change(biscuit, remove_photo=True)
    assert biscuit.photo is None
    assert changes(biscuit)[-1] == ("Photo", "beach.webp", "")


def test_a_photo_stays_until_another_comes(biscuit: Pet) -> None:  # PET-4
    photo = files.keep_photo(BytesIO(samples.jpeg()), "beach.jpg", at=cast.NOON)
    change(biscuit, photo=photo)
    change(biscuit, breed="Beagle")
    assert biscuit.photo_id == photo.id


def test_nothing_changed_is_nothing_to_tell(biscuit: Pet) -> None:  # PET-4
    change(biscuit)
    assert (changes(biscuit), notices()) == ([], [])


def test_staff_need_no_notice_of_what_they_did_themselves(biscuit: Pet, nina: Member) -> None:  # PET-4
    change(biscuit, name="Biscotti", by=as_member(nina))
    assert changes(biscuit) == [("Name", "Biscuit", "Biscotti")]
    assert notices() == []


def test_a_pet_whose_type_was_mended_keeps_its_vaccinations(biscuit: Pet, rosa: Client) -> None:  # PET-4, VAX-2
    dog, cat = animal("Dog"), animal("Cat")
    rabies = db.session.query(VaccineKind).filter_by(name="Rabies").one()
    vaccines.update(biscuit, rabies.id, expires_on=date(2028, 1, 1), by=as_client(rosa), at=cast.NOON)
    change(biscuit, animal=cat)
    assert [row.name for row in vaccines.vaccines(biscuit.id, today=TODAY, days=30)] == ["FVRCP"]
    change(biscuit, animal=dog)
    assert vaccines.vaccines(biscuit.id, today=TODAY, days=30)[0].expires_on == date(2028, 1, 1)


def test_breeds_are_proposed_for_dogs_and_cats_and_none_for_others() -> None:  # PET-4
    assert "Cocker Spaniel" in pet_profiles.breeds("dog")
    assert "Maine Coon" in pet_profiles.breeds("cat")
    assert pet_profiles.breeds("paw") == ()
    for kind in ("dog", "cat"):
        known = pet_profiles.breeds(kind)
        assert len(known) == len(set(known)) > 50


def test_all_of_a_familys_pets_come_by_name(rosa: Client) -> None:  # PET-1
    pets.add(rosa, name="astro", animal=animal("Dog"), by=as_client(rosa), at=cast.NOON)
    names = [pet.name for pet in pet_profiles.profiles(rosa.id, today=TODAY, days=30)]
    assert names == ["astro", "Biscuit", "Juno", "Miso"]


def test_flags_agree_with_the_state_of_each_vaccine(rosa: Client, biscuit: Pet) -> None:  # PET-1, VAX-2
    kinds = [db.session.query(VaccineKind).filter_by(name=name).one() for name in ("Rabies", "Bordetella")]
    optional = db.session.query(VaccineKind).filter_by(name="Leptospirosis").one()
    vaccines.update(biscuit, optional.id, expires_on=TODAY - timedelta(days=5), by=as_client(rosa), at=cast.NOON)
    for ahead in product([None, -400, -1, 0, 1, 29, 30, 31, 400], repeat=2):
        for kind, days in zip(kinds, ahead, strict=True):
            day = None if days is None else TODAY + timedelta(days=days)
            vaccines.update(biscuit, kind.id, expires_on=day, by=as_client(rosa), at=cast.NOON)
        for warned in (0, 30):
            states = [row.state for row in vaccines.vaccines(biscuit.id, today=TODAY, days=warned) if row.required]
            profile = pet_profiles.profile(rosa.id, biscuit.id, today=TODAY, days=warned)
            assert profile
            assert profile.missing == states.count(State.MISSING)
            assert profile.due == states.count(State.EXPIRED) + states.count(State.EXPIRING)
            assert profile.vaccine_kinds == 3


def test_completed_are_those_that_took_place(rosa: Client, biscuit: Pet, juno: Pet, nina: Member) -> None:  # PET-3
    began = datetime(2026, 10, 1, 14, tzinfo=UTC)
    made = began - timedelta(days=30)
    by = as_member(nina)

    def past(number: int, pet: Pet = biscuit, **more: object) -> Booking:
        return cast.booking(rosa, [pet], "Full Groom", began + timedelta(days=number), made_at=made, **more)

    plain, cancelled, asked, declined, agreed, missed, gone, other = (
        past(0),
        past(1),
        past(2, needs_approval=True),
        past(3, needs_approval=True),
        past(4, needs_approval=True),
        past(5),
        past(6),
        past(7, juno),
    )
    bookings.cancel(cancelled, by=by, at=began)
    signed = {"at": made, "by_kind": "member", "by_id": nina.id, "by_name": nina.name}
    db.session.add_all(
        [
            Decision(booking_id=declined.id, confirmed=False, **signed),
            Decision(booking_id=agreed.id, confirmed=True, **signed),
            Attendance(booking_id=missed.id, missed_at=began),
            Attendance(booking_id=gone.id, checked_in_at=began, checked_out_at=began + timedelta(days=7)),
        ]
    )
    db.session.commit()
    agenda = pet_bookings.agenda(rosa.id, biscuit.id, at=cast.NOON)
    assert [row.id for row in agenda.completed] == [gone.id, agreed.id, plain.id]
    assert {status(row, cast.NOON) for row in agenda.completed} == {"Done"}
    assert agenda.upcoming == []
    page = pet_bookings.completed_page(rosa.id, biscuit.id, at=cast.NOON, after=None)
    assert [row.id for row in page.rows] == [gone.id, agreed.id, plain.id]
    assert asked.id not in [row.id for row in page.rows]
    assert [row.id for row in pet_bookings.agenda(rosa.id, juno.id, at=cast.NOON).completed] == [other.id]


def test_upcoming_are_those_of_this_pet_soonest_first(rosa: Client, biscuit: Pet, juno: Pet) -> None:  # PET-3
    late, soon = (
        cast.booking(rosa, [biscuit, juno], "Full Groom", cast.NOON + timedelta(days=days), made_at=cast.NOON)
        for days in (9, 2)
    )
    cast.booking(rosa, [juno], "Full Groom", cast.NOON + timedelta(days=1), made_at=cast.NOON)
    agenda = pet_bookings.agenda(rosa.id, biscuit.id, at=cast.NOON)
    assert [row.id for row in agenda.upcoming] == [soon.id, late.id]
    assert not agenda.more_upcoming


def test_the_short_lists_hold_five_and_say_that_there_are_more(rosa: Client, biscuit: Pet) -> None:  # PET-3
    for number in range(1, 7):
        for days in (number, -number):
            cast.booking(rosa, [biscuit], "Full Groom", cast.NOON + timedelta(days=days), made_at=cast.NOON)
        agenda = pet_bookings.agenda(rosa.id, biscuit.id, at=cast.NOON)
        assert len(agenda.upcoming) == len(agenda.completed) == min(number, 5)
        assert agenda.more_upcoming is agenda.more_completed is (number > 5)


def test_long_lists_come_in_stretches_without_a_gap(rosa: Client, biscuit: Pet, nina: Member) -> None:  # PET-3
    made: dict[str, Any] = {"made_at": cast.NOON, "by": as_member(nina)}
    moments = [cast.NOON + timedelta(days=1 + number // 2) for number in range(LONG + 7)]
    for number, moment in enumerate(moments):
        for when in (moment, cast.NOON - (moment - cast.NOON)):
            cast.booking(rosa, [biscuit], ("Full Groom", "Agility")[number % 2], when, **made)
    for page, key in ((pet_bookings.upcoming_page, 0), (pet_bookings.completed_page, 1)):
        first = page(rosa.id, biscuit.id, at=cast.NOON, after=None)
        assert len(first.rows) == LONG
        last = first.rows[-1]
        rest = page(rosa.id, biscuit.id, at=cast.NOON, after=((last.ends_at if key else last.starts_at), 0, last.id))
        assert rest.after is None
        assert len({row.id for row in first.rows + rest.rows}) == len(moments)
