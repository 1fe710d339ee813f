"""My Pets, as the browser asks for them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import event

from portal.db import db
from portal.models import Animal, Business, Client, File, Gender, History, Member, Notice, Pet, VaccineKind
from portal.rules import allowances, files, pets, vaccines
from portal.rules.actors import as_client
from tests import cast, samples
from tests.conftest import Browse

PHOTO = "beach.jpg"


def form(**typed: object) -> dict[str, object]:
    dog = db.session.query(Animal).filter_by(name="Dog").one().id
    return {"name": "Luna", "animal_id": str(dog), "gender": "female", "breed": "", "birthday": "", **typed}


def photo(name: str = PHOTO, made: bytes | None = None) -> tuple[BytesIO, str]:
    return BytesIO(made or samples.jpeg()), name


def named(name: str) -> Pet | None:
    return db.session.query(Pet).filter_by(name=name).one_or_none()


def give(pet: Pet, **vaccine_days: date | None) -> None:
    for name, day in vaccine_days.items():
        kind = db.session.query(VaccineKind).filter_by(name=name).one()
        vaccines.update(pet, kind.id, expires_on=day, by=as_client(pet.client), at=cast.NOON)


def today() -> date:
    return datetime.now(UTC).date()


@contextmanager
def asked() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(*told: object) -> None:
        said.extend([str(told[2])] if str(told[2]).startswith("SELECT") else [])

    event.listen(db.engine, "before_cursor_execute", hear)
    yield said
    event.remove(db.engine, "before_cursor_execute", hear)


# ---------------------------------------------------------------- the list


def row_of(page: str, pet: Pet) -> str:
    return page.split(f'href="/pets/{pet.id}"')[1].split("</li>")[0]


def test_each_pet_has_its_flag_below_its_name(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # PET-1
    far = today() + timedelta(days=400)
    give(biscuit, Rabies=far, Bordetella=today() + timedelta(days=9))
    give(juno, Rabies=far, Bordetella=far)
    page = browse(rosa).get("/pets").text
    assert "Expiring Vaccines" in row_of(page, biscuit)
    assert "is-notice" in row_of(page, biscuit)
    assert "tag" not in row_of(page, juno).replace("tags", "")
    miso = row_of(page, db.session.query(Pet).filter_by(name="Miso").one())
    assert "Missing Vaccine Information" in miso
    assert "is-danger" in miso
    assert "Add Pet" in page


def test_missing_beats_expiring_and_expired_counts_with_expiring(  # PET-1, VAX-1
    browse: Browse, rosa: Client, biscuit: Pet, juno: Pet
) -> None:
    give(biscuit, Rabies=today() + timedelta(days=2))
    give(juno, Rabies=today() - timedelta(days=90), Bordetella=today() + timedelta(days=400))
    page = browse(rosa).get("/pets").text
    assert "Missing Vaccine Information" in row_of(page, biscuit)
    assert "Expiring" not in row_of(page, biscuit)
    assert "Expiring Vaccines" in row_of(page, juno)


def test_an_optional_vaccine_never_flags(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-1, VAX-2
    far = today() + timedelta(days=400)
    give(biscuit, Rabies=far, Bordetella=far, Leptospirosis=today() - timedelta(days=9))
    assert "Vaccine" not in row_of(browse(rosa).get("/pets").text, biscuit)


def test_a_photo_or_the_drawn_animal(browse: Browse, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # PET-1
    biscuit.photo = files.keep_photo(BytesIO(samples.jpeg()), PHOTO, at=cast.NOON)
    db.session.commit()
    page = browse(rosa).get("/pets").text
    assert f'src="/pets/{biscuit.id}/photo?v={biscuit.photo_id}"' in page
    assert page.count("#dog") == page.count("#cat") == 1


def test_nobody_yet(browse: Browse, zoe: Client) -> None:  # PET-1
    page = browse(zoe).get("/pets").text
    assert "No pets yet" in page
    assert page.count('href="/pets/new"') == 1


def test_the_list_is_one_query_beside_the_persons_however_many_pets(  # PET-1
    app: Flask, browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    for number in range(20):
        pets.add(rosa, name=f"Hen {number}", animal=biscuit.animal, by=as_client(rosa), at=cast.NOON)
    browser = browse(rosa)
    browser.get("/pets")
    with asked() as said:
        assert browser.get("/pets").text.count("row__link") == 23
    assert len(said) == 2


# ---------------------------------------------------------------- a pet's page


def test_a_pets_page_introduces_it(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-2
    biscuit.breed, biscuit.gender, biscuit.birthday = "Cocker Spaniel mix", Gender.MALE, date(2022, 3, 12)
    db.session.commit()
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        page = browse(rosa).get(f"/pets/{biscuit.id}").text
    assert "<h1>Biscuit</h1>" in page
    assert "Cocker Spaniel mix, male" in page
    assert "4 years old, birthday 12 March" in page


def test_the_birthday_begins_at_midnight_where_the_business_is(  # PET-2
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    biscuit.birthday = date(2022, 11, 24)
    db.session.commit()
    before, after = datetime(2026, 11, 24, 4, 59, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    for moment, age in ((before, "3 years old"), (after, "4 years old")):
        with time_machine.travel(moment, tick=False):
            assert age in browse(rosa).get(f"/pets/{biscuit.id}").text


def test_the_vaccines_tab_is_there_only_where_there_are_kinds_for_the_animal(  # PET-2
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    rabbit = Animal(name="Rabbit", drawing="paw")
    db.session.add(rabbit)
    db.session.flush()
    bun = pets.add(rosa, name="Bun", animal=rabbit, by=as_client(rosa), at=cast.NOON)
    browser = browse(rosa)
    assert f'href="/pets/{biscuit.id}/vaccines"' in browser.get(f"/pets/{biscuit.id}").text
    page = browser.get(f"/pets/{bun.id}").text
    assert "/vaccines" not in page
    assert "#paw" in page
    assert "Report Cards" not in page
    assert browser.get(f"/pets/{bun.id}/vaccines").status_code == 404


def test_bookings_tab_shows_upcoming_in_blue_and_completed_in_green(  # PET-3
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    at = datetime.now(UTC)
    coming = cast.booking(rosa, [biscuit], "Full Groom", at + timedelta(days=3), made_at=at)
    gone = cast.booking(rosa, [biscuit], "Full Groom", at - timedelta(days=3), made_at=at)
    page = browse(rosa).get(f"/pets/{biscuit.id}").text
    upcoming, completed = page.split("Upcoming Bookings</h2>")[1].split("Completed</h2>")
    assert f'<li class="row is-info" id="booking_row-{coming.id}"' in upcoming
    assert f'<li class="row is-positive" id="booking_row-{gone.id}"' in completed
    assert "View All" not in page


def test_more_than_five_have_a_page_of_their_own(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-3
    at = datetime.now(UTC)
    for days in range(1, 29):
        for sign in (1, -1):
            cast.booking(rosa, [biscuit], "Full Groom", at + sign * timedelta(days=days), made_at=at)
    browser = browse(rosa)
    page = browser.get(f"/pets/{biscuit.id}").text
    assert page.count("booking_row-") == 10
    for which, words in (("upcoming", "Upcoming Bookings"), ("past", "Completed")):
        address = f"/pets/{biscuit.id}/bookings/{which}"
        assert f'href="{address}"' in page
        first = browser.get(address).text
        assert f"<h1>{words}</h1>" in first
        assert first.count("booking_row-") == 25
        assert ("is-positive" in first) is (which == "past")
        more = first.split('hx-get="?after=')[1].split('"')[0]
        rest = browser.swap(f"{address}?after={more}", "get").text
        assert rest.count("booking_row-") == 3
        assert "<html" not in rest
        assert browser.get(f"{address}?after={more}").text.count("booking_row-") == 3
        assert browser.get(f"{address}?after=tomorrow").status_code == 404


def test_long_lists_that_are_empty_lead_back(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-3
    for which in ("upcoming", "past"):
        page = browse(rosa).get(f"/pets/{biscuit.id}/bookings/{which}").text
        assert "There are none." in page
        assert "Back to Biscuit" in page


def test_a_pets_page_is_three_queries_however_many_bookings(  # PET-3
    app: Flask, browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    at = datetime.now(UTC)
    for days in range(1, 40):
        cast.booking(rosa, [biscuit], "Full Groom", at - timedelta(days=days), made_at=at)
        cast.booking(rosa, [biscuit], "Full Groom", at + timedelta(days=days), made_at=at)
    browser, page = browse(rosa), f"/pets/{biscuit.id}"
    for path in ("", "/vaccines", "/bookings/upcoming", "/bookings/past"):
        browser.get(page + path)
        with asked() as said:
            assert browser.get(page + path).status_code == 200
        assert len(said) <= 3, path


# ---------------------------------------------------------------- adding


def test_adding_a_pet(browse: Browse, rosa: Client) -> None:  # PET-4
    cat = db.session.query(Animal).filter_by(name="Cat").one()
    typed = form(name=" Luna ", animal_id=str(cat.id), breed="Ocicat", birthday="2024-05-06", photo=photo())
    answer = browse(rosa).swap("/pets", data=typed)
    luna = named("Luna")
    assert luna
    assert answer.headers["HX-Redirect"] == f"/pets/{luna.id}"
    assert (luna.client_id, luna.animal_id, luna.gender, luna.breed) == (rosa.id, cat.id, Gender.FEMALE, "Ocicat")
    assert luna.birthday == date(2024, 5, 6)
    assert luna.photo
    assert [row.new for row in db.session.query(History).filter_by(pet_id=luna.id)] == ["Luna, Cat"]
    assert [row.text for row in db.session.query(Notice).filter_by(pet_id=luna.id)] == ["Rosa Delgado added Luna"]


def test_adding_without_javascript(browse: Browse, rosa: Client) -> None:  # PET-4, NAV-7
    browser = browse(rosa)
    assert 'action="/pets"' in browser.get("/pets/new").text
    answer = browser.post("/pets", data=form())
    luna = named("Luna")
    assert luna
    assert (answer.status_code, answer.location) == (303, f"/pets/{luna.id}")
    assert "Luna is added." in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": "  "}, "Please write your pet’s name."),
        ({"name": "L" * 61}, "at most 60 characters"),
        ({"name": "Lu\0na"}, "a character that cannot be read"),
        ({"name": "Lu\nna"}, "a single line"),
        ({"animal_id": ""}, "what kind of animal"),
        ({"animal_id": "99999999999999999999"}, "what kind of animal"),
        ({"animal_id": "one"}, "what kind of animal"),
        ({"gender": "other"}, "choose one of these"),
        ({"breed": "B" * 81}, "at most 80 characters"),
        ({"birthday": "yesterday"}, "This is not a day."),
        ({"birthday": "2023-02-29"}, "This is not a day."),
        ({"birthday": "\0"}, "This is not a day."),
        ({"birthday": "2027-03-12"}, "This is in the future. Did you mean Thu 12 Mar 2026?"),
        ({"birthday": "2026-12-01"}, "This is in the future. Did you mean Mon 1 Dec 2025?"),
        ({"birthday": "9999-12-31"}, "This is in the future. Did you mean Wed 31 Dec 2025?"),
        ({"birthday": "1966-11-22"}, "more than 60 years ago"),
        ({"birthday": "0001-01-01"}, "more than 60 years ago"),
        ({"name": (BytesIO(b"x"), "name.txt")}, "Please write your pet’s name."),
        ({"birthday": (BytesIO(b"x"), "day.txt"), "name": ""}, "Please write your pet’s name."),
        ({"photo": (BytesIO(b"hello"), "notes.txt")}, "Choose a photo"),
        ({"photo": (BytesIO(), "empty.jpg")}, "This file is empty."),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(  # PET-4
    browse: Browse, rosa: Client, typed: dict[str, object], words: str
) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 15, tzinfo=UTC), tick=False):
        browser = browse(rosa)
        part = browser.swap("/pets", data=form(**{"breed": "Ocelot & friends", **typed}))
    assert part.status_code == 422
    assert words in part.text
    assert part.text.startswith("<form")
    assert ("Ocelot &amp; friends" in part.text) == ("breed" not in typed)
    assert db.session.query(Pet).count() == 4
    assert db.session.query(History).count() == db.session.query(Notice).count() == 0


def test_a_wrong_form_without_javascript_is_a_page(browse: Browse, rosa: Client) -> None:  # PET-4, NAV-7
    page = browse(rosa).post("/pets", data=form(name="", birthday="2200-01-01"))
    assert page.status_code == 422
    assert "<h1>Add Pet</h1>" in page.text
    assert "2 things to mend" in page.text
    assert 'value="2200-01-01"' in page.text


def test_the_last_day_that_a_birthday_can_be(browse: Browse, rosa: Client) -> None:  # PET-4
    before, after = datetime(2026, 11, 24, 4, 59, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    for moment, status in ((before, 422), (after, 303)):
        with time_machine.travel(moment, tick=False):
            assert browse(rosa).post("/pets", data=form(birthday="2026-11-24")).status_code == status


def test_a_full_house_takes_no_more(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-4
    for number in range(47):
        pets.add(rosa, name=f"Hen {number}", animal=biscuit.animal, by=as_client(rosa), at=cast.NOON)
    answer = browse(rosa).post("/pets", data=form())
    assert answer.status_code == 422
    assert "50 pets" in answer.text
    assert named("Luna") is None


def test_the_form_proposes_breeds_and_takes_any(browse: Browse, rosa: Client) -> None:  # PET-4
    page = browse(rosa).get("/pets/new").text
    assert '<option data-of="dog" value="Cocker Spaniel">' in page
    assert '<option data-of="cat" value="Maine Coon">' in page
    assert 'list="breeds"' in page
    assert '<option data-of="dog" value="' in page.split("<select")[1]


# ---------------------------------------------------------------- changing


def test_changing_a_profile(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-4
    answer = browse(rosa).swap(f"/pets/{biscuit.id}/profile", data=form(name="Biscotti", breed="Beagle"))
    assert answer.headers["HX-Redirect"] == f"/pets/{biscuit.id}"
    assert (biscuit.name, biscuit.breed, biscuit.gender) == ("Biscotti", "Beagle", Gender.FEMALE)
    told = [(row.field, row.old, row.new) for row in db.session.query(History).order_by(History.id)]
    assert told == [("Name", "Biscuit", "Biscotti"), ("Gender", "Unknown", "Female"), ("Breed", "", "Beagle")]
    assert [row.text for row in db.session.query(Notice)] == ["Rosa Delgado changed Biscuit: Name, Gender, Breed"]


def test_changing_without_javascript(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-4, NAV-7
    biscuit.gender, biscuit.birthday = Gender.MALE, date(2022, 3, 12)
    db.session.commit()
    browser = browse(rosa)
    page = browser.get(f"/pets/{biscuit.id}/profile").text
    for kept in ('value="Biscuit"', '<option selected value="male">', 'value="2022-03-12"'):
        assert kept in page
    answer = browser.post(f"/pets/{biscuit.id}/profile", data=form(name="Biscotti"))
    assert (answer.status_code, answer.location) == (303, f"/pets/{biscuit.id}")
    assert "Biscotti’s profile is updated." in browser.get(answer.location).text


def test_a_wrong_change_changes_nothing(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-4
    sent = form(name="", breed="Beagle", photo=photo())
    part = browse(rosa).swap(f"/pets/{biscuit.id}/profile", data=sent)
    assert part.status_code == 422
    assert f'action="/pets/{biscuit.id}/profile"' in part.text
    assert 'value="Beagle"' in part.text
    assert (biscuit.name, biscuit.breed, biscuit.photo_id) == ("Biscuit", "", None)
    assert db.session.query(File).count() == db.session.query(History).count() == 0


def test_a_stranger_finds_no_pet(browse: Browse, omar: Client, biscuit: Pet) -> None:  # PET-2, PET-4
    browser = browse(omar)
    for path in ("", "/profile", "/photo", "/vaccines", "/bookings/upcoming", "/bookings/past"):
        assert browser.get(f"/pets/{biscuit.id}{path}").status_code == 404
    assert browser.post(f"/pets/{biscuit.id}/profile", data=form()).status_code == 404
    assert biscuit.name == "Biscuit"


def test_staff_use_another_door(browse: Browse, nina: Member, biscuit: Pet) -> None:  # PET-4, SI-1
    for path in ("/pets", f"/pets/{biscuit.id}/profile"):
        answer = browse(nina).post(path, data=form())
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")
    assert db.session.query(Pet).count() == 4


def test_a_photo_replaced_removed_and_refused(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # PET-4
    browser, address = browse(rosa), f"/pets/{biscuit.id}/profile"
    browser.post(address, data=form(name="Biscuit", photo=photo()))
    first = biscuit.photo_id
    assert first
    refused = browser.swap(address, data=form(name="Biscuit", breed="Beagle", photo=photo("cv.pdf", samples.pdf())))
    assert refused.status_code == 422
    assert "This is a PDF. Choose a photo" in refused.text
    assert (biscuit.photo_id, biscuit.breed) == (first, "")
    browser.post(address, data=form(name="Biscuit", photo=photo("park.png", samples.png())))
    assert biscuit.photo_id not in (None, first)
    browser.post(address, data=form(name="Biscuit", remove_photo="y"))
    assert biscuit.photo_id is None


def test_photos_without_end_are_told_to_wait(  # PET-4
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "FILES", replace(allowances.FILES, most=1))
    browser, address = browse(rosa), f"/pets/{biscuit.id}/profile"
    assert browser.post(address, data=form(name="Biscuit", photo=photo())).status_code == 303
    first = biscuit.photo_id
    for path in (address, "/pets"):
        refused = browser.swap(path, data=form(name="Luna", photo=photo()))
        assert refused.status_code == 422
        assert re.search(r'id="photo-error".*These are many files\. Please wait 60 minutes', refused.text)
    assert (biscuit.name, biscuit.photo_id, named("Luna")) == ("Biscuit", first, None)
    assert db.session.query(File).count() == 1
    assert browser.post(address, data=form(name="Biscuit")).status_code == 303, "a name alone is no file"
    assert browse(omar).post("/pets", data=form(photo=photo())).status_code == 303, "each has an allowance of their own"


def test_a_photo_is_served_small_in_lists_and_large_on_its_page(  # PET-1, PET-2
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:
    biscuit.photo = files.keep_photo(BytesIO(samples.jpeg(1, 900, 600)), PHOTO, at=cast.NOON)
    db.session.commit()
    browser = browse(rosa)
    large = f"/pets/{biscuit.id}/photo?v={biscuit.photo_id}&amp;size=l"
    assert f'src="{large}"' in browser.get(f"/pets/{biscuit.id}").text
    for address, width in ((large.replace("&amp;", "&"), 512), (f"/pets/{biscuit.id}/photo", 128)):
        answer = browser.get(address)
        assert answer.mimetype == "image/webp"
        assert Image.open(BytesIO(answer.data)).width == width
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_zone_of_the_business_decides_what_is_expiring(browse: Browse, rosa: Client, juno: Pet) -> None:  # VAX-2
    edge = date(2026, 12, 24)
    give(juno, Rabies=edge, Bordetella=edge)
    business = db.session.query(Business).one()
    before, after = datetime(2026, 11, 24, 4, 59, tzinfo=UTC), datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
    for moment, flagged in ((before, False), (after, True)):
        with time_machine.travel(moment, tick=False):
            assert ("Expiring" in row_of(browse(rosa).get("/pets").text, juno)) is flagged
    business.time_zone = "Europe/Berlin"
    db.session.commit()
    with time_machine.travel(before, tick=False):
        assert "Expiring" in row_of(browse(rosa).get("/pets").text, juno)
    business.vaccine_days = 29
    db.session.commit()
    with time_machine.travel(before, tick=False):
        assert "Expiring" not in row_of(browse(rosa).get("/pets").text, juno)
