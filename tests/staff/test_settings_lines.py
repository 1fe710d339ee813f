"""From what to what the settings were changed, in the words of the screen; and what is never told."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
import time_machine
from sqlalchemy import inspect

from portal.db import db
from portal.inputs import settings_words
from portal.models import (
    AddOn,
    Animal,
    Business,
    Location,
    Member,
    Provider,
    Role,
    Service,
    ServiceKind,
    SettingsChange,
    VaccineKind,
)
from portal.rules import (
    attributes,
    closures,
    message_templates,
    providers,
    reminders,
    retiring,
    services,
    settings_history,
    time_off,
    weeks,
)
from portal.rules.actors import Actor, as_member
from portal.rules.service_ties import chosen
from portal.rules.settings_history import WATCHED
from portal.rules.settings_lines import WAYS, deactivated, ended, moved, never
from portal.rules.settings_parts import PARTS
from portal.windows import Window
from tests import cast
from tests.conftest import Browse

AT = datetime(2026, 11, 24, 20, 15, tzinfo=UTC)  # Tuesday, 3:15 PM in New York
SECRET = re.compile("password|hash|key|token|secret|digest|credential|version|^file|sha")
PM = "\u00a0PM"


@pytest.fixture(autouse=True)
def tuesday(app: object) -> Iterator[None]:
    with time_machine.travel(AT, tick=False):
        cast.open_shop()
        yield


@pytest.fixture
def pen(nina: Member) -> Iterator[None]:
    settings_history.begin(as_member(nina), called=settings_words.called, at=AT)
    yield
    settings_history.end()


def by_nina() -> Actor:
    return as_member(db.session.query(Member).filter_by(name="Nina Park").one())


def told(topic: str) -> list[tuple[str, str, list[str]]]:
    rows = db.session.query(SettingsChange).filter_by(topic=topic).order_by(SettingsChange.id)
    return [(row.verb, row.subject, row.lines.splitlines()) for row in rows]


def plainly(line: str) -> str:
    return line.replace("\u00a0", " ").replace("\u2060", "")


def place(name: str) -> Location:
    return db.session.query(Location).filter_by(name=name).one()


def theo_works() -> Provider:
    return db.session.query(Provider).filter_by(name="Theo Brandt").one()


def test_a_rule_of_cancelling_says_old_and_new(browse: Browse, nina: Member) -> None:  # POR-3
    groom = cast.service("Full Groom")
    path = f"/desk/settings/cancellation/{groom.id}"
    groom.cancel_hours, groom.cancel_day_before_at, groom.move_hours = 24, time(18), 12
    db.session.commit()
    kept = {"cancel_allowed": "y", "move_allowed": "y", "move_hours": "12"}
    browse(nina).post(path, data={**kept, "cancel_hours": "48"})
    assert told("Cancellation") == [
        (
            "changed",
            "Full Groom",
            ["Hours before the start: 24 → 48", f"Time on the day before: 6:00{PM} → (empty)"],
        )
    ]
    assert told("Services") == [], "each page its own"
    browse(nina).post(path, data={**kept, "cancel_allowed": "", "cancel_hours": "48"})
    assert told("Cancellation")[1][2] == ["Clients may cancel it themselves: on → off"]
    page = browse(nina).get(path).text
    assert "<details><summary>Nina Park changed Full Groom" in page
    assert "<li>Clients may cancel it themselves: on → off</li>" in page
    assert "<li>Hours before the start: 24 → 48</li>" in page


def test_the_business_is_told_as_its_forms_call_it(browse: Browse, nina: Member) -> None:  # POR-9
    house = db.session.query(Business).one()
    house.phone, house.tagline = "+12125550100", "Come in"
    db.session.commit()
    data = {"name": house.name, "colour": house.colour, "email": house.email, "phone": "(212) 555-0101"}
    where = {"time_zone": "America/Chicago", "country": "CA", "currency": house.currency}
    assert browse(nina).post("/desk/settings/business", data={**data, **where}).status_code == 303
    assert told("Business")[0][2] == [
        "A line below the name: Come in → (empty)",
        "Phone: (212) 555-0100 → (212) 555-0101",
        "Country: United States → Canada",
        "Time zone: New York → Chicago",
    ]
    assert browse(nina).post("/desk/settings/vaccines/days", data={"vaccine_days": "45"}).status_code == 303
    assert told("Vaccine Kinds") == [("changed", "", ["Days before it runs out: 30 → 45"])]
    data = {"booking_open": "y", "offer": "1", "offer_unit": "days"}
    browse(nina).post("/desk/settings/self-booking", data=data)
    assert "A free place is held for: 2 hours → 1 day" in told("Self-Booking")[0][2]
    assert "Clients join waitlists: on → off" in told("Self-Booking")[0][2]


def facts_of(service: Service) -> dict[str, Any]:
    columns = inspect(Service).column_attrs.keys()
    apart = {"id", "kind", "position", "retired_at"}
    limits = {name for name in columns if name.startswith(("cancel_", "move_"))}
    return {name: getattr(service, name) for name in columns if name not in apart | limits}


@pytest.mark.usefixtures("pen")
def test_a_service_tells_its_price_its_times_and_what_goes_with_it() -> None:  # SB-2
    groom = cast.service("Full Groom")
    ticked, places = chosen(groom)
    dog, cat = (db.session.query(Animal).filter_by(name=name).one().id for name in ("Dog", "Cat"))
    services.change(groom, ServiceKind.INDIVIDUAL, facts_of(groom), ticked=ticked, places=places, at=AT)
    assert told("Services") == [], "it is what it was"
    more = {
        "price": 9000,
        "minutes": 105,
        "description": "Bath, cut, nails.",
        "notice_minutes": 2880,
        "access": "staff",
    }
    facts = {**facts_of(groom), **more, "arrives_at": time(7, 30)}
    ticked |= {"animals": {dog, cat}, "add_ons": set(), "providers": set()}
    services.change(groom, groom.kind, facts, ticked=ticked, places={place("Riverside").id: 3}, at=AT)
    assert [sorted(lines) for *_, lines in told("Services")] == [
        [
            "Add-ons: removed Teeth cleaning",
            "Animals: added Cat, Dog",
            "At the latest before the start: 0 hours → 2 days",
            "Description changed",
            "Locations: removed Maple Street",
            "Minutes: 90 → 105",
            "Pets a day at Riverside: 3",
            "Price: $85.00 → $90.00",
            "Who can book it: Everybody → Staff only",
        ]
    ], "nothing of when a day begins: an appointment has no such field"
    assert told("Providers") == [("changed", "Theo Brandt", ["Services: removed Full Groom"])]
    services.move(groom, up=False)
    assert told("Services")[0][2][-1] == "Order changed"


@pytest.mark.usefixtures("pen")
def test_hours_and_days_are_told_as_they_come_and_go() -> None:  # POR-2
    maple, theo = place("Maple Street"), theo_works()
    weeks.open_at(maple, [Window(weekday, time(8), time(19)) for weekday in range(5)], at=AT)
    closed = closures.add(maple, date(2026, 12, 24), date(2026, 12, 26), reason="Christmas", at=AT)
    closures.remove(closed, maple, at=AT)
    assert [plainly(line) for line in told("Locations")[0][2]] == [
        "Opening hours: added Mon–Fri 8:00 AM–7:00 PM",
        "Opening hours: removed Mon–Sun 7:00 AM–7:00 PM",
        "Closures: added Thu 24 Dec 2026 – Sat 26 Dec 2026",
        "Closures: removed Thu 24 Dec 2026 – Sat 26 Dec 2026",
    ]
    weeks.work_at(theo, maple, [Window(weekday, time(9), time(17)) for weekday in range(5)], at=AT)
    away = {"reason": "Surgery", "zone": "America/New_York", "by": by_nina(), "at": AT}
    time_off.add(theo, date(2026, 12, 1), date(2026, 12, 1), **away)
    providers.change(theo, "Theo B.", member_id=None, service_ids={cast.service("Agility").id})
    assert [(subject, [plainly(line) for line in lines]) for _, subject, lines in told("Providers")] == [
        (
            "Theo Brandt",
            [
                "Working hours: removed Sat 9:00 AM–5:00 PM at Maple Street",
                "Time off: added Tue 1 Dec 2026",
            ],
        ),
        (
            "Theo B.",
            [
                "Name: Theo Brandt → Theo B.",
                "Member of staff: Theo Brandt → (empty)",
                "Services: removed Full Groom",
            ],
        ),
    ], "why somebody is away stands with the time off, and goes with it"


@pytest.mark.usefixtures("pen")
def test_what_is_long_or_new_or_retired_says_so_and_no_more() -> None:  # POR-2
    message_templates.write("booked", "Booked!", "We look forward.", by=by_nina(), at=AT)
    reminders.add(24 * 60, also_now=True, at=AT)
    assert told("Messages") == [("added", "Booking made", []), ("added", "the reminder 1 day before", [])]
    teeth = db.session.query(AddOn).filter_by(name="Teeth cleaning").one()
    retiring.retire(teeth, at=AT)
    assert told("Add-Ons") == [("changed", "Teeth cleaning", ["Retired"])]
    coat = attributes.add("Coat", attributes.AttributeKind.CHOICE, of_pets=True, choices="Curly\nSmooth")
    settings_history.end()
    settings_history.begin(by_nina(), called=settings_words.called, at=AT)
    attributes.change(coat, name="Coat", kind=coat.kind, choices="Smooth\nWiry", visible=False, flag=False)
    assert told("Attributes")[0] == ("added", "Coat", [])
    assert told("Attributes")[1][2] == ["Choices: removed Curly; added Wiry", "Visible at once: on → off"]


@pytest.mark.usefixtures("pen")
def test_no_secret_of_anybody_is_told(theo: Member) -> None:  # POR-9
    theo.role, theo.password_hash, theo.credential_version = Role.MANAGER, "sentinel", 7
    db.session.commit()
    assert told("Staff") == [("changed", "Theo Brandt", ["Role: Team → Manager"])]
    theo.password_hash = "sentinel again"
    db.session.commit()
    assert told("Staff") == [("changed", "Theo Brandt", ["Role: Team → Manager"])]


def test_what_was_written_before_stays_readable(browse: Browse, nina: Member) -> None:  # POR-3
    said = {"topic": "Self-Booking", "subject": "", "verb": "changed", "at": AT, **as_member(nina).signed}
    db.session.add(SettingsChange(**said))
    db.session.commit()
    page = browse(nina).get("/desk/settings/self-booking").text
    assert f"<p>Nina Park changed this, today, 3:15{PM}</p>" in page


@pytest.mark.parametrize("model", WATCHED, ids=lambda model: model.__name__)
def test_every_column_is_decided_and_has_its_word(model: Any) -> None:
    """A column that is added later is told of, or is not, because somebody said so."""
    mapper = inspect(model)
    keys = {column.key for column in mapper.primary_key if column.key == "id"}
    ways = WAYS[model]
    assert set(ways) == set(mapper.column_attrs.keys()) - keys
    without = {never, moved, ended, deactivated}
    for column, way in ways.items():
        if SECRET.search(column):
            assert way is never, f"{column} looks like a secret"
        elif way not in without and column != "removed_at":
            assert settings_words.called(model.__tablename__, column)[0], f"no form calls {column} anything"
    assert (model in PARTS) == (WATCHED[model].whole is not None)
    if model in PARTS:
        assert settings_words.called(model.__tablename__, PARTS[model][0])[0]


def test_no_word_is_that_of_a_column_that_is_gone() -> None:
    tables = {model.__tablename__: set(inspect(model).column_attrs.keys()) for model in WATCHED}
    assert all(column in tables[table] for table, column in settings_words.ASKED_AS)
    assert {*settings_words.FORMS, *settings_words.HEADINGS} <= set(tables)
    assert db.session.query(VaccineKind).count()
