"""Settings: who sees which section; the business, its locations and portal; vaccines; rules about cancelling."""

from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

import pytest
from flask import Flask

from portal import colours
from portal.db import db
from portal.models import Business, Client, Location, Member, Pet, Role, Service, Vaccination, VaccineKind
from portal.rules import (
    bookings,
    business,
    cancel_rules,
    desk_days,
    locations,
    pet_profiles,
    sessions,
    vaccine_kinds,
    vaccines,
)
from portal.rules.actors import as_member
from portal.rules.business import the_business
from portal.rules.cancelling import cut_off
from portal.rules.references import in_use
from portal.rules.refused import Refused
from portal.rules.standing import standing
from tests import cast, samples
from tests.conftest import Browse

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
SHOP = {
    "name": "Maple & Paw",
    "tagline": "A good night’s sleep",
    "colour": "#8a1f4b",
    "email": "hi@example.com",
    "phone": "(212) 555-0199",
    "time_zone": "America/Chicago",
    "country": "US",
    "currency": "CAD",
}


def place(name: str) -> Location:
    return db.session.query(Location).filter_by(name=name).one()


def kind(name: str) -> VaccineKind:
    return db.session.query(VaccineKind).filter_by(name=name).one()


@pytest.mark.parametrize(
    ("role", "shown", "hidden"),
    [
        (Role.TEAM, {"My Account"}, {"Business", "Locations", "Staff", "Client Portal", "Vaccine Kinds"}),
        (Role.MANAGER, {"My Account", "Locations", "Client Portal", "Cancellation"}, {"Business", "Staff"}),
        (Role.OWNER, {"My Account", "Locations", "Business", "Staff", "Vaccine Kinds"}, set()),
    ],
)
def test_each_sees_the_sections_that_are_theirs(
    browse: Browse, theo: Member, role: Role, shown: set[str], hidden: set[str]
) -> None:  # POR-9
    theo.role = role
    db.session.commit()
    page = browse(theo).get("/desk/settings").text
    assert {name for name in shown | hidden if f">{name}</a>" in page} == shown
    assert "/desk/settings" in browse(theo).get("/desk/").text


def test_an_owner_describes_the_business(browse: Browse, nina: Member, rosa: Client) -> None:  # POR-1
    browser = browse(nina)
    assert 'value="(212) 555-0148"' in browser.get("/desk/settings/business").text
    logo = (BytesIO(samples.jpeg()), "logo.jpg")
    answer = browser.post("/desk/settings/business", data={**SHOP, "logo": logo, "hide_name": "y"})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/business")
    shop = the_business()
    assert {name: getattr(shop, name) for name in SHOP} == {**SHOP, "phone": "+12125550199"}
    assert shop.hide_name
    assert shop.logo_id
    assert f"/logo?v={shop.logo_id}" in browse(rosa).get("/").text
    assert f"/logo?v={shop.logo_id}" in browse().get("/sign-in").text
    assert browse().get("/logo").mimetype == "image/webp"
    assert "brand-8a1f4b.css" in browse(rosa).get("/").text
    again = browser.swap("/desk/settings/business", data={**SHOP, "remove_logo": "y"})
    assert again.headers["HX-Redirect"] == "/desk/settings/business"
    assert the_business().logo_id is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Type the name of the business."),
        ({"colour": "blue"}, "A colour is written like #2f6f6b."),
        ({"email": "nowhere"}, "This is no e-mail address yet."),
        ({"phone": "12"}, "This is no phone number that can be called."),
        ({"time_zone": "Mars/Olympus"}, "Choose a time zone from the list."),
        ({"country": "XX"}, "Choose a country from the list."),
        ({"currency": "XXX"}, "Choose a currency from the list."),
        ({"hide_name": "y"}, "Without a logo the name must be seen."),
    ],
)
def test_what_is_wrong_about_the_business_is_said(
    browse: Browse, nina: Member, wrong: dict[str, str], words: str
) -> None:  # POR-1
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask("/desk/settings/business", data={**SHOP, **wrong})
        assert answer.status_code == 422
        assert words in answer.text
        assert "A good night’s sleep" in answer.text, "what was typed stays"
    assert the_business().tagline == ""


def test_a_logo_that_is_none_is_refused_beside_its_field(browse: Browse, nina: Member) -> None:  # POR-1
    data = {**SHOP, "logo": (BytesIO(b"not a picture"), "logo.png")}
    answer = browse(nina).post("/desk/settings/business", data=data)
    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text


def test_the_currency_stays_once_prices_were_agreed_on(browse: Browse, nina: Member, rosa: Client) -> None:  # POR-1
    cast.booking(rosa, rosa.pets, "Full Groom", AT, made_at=AT)
    answer = browse(nina).post("/desk/settings/business", data=SHOP)
    assert answer.status_code == 422
    assert "prices in USD already, so the currency stays." in answer.text
    assert the_business().currency == "USD"
    assert browse(nina).post("/desk/settings/business", data={**SHOP, "currency": "USD"}).status_code == 303


@pytest.mark.parametrize("colour", ["#ffd500", "#ffffff", "#ff0000", "#777777", "#00ff00", "#1f6866", "#000000"])
def test_the_nearest_readable_colour_can_be_read(colour: str) -> None:  # POR-1
    shade = colours.readable(colour)
    assert colours.contrast(shade) >= 4.5
    assert (shade == colour) == colours.is_readable(colour)


def test_contrast_is_counted_as_wcag_counts_it() -> None:  # POR-1
    assert colours.contrast("#000000") == pytest.approx(21)
    assert colours.contrast("#ffffff") == pytest.approx(1)
    assert colours.contrast("#767676") == pytest.approx(4.54, abs=0.01)


def test_a_colour_that_hides_words_is_warned_of_and_a_readable_one_offered(
    browse: Browse, nina: Member
) -> None:  # POR-1
    browser = browse(nina)
    shade = colours.readable("#ffd500")
    part = browser.swap("/desk/settings/business/colour?colour=%23FFD500", "get")
    assert "hard to read" in part.text
    assert f"Save with {shade}" in part.text
    assert "<h1>" not in part.text
    assert "can be read well" in browser.get("/desk/settings/business/colour?colour=%23123456").text
    assert "<h1>" in browser.get("/desk/settings/business/colour?colour=%22%3E%3Cb%3E").text
    assert "Save with" not in browser.get("/desk/settings/business/colour?colour=%23FFD500").text
    assert browser.post("/desk/settings/business", data={**SHOP, "colour": "#ffd500"}).status_code == 303
    page = browser.get("/desk/settings/business").text
    assert f"Save with {shade}" in page
    browser.post("/desk/settings/business", data={**SHOP, "colour": "#ffd500", "readable": shade})
    assert the_business().colour == shade


def test_what_clients_find_in_the_portal_is_chosen(
    browse: Browse, nina: Member, rosa: Client
) -> None:  # POR-4, POR-7, POR-10
    data = {"header_label": "Shop", "header_link": "https://shop.example.com/treats", "neutral_answers": "y"}
    answer = browse(nina).post("/desk/settings/portal", data=data)
    assert (answer.status_code, answer.location) == (303, "/desk/settings/portal")
    shop = the_business()
    assert (shop.registration_open, shop.neutral_answers, shop.uploads_open) == (False, True, False)
    assert 'href="https://shop.example.com/treats"' in browse(rosa).get("/").text
    assert "/register" not in browse().get("/sign-in").text
    assert browse().post("/password", data={"email": "nobody@example.com"}).status_code == 303
    part = browse(nina).swap("/desk/settings/portal", data={"registration_open": "y", "uploads_open": "y"})
    assert part.status_code == 200
    assert "Saved." in part.text
    assert the_business().registration_open
    assert "shop.example.com" not in browse(rosa).get("/").text


@pytest.mark.parametrize(
    ("label", "link"),
    [
        ("Shop", "http://shop.example.com"),
        ("Shop", "javascript:alert(1)"),
        ("Shop", "https://"),
        ("Shop", "https://nina:secret@example.com/"),
        ("Shop", "https://exam ple.com/"),
        ("Shop", "//example.com"),
        ("Shop", ""),
        ("", "https://shop.example.com"),
    ],
)
def test_a_button_leads_to_a_safe_page_or_nowhere(browse: Browse, nina: Member, label: str, link: str) -> None:  # POR-4
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask("/desk/settings/portal", data={"header_label": label, "header_link": link})
        assert answer.status_code == 422
    assert (the_business().header_label, the_business().registration_open) == ("", True)


def test_a_location_is_added_and_changed(browse: Browse, nina: Member) -> None:  # POR-1
    browser = browse(nina)
    data = {"name": "Hilltop", "address": "1 Hill Road, Kingston", "phone": "", "time_zone": "America/Denver"}
    answer = browser.post("/desk/settings/locations", data=data)
    assert (answer.status_code, answer.location) == (303, "/desk/settings/locations")
    hilltop = place("Hilltop")
    assert "Hilltop" in browser.get("/desk/").text
    changed = browser.swap(f"/desk/settings/locations/{hilltop.id}", data={**data, "name": "Hillside"})
    assert changed.headers["HX-Redirect"] == "/desk/settings/locations"
    assert place("Hillside").time_zone == "America/Denver"
    for path in ("", f"/{hilltop.id}"):
        wrong = browser.post(f"/desk/settings/locations{path}", data={**data, "name": "", "time_zone": "Nowhere"})
        assert wrong.status_code == 422
        assert "2 things to mend" in wrong.text
        assert "1 Hill Road" in wrong.text


def test_a_location_where_nothing_has_been_can_be_removed(browse: Browse, nina: Member, rosa: Client) -> None:  # POR-1
    browser, river, maple = browse(nina), place("Riverside"), place("Maple Street")
    cast.booking(rosa, rosa.pets, "Daycare", AT, made_at=AT)
    assert "/removal" in browser.get(f"/desk/settings/locations/{river.id}").text
    assert "/removal" not in browser.get(f"/desk/settings/locations/{maple.id}").text
    used = browser.post(f"/desk/settings/locations/{maple.id}/removal")
    assert used.status_code == 422
    assert "has bookings, so it cannot be removed. Deactivate it instead." in used.text
    gone = browser.post(f"/desk/settings/locations/{river.id}/removal")
    assert (gone.status_code, gone.location) == (303, "/desk/settings/locations")
    assert db.session.query(Location).count() == 1
    with pytest.raises(Refused, match="only location that is open"):
        locations.deactivate(maple, at=AT + timedelta(days=30))


def test_what_may_come_back_is_expected_and_what_is_called_off_is_not(rosa: Client, nina: Member) -> None:  # POR-1
    ahead, maple = AT + timedelta(days=3), place("Maple Street")
    session = cast.session("Agility", ahead)
    sessions.call_off(session, "this", by=as_member(nina), at=AT)
    booked = cast.booking(rosa, rosa.pets, "Daycare", ahead, made_at=AT)
    bookings.cancel(booked, by=as_member(nina), at=AT)
    with pytest.raises(Refused, match="still expected"):
        locations.deactivate(maple, at=AT + timedelta(minutes=9))
    locations.deactivate(maple, at=AT + timedelta(minutes=11))


def test_a_location_is_closed_when_nobody_is_expected_there(
    browse: Browse, nina: Member, rosa: Client
) -> None:  # POR-1, FD-1
    ahead = datetime.now(UTC) + timedelta(days=3)
    booked = cast.booking(rosa, rosa.pets, "Daycare", ahead, made_at=AT)
    browser, maple = browse(nina), place("Maple Street")
    refused = browser.post(f"/desk/settings/locations/{maple.id}/deactivation")
    assert refused.status_code == 422
    assert "Somebody is still expected at Maple Street" in refused.text
    locations.deactivate(maple, at=booked.ends_at + timedelta(days=1))
    assert [row.name for row in desk_days.places()[0]] == ["Riverside"]
    assert "Deactivated" in browser.get("/desk/settings/locations").text
    assert browser.post(f"/desk/settings/locations/{maple.id}/deactivation").status_code == 422
    assert browser.post(f"/desk/settings/locations/{maple.id}/reactivation").status_code == 303
    assert browser.post(f"/desk/settings/locations/{maple.id}/reactivation").status_code == 422
    assert len(desk_days.places()[0]) == 2
    river = place("Riverside")
    assert browser.post(f"/desk/settings/locations/{river.id}/deactivation").status_code == 303
    assert river.deactivated_at


def test_a_vaccine_is_added_renamed_and_moved(browse: Browse, nina: Member, biscuit: Pet) -> None:  # POR-2, VAX-2
    browser, dog = browse(nina), biscuit.animal_id
    answer = browser.post("/desk/settings/vaccines", data={"name": "Lyme", "animal_id": str(dog), "required": "y"})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/vaccines")
    lyme = kind("Lyme")
    assert lyme.required
    names = [row.name for row in vaccines.vaccines(biscuit.id, today=date(2026, 11, 23), days=30)]
    assert names == ["Rabies", "Bordetella", "Leptospirosis", "Lyme"]
    part = browser.swap(f"/desk/settings/vaccines/{lyme.id}/place", data={"to": "up"})
    assert part.text.index("Lyme") < part.text.index("Leptospirosis")
    assert browser.post(f"/desk/settings/vaccines/{lyme.id}/place", data={"to": "up"}).status_code == 303
    names = [row.name for row in vaccines.vaccines(biscuit.id, today=date(2026, 11, 23), days=30)]
    assert names == ["Rabies", "Lyme", "Bordetella", "Leptospirosis"]
    assert browser.post(f"/desk/settings/vaccines/{lyme.id}", data={"name": "Borreliosis"}).status_code == 303
    assert (lyme.name, lyme.required) == ("Borreliosis", False)
    lyme.retired_at = cast.NOON
    db.session.commit()
    answer = browser.post(f"/desk/settings/vaccines/{lyme.id}/place", data={"to": "up"})
    assert (answer.status_code, "Borreliosis is retired." in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"name": "rabies", "animal_id": "1"}, "Rabies is on the list already."),
        ({"name": "", "animal_id": "1"}, "Type the name of the vaccine."),
        ({"name": "Lyme", "animal_id": "99"}, "Choose one of these."),
    ],
)
def test_a_vaccine_that_cannot_be_added_says_why(
    browse: Browse, nina: Member, biscuit: Pet, data: dict[str, str], words: str
) -> None:  # POR-2
    data = {**data, "animal_id": data["animal_id"].replace("1", str(biscuit.animal_id))}
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask("/desk/settings/vaccines", data=data)
        assert (answer.status_code, words in answer.text) == (422, True)
    bordetella = kind("Bordetella")
    taken = browse(nina).post(f"/desk/settings/vaccines/{bordetella.id}", data={"name": "RABIES", "required": "y"})
    assert (taken.status_code, bordetella.name) == (422, "Bordetella")


def test_a_vaccine_in_use_is_retired_and_keeps_what_is_on_file(
    browse: Browse, nina: Member, rosa: Client, biscuit: Pet
) -> None:  # POR-2
    browser, rabies, lepto = browse(nina), kind("Rabies"), kind("Leptospirosis")
    on_file = Vaccination(client_id=rosa.id, pet_id=biscuit.id, vaccine_kind_id=rabies.id, expires_on=date(2026, 1, 1))
    db.session.add(on_file)
    db.session.commit()
    before = pet_profiles.profile(rosa.id, biscuit.id, today=date(2026, 11, 23), days=30)
    assert browser.post(f"/desk/settings/vaccines/{lepto.id}/removal").status_code == 303
    assert db.session.query(VaccineKind).filter_by(name="Leptospirosis").count() == 0
    answer = browser.post(f"/desk/settings/vaccines/{rabies.id}/removal")
    assert answer.status_code == 303
    assert rabies.retired_at
    assert db.session.get(Vaccination, on_file.id)
    assert "Rabies" not in browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text
    assert browse(rosa).get(f"/pets/{biscuit.id}/vaccines/{rabies.id}").status_code == 404
    after = pet_profiles.profile(rosa.id, biscuit.id, today=date(2026, 11, 23), days=30)
    assert before
    assert after
    assert before != after, "an expired vaccine that nobody asks for flags nobody"
    with pytest.raises(vaccine_kinds.Taken, match="Bring it back instead"):
        vaccine_kinds.add(rabies.animal, "Rabies", required=True)
    db.session.rollback()
    assert browser.post(f"/desk/settings/vaccines/{rabies.id}/return").status_code == 303
    assert browser.post(f"/desk/settings/vaccines/{rabies.id}/return").status_code == 422
    assert "Rabies" in browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text


@pytest.mark.parametrize(
    ("written", "days"), [("14", 14), ("0", 0), ("365", 365), ("366", None), ("-1", None), ("x", None)]
)
def test_the_days_of_warning_are_chosen(browse: Browse, nina: Member, written: str, days: int | None) -> None:  # VAX-2
    part = browse(nina).swap("/desk/settings/vaccines/days", data={"vaccine_days": written})
    plain = browse(nina).post("/desk/settings/vaccines/days", data={"vaccine_days": written})
    assert (part.status_code, plain.status_code) == ((422, 422) if days is None else (200, 303))
    assert the_business().vaccine_days == (30 if days is None else days)


def test_a_new_rule_holds_for_new_bookings_only(browse: Browse, nina: Member, rosa: Client) -> None:  # BK-4, POR-2
    groom = cast.service("Full Groom")
    starts = datetime(2026, 11, 27, 14, tzinfo=UTC)
    old = cast.booking(rosa, rosa.pets, "Full Groom", starts, made_at=AT)
    data = {"cancel_allowed": "y", "cancel_hours": "48", "cancel_day_before_at": "18:00"}
    part = browse(nina).swap(f"/desk/settings/cancellation/{groom.id}", data=data)
    assert part.status_code == 200
    assert "Saved." in part.text
    assert "You can cancel until" in part.text
    assert (groom.cancel_hours, groom.cancel_day_before_at) == (48, time(18))
    later = starts + timedelta(hours=5)
    new = cast.booking(rosa, rosa.pets, "Full Groom", later, made_at=AT)
    assert cut_off(standing(old.id)) == starts - timedelta(hours=24)
    assert cut_off(standing(new.id)) == later - timedelta(hours=48)
    plain = browse(nina).post(f"/desk/settings/cancellation/{groom.id}", data={"cancel_allowed": "y"})
    assert (plain.status_code, plain.location) == (303, f"/desk/settings/cancellation/{groom.id}")
    assert (groom.cancel_hours, groom.cancel_day_before_at) == (0, None)
    for wrong in ({"cancel_hours": "721"}, {"cancel_hours": "a"}, {"cancel_day_before_at": "25:00"}):
        answer = browse(nina).post(f"/desk/settings/cancellation/{groom.id}", data={**data, **wrong})
        assert answer.status_code == 422
    assert groom.cancel_hours == 0


@pytest.mark.parametrize(
    ("rule", "words", "read"),
    [
        ((False, 24, None), "Clients cannot cancel it themselves", "“Test cannot be cancelled here.”"),
        ((True, 0, None), "Until the start", "“You can cancel until Sat 28 Nov, 9:00 AM EST.”"),
        ((True, 1, None), "Until 1 hour before the start", "until Sat 28 Nov, 8:00 AM EST.”"),
        ((True, None, time(18)), "Until 6:00 PM on the day before", "until Fri 27 Nov, 6:00 PM EST.”"),
        (
            (True, 12, time(18)),
            "Until 12 hours before the start or 6:00 PM on the day before, whichever is earlier",
            "until Fri 27 Nov, 6:00 PM EST.”",
        ),
    ],
)
def test_a_rule_is_said_as_clients_read_it(
    rule: tuple[bool, int | None, time | None], words: str, read: str
) -> None:  # BK-4
    allowed, hours, day_before = rule
    service = Service(name="Test", cancel_allowed=allowed, cancel_hours=hours, cancel_day_before_at=day_before)
    assert cancel_rules.words(service).replace("\u202f", " ").replace("\u00a0", " ") == words
    said = cancel_rules.reads(service, "America/New_York", AT).replace("\u202f", " ").replace("\u00a0", " ")
    assert said.startswith("Booked for Sat 28 Nov, 9:00 AM: “")
    assert read in said


@pytest.mark.parametrize(
    "path",
    [
        "/desk/settings/locations/999",
        "/desk/settings/vaccines/999",
        "/desk/settings/cancellation/999",
        "/desk/settings/staff/999",
    ],
)
def test_what_is_not_there_is_not_found(browse: Browse, nina: Member, path: str) -> None:
    assert browse(nina).get(path).status_code == 404
    assert browse(nina).post(path).status_code == 404


def test_whatever_points_at_a_row_keeps_it(app: Flask, rosa: Client) -> None:
    cast.booking(rosa, rosa.pets, "Daycare", AT, made_at=AT)
    assert in_use(place("Maple Street"))
    assert not in_use(place("Riverside"))


def test_the_business_changes_only_what_is_given(app: Flask) -> None:
    business.change(the_business(), vaccine_days=9)
    shop = db.session.query(Business).one()
    assert (shop.vaccine_days, shop.name) == (9, "Maple & Paw")
