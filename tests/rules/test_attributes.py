"""Attributes: which there are, what is written about clients and pets, and what stands on a head."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from portal.db import db
from portal.models import Attribute, AttributeKind, AttributeValue, Client, History, Pet
from portal.rules import attribute_values, attributes, files, particulars
from portal.rules.actors import SYSTEM
from portal.rules.refused import Refused
from tests import cast, samples
from tests.house.test_speed import queries

AT = cast.NOON
KIND = AttributeKind


def made(name: str = "Vet", kind: AttributeKind = KIND.TEXT, **more: Any) -> Attribute:
    return attributes.add(name, kind, of_pets=more.pop("of_pets", True), **more)


def write(of: Client | Pet, attribute: Attribute, value: str, **more: Any) -> None:
    attribute_values.write(of, attribute, value, by=SYSTEM, at=AT, **more)


def said(of: Client | Pet) -> dict[str, str]:
    return {fact.name: fact.said for fact in particulars.of(of).facts}


def latest() -> History:
    row = db.session.query(History).order_by(History.id.desc()).first()
    assert row
    return row


def test_attributes_stand_in_the_order_that_was_chosen(app: Flask, juno: Pet) -> None:  # POR-2
    rows = [made(name) for name in ("Vet", "Feeding", "Likes")]
    made("Heard of us", of_pets=False)
    attributes.retire(rows[1], at=AT)
    attributes.move(rows[2], up=True)
    assert [row.name for row in attributes.counted()] == ["Heard of us", "Likes", "Vet", "Feeding"]
    assert list(said(juno)) == ["Likes", "Vet"]


def test_a_name_is_there_once_of_each_sort(app: Flask) -> None:
    vet = made()
    with pytest.raises(attributes.Taken, match="already"):
        made("vet")
    assert made("vet", of_pets=False)
    other = made("Feeding")
    with pytest.raises(attributes.Taken, match="already"):
        attributes.change(other, name="VET", kind=KIND.TEXT, choices="", visible=True, flag=False)
    attributes.change(vet, name="VET", kind=KIND.TEXT, choices="", visible=False, flag=True)
    assert (vet.name, vet.visible, vet.flag) == ("VET", False, True)


def test_choices_need_something_to_choose(app: Flask) -> None:
    for kind in (KIND.CHOICE, KIND.CHOICES):
        with pytest.raises(Refused, match="one a line"):
            made("Food", kind)


def test_the_kind_stays_once_something_is_written(app: Flask, juno: Pet) -> None:  # POR-2
    vet = made()
    facts: dict[str, Any] = {"name": "Vet", "choices": "", "visible": True, "flag": False}
    attributes.change(vet, kind=KIND.NUMBER, **facts)
    write(juno, vet, "3")
    with pytest.raises(attributes.KindStays, match="filled in for 1 pet, so it stays “Number”"):
        attributes.change(vet, kind=KIND.DATE, **facts)
    write(juno, vet, "")
    attributes.change(vet, kind=KIND.DATE, **facts)
    assert vet.kind == KIND.DATE


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (KIND.TEXT, "Dr. Ames\nKingston", "Dr. Ames\nKingston"),
        (KIND.NUMBER, "12.5", "12.5"),
        (KIND.CHOICE, "Wet", "Wet"),
        (KIND.CHOICES, "Dry\nWet", "Dry, Wet"),
        (KIND.DATE, "2027-03-14", "Sun 14 Mar 2027"),
        (KIND.YES_NO, "No", "No"),
    ],
)
def test_a_value_is_written_said_and_told(
    app: Flask, juno: Pet, rosa: Client, kind: AttributeKind, value: str, words: str
) -> None:  # CP-6, CP-11
    for of, subject, pet_id in ((juno, "Juno", juno.id), (rosa, "Profile", None)):
        food = made("Food", kind, choices="Dry\nWet", of_pets=of is juno)
        write(of, food, value)
        assert said(of)["Food"] == words
        row = latest()
        assert (row.client_id, row.pet_id, row.subject, row.field) == (rosa.id, pet_id, subject, "Food")
        assert (row.old, row.new, row.by_name) == ("", words, "Latchkey")
        write(of, food, "")
        assert (latest().old, latest().new, said(of)["Food"]) == (words, "", "")
    assert db.session.query(AttributeValue).count() == 0, "nothing written is no row"


def test_what_stays_the_same_is_no_change(app: Flask, juno: Pet) -> None:
    vet = made()
    write(juno, vet, "Ames")
    number = latest().id
    write(juno, vet, "Ames")
    assert latest().id == number


def test_a_file_has_its_name_for_a_value(app: Flask, juno: Pet) -> None:  # CP-6
    contract = made("Contract", KIND.FILE)
    file = files.keep(BytesIO(samples.pdf("x")), "Contract.pdf", at=AT)
    write(juno, contract, "Contract.pdf", file=file)
    row = attribute_values.written(juno, contract)
    assert row is not None
    assert (row.file_id, said(juno)["Contract"], latest().new) == (file.id, "Contract.pdf", "Contract.pdf")


def test_a_choice_that_is_offered_no_more_may_stay(app: Flask, juno: Pet) -> None:
    food = made("Food", KIND.CHOICES, choices="Dry\nWet")
    write(juno, food, "Dry\nWet")
    attributes.change(food, name="Food", kind=KIND.CHOICES, choices="Raw", visible=True, flag=False)
    write(juno, food, "Dry\nRaw")
    with pytest.raises(Refused, match="“Wet” is not offered any more"):
        write(juno, food, "Wet")


def test_yes_or_no_is_yes_or_no(app: Flask, juno: Pet) -> None:
    with pytest.raises(Refused, match="Choose Yes or No"):
        write(juno, made("Calm", KIND.YES_NO), "Perhaps")


def test_nothing_is_written_where_it_does_not_belong(app: Flask, juno: Pet, rosa: Client) -> None:
    vet, source = made(), made("Heard of us", of_pets=False)
    with pytest.raises(Refused, match="is for pets"):
        write(rosa, vet, "Ames")
    with pytest.raises(Refused, match="is for clients"):
        write(juno, source, "A friend")
    attributes.retire(vet, at=AT)
    with pytest.raises(Refused, match="Bring it back first"):
        write(juno, vet, "Ames")


def test_what_is_retired_comes_back_with_all_that_was_written(app: Flask, juno: Pet) -> None:  # POR-2
    vet = made(flag=True)
    write(juno, vet, "Ames")
    with pytest.raises(Refused, match="in use already"):
        attributes.bring_back(vet)
    attributes.retire(vet, at=AT)
    for again in (attributes.retire, attributes.move):
        with pytest.raises(Refused, match="is retired"):
            again(vet, **({"at": AT} if again is attributes.retire else {"up": True}))
    assert said(juno) == {}
    assert particulars.of_client(juno.client_id)[juno.id].flags == []
    attributes.bring_back(vet)
    assert said(juno) == {"Vet": "Ames"}


def test_removing_an_attribute_leaves_the_history(app: Flask, juno: Pet, rosa: Client) -> None:  # POR-2, CP-11
    food = made("Food", KIND.CHOICES, choices="Dry\nWet")
    source = made("Heard of us", of_pets=False)
    write(juno, food, "Dry\nWet")
    write(rosa, source, "A friend")
    assert [row.carriers for row in attributes.counted()] == ["1 client", "1 pet"]
    for row in (food, source):
        attributes.remove(row, by=SYSTEM, at=AT)
    assert db.session.query(AttributeValue).count() == db.session.query(Attribute).count() == 0
    told = db.session.query(History).filter_by(new="").order_by(History.id).all()
    assert [(row.subject, row.field, row.old) for row in told] == [
        ("Juno", "Food", "Dry, Wet"),
        ("Profile", "Heard of us", "A friend"),
    ]


def test_flags_say_what_must_not_be_overlooked(app: Flask, juno: Pet, rosa: Client) -> None:  # CP-2
    muzzle = made("Needs muzzle", KIND.YES_NO, flag=True)
    mood = made("Mood", KIND.TEXT, flag=True)
    quiet = made("Quiet", KIND.YES_NO)
    vet = made("Vip since", KIND.DATE, of_pets=False, flag=True)
    write(juno, muzzle, "Yes")
    write(juno, mood, "Growls at\nmen with hats and umbrellas of any size")
    write(juno, quiet, "Yes")
    write(rosa, vet, "2027-03-14")
    found = particulars.of_client(rosa.id)
    assert found[None].flags == ["Vip since: Sun 14 Mar 2027"]
    assert found[juno.id].flags == ["Needs muzzle", "Mood: Growls at men with hats and umbre…"]
    assert particulars.of(juno).flags == found[juno.id].flags
    write(juno, muzzle, "No")
    assert particulars.of(juno).flags == ["Mood: Growls at men with hats and umbre…"]


def test_particulars_take_one_query(app: Flask, juno: Pet, rosa: Client) -> None:
    for number in range(4):
        write(juno, made(f"Fact {number}"), "x")
        made(f"Fact {number}", of_pets=False)
    for ask in (lambda: particulars.of_client(rosa.id), lambda: particulars.of_pet(rosa.id, juno.id)):
        with queries(app) as asked:
            ask()
        assert len(asked) == 1


def test_a_value_moves_with_its_pet(app: Flask, juno: Pet, omar: Client) -> None:
    write(juno, made(), "Ames")
    juno.client_id = omar.id
    db.session.commit()
    assert db.session.query(AttributeValue).one().client_id == omar.id
    assert said(juno) == {"Vet": "Ames"}
