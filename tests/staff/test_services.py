"""Services in the settings: the form that fits the kind, its bounds, what is tied to it, retiring."""

import re
from datetime import time
from typing import Any

import pytest

from portal.db import db
from portal.inputs.amounts import minor
from portal.models import (
    Access,
    Animal,
    Client,
    Location,
    Member,
    Offering,
    Provider,
    QueueCheck,
    Service,
    ServiceAnimal,
    ServiceKind,
    ServiceProvider,
    VaccineCheck,
)
from portal.rules import service_ties
from tests import cast
from tests.conftest import Browse

PATH = "/desk/settings/services"
WALK: dict[str, Any] = {
    "name": "Forest Walk",
    "kind": "group",
    "description": "Two hours among trees.",
    "price": "1,250.50",
    "minutes": "120",
    "access": "link",
    "waitlist_open": "y",
    "notice": "2",
    "notice_unit": "days",
    "ahead": "4",
    "ahead_unit": "weeks",
    "vaccine_check": "warn",
    "least_months": "6",
    "most_months": "",
}


@pytest.fixture
def shop(app: object) -> None:
    cast.open_shop()


def place(name: str) -> Location:
    return db.session.query(Location).filter_by(name=name).one()


def as_typed(page: str) -> dict[str, Any]:
    """What the form on the page would send back."""
    form = page.split('<form class="form kinds"')[1].split("</form>")[0]
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        words = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if words.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        found.setdefault(words["name"], []).append(words.get("value", "y"))
    for name, inside in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option selected value="([^"]*)"', inside) or re.search(r'value="([^"]*)"', inside)
        found[name] = [chosen[1] if chosen else ""]
    for name, inside in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', form, re.S):
        found[name] = [inside]
    return found


def test_the_list_shows_what_can_be_booked_and_what_is_missing(
    browse: Browse, nina: Member, rosa: Client
) -> None:  # POR-2, SB-2
    browser = browse(nina)
    page = browser.get(PATH).text
    assert "Individual appointment\u00a0· 90\u00a0min\u00a0· $85.00" in page
    assert page.count("Cannot be booked") == 4
    cast.open_shop()
    cast.service("Daycare").access = Access.MEMBERS
    db.session.commit()
    page = browser.get(PATH).text
    assert page.count("Cannot be booked") == 1, "no membership opens it"
    assert "no membership opens it" in browser.get(f"{PATH}/{cast.service('Daycare').id}").text
    assert browse(rosa).get(PATH).status_code == 302


@pytest.mark.parametrize("scripted", [True, False])
def test_a_service_is_added(
    browse: Browse, nina: Member, shop: None, scripted: bool
) -> None:  # POR-2, SB-2, SB-3, SB-4
    browser, dog = browse(nina), db.session.query(Animal).filter_by(name="Dog").one()
    theo = db.session.query(Provider).one()
    river = place("Riverside")
    data = {**WALK, "animals": [str(dog.id)], "locations": [str(river.id)], "providers": [str(theo.id)]}
    assert browser.get(f"{PATH}/new").status_code == 200
    answer = browser.swap(PATH, data=data) if scripted else browser.post(PATH, data=data)
    walk = cast.service("Forest Walk")
    then = f"{PATH}/{walk.id}"
    assert (answer.headers["HX-Redirect"] if scripted else answer.location) == then
    assert (walk.kind, walk.price, walk.minutes, walk.access) == (ServiceKind.GROUP, 125050, 120, Access.LINK)
    assert (walk.notice_minutes, walk.ahead_days, walk.least_months, walk.most_months) == (2880, 28, 6, None)
    assert (walk.vaccine_check, walk.needs_approval, walk.waitlist_open) == (VaccineCheck.WARN, False, True)
    assert db.session.query(ServiceAnimal).filter_by(service_id=walk.id).one().animal_id == dog.id
    assert db.session.query(Offering).filter_by(service_id=walk.id).one().location_id == river.id
    page = browser.get(then).text
    assert f'value="http://localhost/book-online?service={walk.id}"' in page
    assert "Reschedule: until the start" in page


@pytest.mark.parametrize("name", ["Full Groom", "Daycare", "Agility", "Boarding"])
def test_what_is_saved_unchanged_stays_as_it_was(
    browse: Browse, nina: Member, rosa: Client, shop: None, name: str
) -> None:  # POR-2
    service = cast.service(name)
    service.notice_minutes, service.ahead_days, service.most_months = 90, 70, 120
    service.arrives_at, service.leaves_at = time(7, 30), time(18)
    service.minutes = 630 if name == "Daycare" else 60
    cast.booking(rosa, rosa.pets, name, cast.NOON, made_at=cast.NOON)
    db.session.commit()

    def all_of_it() -> tuple[Any, ...]:
        db.session.refresh(service)
        columns = {column.name: getattr(service, column.name) for column in Service.__table__.columns}
        return columns, service_ties.chosen(service)

    before = all_of_it()
    browser = browse(nina)
    typed = as_typed(browser.get(f"{PATH}/{service.id}").text)
    assert browser.post(f"{PATH}/{service.id}", data=typed).status_code == 303
    assert all_of_it() == before


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": " "}, "Type the name of the service."),
        ({"name": "full groom"}, "There is a service “Full Groom” already."),
        ({"kind": "party"}, "Choose one of these."),
        ({"price": "1.250,00"}, "Write the amount with figures, like 12 or 1250.00."),
        ({"price": "12,50"}, "Write the amount with figures"),
        ({"price": "-5"}, "Write the amount with figures"),
        ({"price": "900000"}, "This is more than 100,000."),
        ({"minutes": "0"}, "Type a number from 5 to 1,440."),
        ({"minutes": "٣٠"}, "Type a number from 5 to 1,440."),
        ({"kind": "individual", "buffer_before": "-1"}, "Type a number from 0 to 240."),
        ({"kind": "individual", "every_minutes": "7"}, "Choose one of these."),
        ({"kind": "day", "arrives_at": "", "leaves_at": "18:00"}, "Type the time from which pets are brought"),
        ({"kind": "day", "arrives_at": "18:00", "leaves_at": "07:00"}, "The end of the day lies before its beginning."),
        ({"kind": "stay", "arrives_at": "15:00", "leaves_at": "25:00"}, "Type a time of day, such as 18:00."),
        (
            {"kind": "stay", "arrives_at": "15:00", "leaves_at": "11:00", "least_nights": "3", "most_nights": "2"},
            "The most nights are fewer than the least.",
        ),
        ({"least_months": "12", "most_months": "6"}, "The oldest is younger than the youngest."),
        ({"access": "friends"}, "Choose one of these."),
        ({"notice": "61"}, "This is more than 60 days."),
        ({"ahead": "200"}, "This is more than 730 days."),
        ({"animals": ["999"]}, "Choose from what is offered here."),
    ],
)
def test_a_service_that_cannot_be_says_why(
    browse: Browse, nina: Member, shop: None, wrong: dict[str, Any], words: str
) -> None:  # POR-2
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask(PATH, data={**WALK, **wrong})
        assert (answer.status_code, words in answer.text) == (422, True)
        assert "Two hours among trees." in answer.text, "what was typed stays"
    assert db.session.query(Service).count() == 4


def test_what_does_not_fit_the_kind_is_not_asked(browse: Browse, nina: Member, shop: None) -> None:  # POR-2, SB-2
    odd = {"every_minutes": "x", "buffer_before": "x", "arrives_at": "x", "least_nights": "x"}
    maple = place("Maple Street").id
    answer = browse(nina).post(PATH, data={**WALK, **odd, "locations": [str(maple)], f"places_{maple}": "x"})
    assert answer.status_code == 303
    stay = {**WALK, "kind": "stay", "name": "Camp", "arrives_at": "15:00", "leaves_at": "11:00", "least_nights": "2"}
    answer = browse(nina).post(PATH, data={**stay, "locations": [str(maple)], f"places_{maple}": "8", "minutes": ""})
    assert answer.status_code == 303
    camp = cast.service("Camp")
    assert (camp.least_nights, camp.most_nights, camp.arrives_at) == (2, None, time(15))
    assert db.session.query(Offering).filter_by(service_id=camp.id).one().places == 8


def test_the_kind_stays_once_there_are_bookings(
    browse: Browse, nina: Member, rosa: Client, shop: None
) -> None:  # POR-2
    groom, browser = cast.service("Full Groom"), browse(nina)
    path = f"{PATH}/{groom.id}"
    assert 'name="kind"' in browser.get(path).text
    typed = {**as_typed(browser.get(path).text), "kind": "group"}
    assert browser.post(path, data=typed).status_code == 303
    assert cast.service("Full Groom").kind == ServiceKind.GROUP
    browser.post(path, data={**typed, "kind": "individual"})
    cast.booking(rosa, rosa.pets, "Full Groom", cast.NOON, made_at=cast.NOON)
    assert 'name="kind"' not in browser.get(path).text
    assert browser.post(path, data={**typed, "kind": "group"}).status_code == 303
    assert cast.service("Full Groom").kind == ServiceKind.INDIVIDUAL, "the form does not ask, and the rule holds"
    with pytest.raises(Exception, match="so it stays “Individual appointment”"):
        service_change(groom)


def service_change(groom: Service) -> None:
    from portal.rules import services

    facts = {"name": "Full Groom"}
    services.change(groom, ServiceKind.GROUP, facts, ticked={}, places={}, at=cast.NOON)


def test_more_places_ask_those_who_wait(browse: Browse, nina: Member, shop: None) -> None:  # WL-4
    daycare, maple, browser = cast.service("Daycare"), place("Maple Street"), browse(nina)
    path, field = f"{PATH}/{daycare.id}", f"places_{maple.id}"
    typed = as_typed(browser.get(path).text)
    assert typed[field] == ["10"]
    for places, checks in (("8", 0), ("8", 0), ("12", 1), ("", 2)):
        assert browser.post(path, data={**typed, field: places}).status_code == 303
        assert db.session.query(QueueCheck).count() == checks
    assert db.session.query(Offering).filter_by(service_id=daycare.id, location_id=maple.id).one().places is None
    assert browser.post(path, data={**typed, "locations": []}).status_code == 303
    assert db.session.query(Offering).filter_by(service_id=daycare.id).count() == 0


def test_what_is_retired_stays_tied(browse: Browse, nina: Member, shop: None) -> None:  # POR-2
    groom, theo, browser = cast.service("Full Groom"), db.session.query(Provider).one(), browse(nina)
    theo.retired_at = cast.NOON
    db.session.commit()
    path = f"{PATH}/{groom.id}"
    typed = as_typed(browser.get(path).text)
    assert "providers" not in typed
    assert browser.post(path, data=typed).status_code == 303
    assert db.session.query(ServiceProvider).filter_by(service_id=groom.id).count() == 1


def test_a_service_is_retired_and_comes_back(browse: Browse, nina: Member, rosa: Client, shop: None) -> None:  # POR-2
    groom, browser = cast.service("Full Groom"), browse(nina)
    cast.booking(rosa, rosa.pets, "Full Groom", cast.NOON.replace(year=2099), made_at=cast.NOON)
    path = f"{PATH}/{groom.id}"
    assert "1 booking of it is still to come, and will stay." in browser.get(path).text
    assert browser.post(f"{path}/retirement").status_code == 303
    assert groom.retired_at
    for verb in ("retirement", "place"):
        answer = browser.post(f"{path}/{verb}", data={"to": "up"})
        assert (answer.status_code, "Reload the page" in answer.text) == (422, True)
    taken = browser.post(PATH, data={**WALK, "name": "FULL GROOM"})
    assert "is retired. Bring it back instead" in taken.text
    assert "Retired" in browser.get(PATH).text
    assert browser.post(f"{path}/return").status_code == 303
    assert groom.retired_at is None
    assert browser.swap(f"{path}/return").status_code == 422


def test_services_stand_in_an_order(browse: Browse, nina: Member) -> None:  # POR-2
    browser, groom = browse(nina), cast.service("Full Groom")
    part = browser.swap(f"{PATH}/{groom.id}/place", data={"to": "up"})
    assert part.text.index("Full Groom") < part.text.index("Daycare")
    assert browser.post(f"{PATH}/{groom.id}/place", data={"to": "down"}).status_code == 303
    assert browser.post(f"{PATH}/99999/place", data={"to": "down"}).status_code == 404


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12", 1200),
        ("12.5", 1250),
        ("12.50", 1250),
        ("$1,250.00", 125000),
        ("1250", 125000),
        ("0", 0),
        ("1.250", None),
        ("1,25", None),
        ("12.345", None),
        ("12 000", None),
        ("1e3", None),
        ("", None),
    ],
)
def test_money_is_read_in_one_way_or_not_at_all(written: str, amount: int | None) -> None:  # POR-2
    assert minor(written, "USD") == amount


def test_money_knows_its_currency() -> None:  # POR-2
    assert (minor("500", "JPY"), minor("500.5", "JPY"), minor("1.250", "KWD")) == (500, None, 1250)


def test_settings_of_services_are_for_managers(browse: Browse, theo: Member, nina: Member, rosa: Client) -> None:
    groom = cast.service("Full Groom")  # POR-2, POR-9
    for method, path in (("get", PATH), ("get", f"{PATH}/{groom.id}"), ("post", PATH), ("post", f"{PATH}/{groom.id}")):
        assert getattr(browse(theo), method)(path).status_code == 403
    assert browse(nina).post(f"{PATH}/99999", data=WALK).status_code == 404
    assert browse(rosa).post(f"{PATH}/{groom.id}/retirement").status_code == 302
    assert browse(nina).post(f"{PATH}/{groom.id}/retirement", token=None).status_code == 400
    assert groom.retired_at is None
