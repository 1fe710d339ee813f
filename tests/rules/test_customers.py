"""Customers are found by any word, and their words are never behind what is known of them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, insert, update

from portal.db import db
from portal.models import Animal, Client, ClientWord, Gender, Pet
from portal.rules import clients, customer_words, customers, email_changes, pets, profiles, records, registrations
from portal.rules.actors import SYSTEM, as_client
from tests import cast

AT = cast.NOON


def names(text: str, shelf: str = customers.ACTIVE) -> list[str]:
    return [row.name for row in customers.find(text, shelf=shelf).rows]


def must_be_in_step() -> None:
    """What stands in the table is what the words of every client are today."""
    db.session.commit()
    ids = [id for (id,) in db.session.query(Client.id)]
    ought = {(row["client_id"], row["word"], row["shelf"]) for row in customer_words.entries(ids)}
    assert ought == {tuple(row) for row in db.session.query(ClientWord.client_id, ClientWord.word, ClientWord.shelf)}


def animal() -> Animal:
    return db.session.query(Animal).filter_by(name="Dog").one()


@pytest.mark.parametrize(
    "text",
    [
        *("rosa", "ROSA", "ro", "r", "delg", "rosa delgado", "delgado rosa", "  rosa   del ", "Rósà"),
        *("biscuit", "misO", "rosa juno", "rosa@example.com", "ROSA@ex", "rosa@", "4071882365", "4071 882 365", "4071"),
        *("2125550175", "(212) 555-0175", "212.555.0175", "+1 212 555 0175", "0012125550175", "555-0175", "0175"),
        *("rosa 555 0175", "biscuit rosa 4071"),
    ],
)
def test_found_by_name_pet_address_phone_and_number(app: Flask, rosa: Client, text: str) -> None:  # CP-1
    rosa.phone = "+12125550175"
    db.session.commit()
    assert names(text) == ["Rosa Delgado"]


@pytest.mark.parametrize(
    "text",
    ["%", "_", "r%", "ros_", "*", "rosa%", "'", '"', "\\", "rosa omar", "osa", "x" * 200, "\U0010ffff", "--", "()"],
)
def test_wildcards_are_letters_and_all_words_must_match(app: Flask, rosa: Client, text: str) -> None:  # CP-1
    found = names(text)
    assert found == (["Rosa Delgado"] if text in ("r%", "rosa%", "ros_") else []), "no letter, no word"


@pytest.mark.parametrize(
    ("first", "last", "texts"),
    [
        (
            "Zoë",
            "Łukaszewska-O’Brien",
            ["zoe", "luka", "obrien", "o'brien", "brien", "Łukaszewska-O", "ŁUKASZEWSKA o’b"],
        ),
        ("Søren", "Weiß", ["soren", "weiss", "WEISS"]),
        ("太郎", "田中", ["田中", "太", "郎"]),
        ("J.R.", "St. John", ["j.r.", "st john", "john"]),
        ("Ирина", "Ёлкина", ["ирина", "елкина"]),
    ],
)
def test_nobody_needs_to_know_how_a_name_is_written(app: Flask, first: str, last: str, texts: list[str]) -> None:
    clients.add(first, last, "new@example.com", by=SYSTEM, at=AT)
    for text in texts:
        assert f"{first} {last}" in names(text), text


def test_a_foreign_number_is_found_as_it_is_dialled_there_and_here(app: Flask) -> None:
    clients.add("Una", "Byrne", "una@example.com", "+442079460958", by=SYSTEM, at=AT)
    for text in ("020 7946 0958", "+44 20 7946 0958", "0044 2079460958", "2079460958", "0958"):
        assert names(text) == ["Una Byrne"], text


def test_customers_never_appear_twice_and_pages_hold_everybody(app: Flask) -> None:  # CP-1
    made = [clients.add("Ada", f"Adams {n:03}", f"ada{n}@example.com", by=SYSTEM, at=AT) for n in range(23)]
    for text in ("", "a", "ada", "ad adams", "exa"):
        seen = everybody(text)
        assert len(seen) == len(set(seen))
        assert {client.id for client in made} <= set(seen), text


@pytest.mark.parametrize("near", [0, 4, 40])
@pytest.mark.parametrize(
    "text", ["a e", "ada adams", "ada adams exa", "ada b exa omar", "ad exa 4 0", "omar ada", "b e z"]
)
def test_words_that_many_have_find_the_same_people(  # CP-1
    app: Flask, monkeypatch: pytest.MonkeyPatch, text: str, near: int
) -> None:
    for n in range(23):
        clients.add("Ada" if n % 3 else "Bea", f"Adams {n:03}", f"ada{n}@example.com", by=SYSTEM, at=AT)
    ought = everybody(text)
    monkeypatch.setattr(customers, "NEAR", near)
    customers.search.cache_clear()
    assert everybody(text) == ought
    customers.search.cache_clear()


def everybody(text: str) -> list[int]:
    seen, after = [], None
    while True:
        page = customers.find(text, after=after, most=5)
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            return seen


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("h g f e d c b a", ["a", "b"]),
        ("an ma jo a b", ["an", "jo", "ma"]),
        ("an ma jo be lu ki", ["an", "be", "jo", "ki", "lu"]),
        ("maria de la cruz", ["maria", "cruz", "de", "la"]),
    ],
)
def test_the_longest_few_words_are_looked_for(text: str, words: list[str]) -> None:  # CP-1
    assert customers.sought(text) == words


def test_the_whole_list_goes_by_name(app: Flask) -> None:
    assert names("") == ["Omar Haddad", "Rosa Delgado", "Zoë Łukaszewska"]


def test_each_shelf_has_its_own(app: Flask, rosa: Client, omar: Client) -> None:  # CP-1, CP-13
    records.deactivate(rosa, by=SYSTEM, at=AT)
    clients.add("Pia", "Prospect", "pia@example.com", prospect=True, by=SYSTEM, at=AT)
    assert names("") == ["Omar Haddad", "Zoë Łukaszewska"]
    assert names("", customers.INACTIVE) == ["Rosa Delgado"] == names("biscuit", customers.INACTIVE)
    assert names("", customers.PROSPECT) == ["Pia Prospect"]
    assert names("rosa") == []


def test_every_way_to_change_somebody_keeps_the_words_right(app: Flask, rosa: Client, omar: Client) -> None:
    must_be_in_step()
    registrations.add("Nora", "Berg", "nora@example.com", "", pet="Taco", animal_id=animal().id, at=AT)
    must_be_in_step()
    profiles.change(rosa, {"first_name": "Rosalind", "phone": "+12125550199"}, by=as_client(rosa), at=AT)
    must_be_in_step()
    change = email_changes.ask(rosa, "rosa@new.example", by=as_client(rosa), at=AT)
    email_changes.confirm(email_changes.token(change), at=AT)
    assert names("rosa@new") == ["Rosalind Delgado"]
    pet = pets.add(omar, name="Zigzag", animal=animal(), by=SYSTEM, at=AT)
    assert names("zig") == ["Omar Haddad"]
    pets.change(pet, name="Pip", animal=animal(), gender=Gender.MALE, breed="", birthday=None, by=SYSTEM, at=AT)
    assert (names("zig"), names("pip")) == ([], ["Omar Haddad"])
    pet.client_id = rosa.id
    must_be_in_step()
    assert names("pip") == ["Rosalind Delgado"]
    records.deactivate(omar, by=SYSTEM, at=AT)
    must_be_in_step()
    records.reactivate(omar, by=SYSTEM, at=AT)
    must_be_in_step()
    db.session.delete(pet)
    must_be_in_step()
    records.remove(omar, at=AT)
    must_be_in_step()


def test_what_fails_changes_no_word(app: Flask, rosa: Client) -> None:
    rosa.first_name = "Nobody"
    db.session.flush()
    db.session.rollback()
    must_be_in_step()
    assert names("rosa") == ["Rosa Delgado"]


def test_what_is_written_past_the_session_is_noticed(app: Flask, rosa: Client, omar: Client) -> None:
    for statement in (
        update(Client).where(Client.id == rosa.id).values(first_name="Ann"),
        update(Pet).where(Pet.client_id == omar.id).values(client_id=rosa.id),
        Pet.__table__.update().where(Pet.__table__.c.name == "Juno").values(name="Rex"),
        update(Pet).values(name="Zip"),
        delete(Pet).where(Pet.name == "Zip", Pet.client_id == rosa.id),
        update(Client).values(password_hash=None),
    ):
        db.session.execute(statement)
        must_be_in_step()
    assert names("ann") == ["Ann Delgado"]
    assert names("zip") == []


def test_rows_in_bulk_come_with_a_promise(app: Flask, rosa: Client) -> None:
    row = {"client_id": rosa.id, "name": "Rex", "animal_id": animal().id, "created_at": AT}
    with pytest.raises(RuntimeError, match=r"customer_words\.index"):
        db.session.execute(insert(Pet), [row])
    db.session.execute(insert(Pet), [row], execution_options={"words_kept": True})
    customer_words.index([rosa.id])
    must_be_in_step()
    assert names("rex") == ["Rosa Delgado"]


def test_the_first_booking_makes_a_prospect_a_client(app: Flask, omar: Client) -> None:  # CP-13
    omar.prospect = True
    db.session.commit()
    assert names("omar", customers.PROSPECT) == ["Omar Haddad"]
    cast.booking(omar, omar.pets, "Daycare", AT + timedelta(days=2), made_at=AT)
    assert names("omar") == ["Omar Haddad"]
