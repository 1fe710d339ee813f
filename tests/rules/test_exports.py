"""Lists taken out: everybody in them, whoever took them known, and good enough to be brought in again."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest

from portal import import_work
from portal.db import db
from portal.gateways import tables
from portal.models import Client, Export, Member, Pet, Vaccination
from portal.rules import client_imports, clients, exports
from portal.rules.actors import SYSTEM, as_member
from portal.rules.imports.choices import Duplicates, WithoutEmail, chosen
from tests import cast

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def written(headers: list[str], rows: list[list[str]]) -> str:
    return "".join(tables.lines([headers, *rows]))


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_clients_with_how_to_reach_them(rosa: Client) -> None:  # CP-12
    rosa.phone, rosa.city = "+442079460958", "=Kingston"
    clients.add("Ida", "Berg", None, prospect=True, by=SYSTEM, at=AT)
    rows = read(written(exports.client_headers(), exports.clients(0, AT).rows))
    told = next(row for row in rows if row["E-mail"] == "rosa@example.com")
    assert (told["First name"], told["Account number"], told["Standing"]) == ("Rosa", rosa.account_number, "Active")
    assert (told["Phone"], told["City"]) == ("+44 20 7946 0958", "'=Kingston")
    assert (rows[-1]["First name"], rows[-1]["E-mail"], rows[-1]["Standing"]) == ("Ida", "", "Prospect")


def test_bookings_with_their_times_on_the_wall(rosa: Client) -> None:
    booking = cast.booking(rosa, rosa.pets[:2], "Daycare", cast.NOON, made_at=cast.NOON)
    (told,) = read(written(exports.booking_headers(), exports.bookings(0, AT).rows))
    assert (told["Booking"], told["Service"], told["E-mail"]) == (str(booking.id), "Daycare", "rosa@example.com")
    assert all(pet.name in told["Pets"] for pet in rosa.pets[:2])
    assert len(told["Starts"]) == len("2026-11-24 09:00")
    assert (told["Status"], told["Price"]) == ("Booked", "84.00")


def test_a_long_list_goes_out_in_stretches(rosa: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = len(exports.clients(0, AT).rows)
    assert exports.clients(0, AT).after is None
    monkeypatch.setattr(exports, "AT_ONCE", everybody)
    assert exports.clients(0, AT).after == max(db.session.query(Client.id))[0]
    assert exports.clients(exports.clients(0, AT).after or 0, AT).rows == []


def test_who_took_it_is_written_down(nina: Member) -> None:
    exports.note("Pets", by=as_member(nina), at=AT)
    (row,) = exports.newest()
    assert (row.subject, row.by_name, row.at) == ("Pets", nina.name, AT)
    assert db.session.query(Export).count() == 1


def test_what_went_out_comes_in_again(rosa: Client) -> None:  # CP-12
    """The list of pets holds clients, pets and vaccines; brought in where they are, it changes nothing."""
    ida = clients.add("Ida", "Ångström", None, by=SYSTEM, at=AT)
    db.session.add(Pet(client_id=ida.id, name="=Rex", animal_id=rosa.pets[0].animal_id, created_at=AT))
    db.session.commit()
    text = written(exports.pet_headers(), exports.pets(0, AT).rows)
    before = exports.pets(0, AT).rows, exports.clients(0, AT).rows, db.session.query(Vaccination).count()
    row = client_imports.take(BytesIO(text.encode()), "Pets.csv", by=SYSTEM, at=AT)
    assert "" not in row.choices["columns"], "every column is known"
    ways = {"duplicates": Duplicates.UPDATE, "without_email": WithoutEmail.KEEP}
    client_imports.choose(row, replace(chosen(row.choices), **ways), at=AT)
    client_imports.check(row)
    import_work.work_off(row.id)
    assert row.report["problems"]["kept"] == []
    client_imports.run(row)
    import_work.work_off(row.id)
    db.session.expire_all()
    assert (exports.pets(0, AT).rows, exports.clients(0, AT).rows, db.session.query(Vaccination).count()) == before


def test_what_went_out_makes_the_same_business_elsewhere(rosa: Client) -> None:
    text = written(exports.pet_headers(), exports.pets(0, AT).rows).replace("@example.com", "@example.org")
    numbers = {row["Account number"] for row in read(text)}
    for place, number in enumerate(sorted(numbers)):
        text = text.replace(number, f"11{place:08}")
    pets = db.session.query(Pet).count()
    row = client_imports.take(BytesIO(text.encode()), "Pets.csv", by=SYSTEM, at=AT)
    client_imports.check(row)
    import_work.work_off(row.id)
    client_imports.run(row)
    import_work.work_off(row.id)
    again = db.session.query(Client).filter_by(email="rosa@example.org").one()
    assert [pet.name for pet in again.pets] == [pet.name for pet in rosa.pets]
    assert again.phone == rosa.phone
    assert again.account_number not in numbers
    assert db.session.query(Pet).count() == 2 * pets
