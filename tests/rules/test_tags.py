"""Tags: the list of them, putting them on clients and pets, and finding by them."""

import pytest
from flask import Flask
from sqlalchemy import delete, update

from portal.db import db
from portal.models import Client, ClientTag, ClientWord, History, Pet, PetTag, Tag
from portal.rules import clients, customer_words, customers, pets, records, tagging, tags
from portal.rules.actors import SYSTEM
from portal.rules.refused import Refused
from tests import cast
from tests.rules.test_customers import animal, must_be_in_step

AT = cast.NOON


@pytest.fixture
def vip(app: Flask) -> Tag:
    return tags.add("VIP", "tint-4", of_pets=False)


@pytest.fixture
def shy(app: Flask) -> Tag:
    return tags.add("Shy", of_pets=True)


def wear(of: Client | Pet, tag: Tag) -> None:
    tagging.put_on(of, tag, by=SYSTEM, at=AT)


def take(of: Client | Pet, tag: Tag) -> None:
    tagging.take_off(of, tag, by=SYSTEM, at=AT)


def names(text: str = "", **more: object) -> list[str]:
    return [row.name for row in customers.find(text, **more).rows]  # type: ignore[arg-type]


def test_tags_stand_in_the_order_that_was_chosen(app: Flask) -> None:  # POR-2
    made = [tags.add(name, of_pets=False) for name in ("VIP", "Staff", "Late")]
    tags.add("Shy", of_pets=True)
    tags.move(made[2], up=True)
    tags.move(made[0], up=True)
    tags.move(made[1], up=False)
    assert [row.name for row in tags.counted()] == ["VIP", "Late", "Staff", "Shy"]
    assert len({row.tone for row in tags.counted()}) == 3, "each gets a colour of the palette"


@pytest.mark.parametrize("name", ["VIP", "vip", "Víp"])
def test_a_name_is_there_once_for_clients_and_once_for_pets(app: Flask, vip: Tag, name: str) -> None:
    with pytest.raises(tags.Taken, match="already"):
        tags.add(name, of_pets=False)
    other = tags.add(name, of_pets=True)
    staff = tags.add("Staff", of_pets=False)
    with pytest.raises(tags.Taken, match="already"):
        tags.change(staff, name=name, tone="tint-1")
    tags.change(vip, name="Vip", tone="tint-2")
    assert (other.of_pets, vip.name, vip.tone) == (True, "Vip", "tint-2")


def test_there_are_not_too_many_to_choose_from(app: Flask) -> None:
    for number in range(tags.MOST):
        tags.add(f"Tag {number}", of_pets=False)
    with pytest.raises(Refused, match="Remove one first"):
        tags.add("One more", of_pets=False)
    assert tags.add("One more", of_pets=True)


def test_a_tag_goes_on_and_off_and_the_history_knows(app: Flask, vip: Tag, shy: Tag, rosa: Client, juno: Pet) -> None:
    # CP-6, CP-11
    wear(rosa, vip)
    wear(juno, shy)
    with pytest.raises(Refused, match="has the tag “VIP” already"):
        wear(rosa, vip)
    with pytest.raises(Refused, match="is for pets"):
        wear(rosa, shy)
    with pytest.raises(Refused, match="is for clients"):
        wear(juno, vip)
    take(rosa, vip)
    with pytest.raises(Refused, match="does not have the tag"):
        take(rosa, vip)
    said = [(row.subject, row.pet_id, row.old, row.new) for row in db.session.query(History).filter_by(field="Tag")]
    assert said == [("Profile", None, "", "VIP"), ("Juno", juno.id, "", "Shy"), ("Profile", None, "VIP", "")]


def test_a_new_tag_is_made_where_it_is_needed(app: Flask, vip: Tag, rosa: Client) -> None:  # CP-6
    assert tagging.make(rosa, "vip", by=SYSTEM, at=AT).id == vip.id
    fresh = tagging.make(rosa, "Pays in cash", by=SYSTEM, at=AT)
    assert (tagging.worn(rosa, fresh), fresh.of_pets) != (None, True)
    assert tagging.to_choose(rosa, "") == []
    take(rosa, vip)
    assert [tag.name for tag in tagging.to_choose(rosa, " VÍ ")] == ["VIP"]
    assert tagging.to_choose(rosa, "vip x") == []
    assert [tagging.makeable(rosa, text) for text in ("", "VIP", "VI")] == [False, False, True]


def test_customers_are_found_by_their_tags(app: Flask, vip: Tag, shy: Tag, rosa: Client, omar: Client) -> None:
    # CP-1, CP-6
    wear(rosa, vip)
    wear(omar, vip)
    wear(omar.pets[0], shy)
    assert names(tag=vip.id) == ["Omar Haddad", "Rosa Delgado"]
    assert names("rosa", tag=vip.id) == ["Rosa Delgado"]
    assert names("zoe", tag=vip.id) == []
    assert names(tag=shy.id) == ["Omar Haddad"] == names("pepper", tag=shy.id)
    assert names("!!", tag=vip.id) == []
    assert [tag.name for tag in customers.find("rosa").rows[0].tags] == ["VIP"]
    records.deactivate(rosa, by=SYSTEM, at=AT)
    assert names(tag=vip.id) == ["Omar Haddad"]
    assert names(tag=vip.id, shelf=customers.INACTIVE) == ["Rosa Delgado"]
    take(omar, vip)
    assert names(tag=vip.id) == []
    must_be_in_step()


def test_a_long_list_by_tag_goes_on_where_it_ended(app: Flask, vip: Tag) -> None:
    for number in range(7):
        wear(clients.add("Ada", f"N{number}", None, by=SYSTEM, at=AT), vip)
    seen, after = [], None
    while True:
        page = customers.find("", tag=vip.id, after=after, most=3)
        seen += [row.last_name for row in page.rows]
        after = page.after
        if after is None:
            break
    assert seen == [f"N{number}" for number in range(7)]


def test_the_words_follow_when_rows_move_in_bulk(
    app: Flask, vip: Tag, shy: Tag, rosa: Client, omar: Client, juno: Pet
) -> None:
    wear(rosa, vip)
    wear(juno, shy)
    db.session.execute(update(ClientTag).where(ClientTag.client_id == rosa.id).values(client_id=omar.id))
    juno.client_id = omar.id
    must_be_in_step()
    assert names(tag=vip.id) == ["Omar Haddad"] == names(tag=shy.id)
    assert db.session.query(PetTag).one().client_id == omar.id, "a tag moves with its pet"
    db.session.execute(delete(ClientTag))
    must_be_in_step()


def test_removing_a_tag_takes_it_off_everybody(app: Flask, vip: Tag, shy: Tag, rosa: Client, juno: Pet) -> None:
    # POR-2, CP-11
    wear(rosa, vip)
    wear(juno, shy)
    assert (tags.carried(vip), tags.carried(shy)) == (1, 1)
    assert [row.carriers for row in tags.counted()] == ["1 client", "1 pet"]
    ids = vip.id, shy.id
    for tag in (vip, shy):
        tags.remove(tag, by=SYSTEM, at=AT)
    assert db.session.query(ClientTag).count() + db.session.query(PetTag).count() == 0
    said = db.session.query(History).filter_by(field="Tag", new="").order_by(History.id).all()
    assert [(row.client_id, row.pet_id, row.subject, row.old) for row in said] == [
        (rosa.id, None, "Profile", "VIP"),
        (rosa.id, juno.id, "Juno", "Shy"),
    ]
    assert all(row.at == AT and row.by_name == SYSTEM.name for row in said)
    assert [names(tag=id) for id in ids] == [[], []]
    must_be_in_step()


def test_no_word_of_a_tag_is_found_by_typing(app: Flask, vip: Tag, rosa: Client) -> None:
    wear(rosa, vip)
    for text in ("\x02", f"\x02{vip.id}\x02", "vip", str(vip.id)):
        assert names(text) == [], text
    assert db.session.query(ClientWord).filter(ClientWord.word.startswith(customer_words.tagged(vip.id))).count() == 1


def test_a_pet_that_comes_later_changes_nothing(app: Flask, vip: Tag, rosa: Client) -> None:
    wear(rosa, vip)
    pets.add(rosa, name="Zuzu", animal=animal(), by=SYSTEM, at=AT)
    assert names("zuzu", tag=vip.id) == ["Rosa Delgado"]
    must_be_in_step()
