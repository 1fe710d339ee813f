"""Whatever table there is or will be: after a merge nothing refers to whoever was merged away."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, UniqueConstraint, func, select, text

from portal.db import Base, db
from portal.models import Cancellation, Client, DemoClient, History, Member, Note, Pet
from portal.rules import belongings, bookings, merges, pet_merges, settlements
from portal.rules.actors import as_client, as_member
from portal.rules.settlements import Merging
from tests import cast
from tests.house import rows

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def referring(owner: str, id: int) -> dict[str, int]:
    """How many rows of each table refer to this owner."""
    found = {}
    for table, column in belongings.references(Base.metadata, owner):
        count = db.session.scalar(select(func.count()).select_from(table).where(column == id)) or 0
        if count:
            found[f"{table.name}.{column.name}"] = count
    return found


def fill(client: Client, pet: Pet, member: Member, owner: str = "client_id") -> None:
    """A row of every table that knows clients or pets, with every column that may name them; parents first."""
    for table in Base.metadata.sorted_tables:
        owners = {"client_id": client.id, "pet_id": pet.id, "member_id": member.id}
        given = {name: id for name, id in owners.items() if name in table.columns}
        if table.name == "sign_in":
            given["member_id"] = None
        if owner in given and table.name not in ("client_word", "pet"):
            rows.one_of(rows.MODELS[table.name], client, **given)


def test_every_table_is_handed_over(app: Flask, rosa: Client, zoe: Client, nina: Member, theo: Member) -> None:  # CP-10
    lost_pet = cast.pet(zoe, "Kot", rosa.pets[0].animal)
    fill(rosa, rosa.pets[0], nina)
    fill(zoe, lost_pet, theo)
    db.session.query(DemoClient).delete()
    db.session.commit()
    known = {reference.table.name for reference in belongings.references(Base.metadata, "client")}
    before, own, lost_id = referring("client", zoe.id), referring("client", rosa.id), zoe.id
    assert {name.split(".")[0] for name in before} == known - {"demo_client"}
    merges.merge(zoe.account_number, rosa.account_number, {}, by=as_member(nina), at=AT)
    assert referring("client", lost_id) == {}
    assert db.session.query(Client).filter_by(id=lost_id).count() == 0
    after = referring("client", rosa.id)
    settled = {"client_tag", "attribute_value", *settlements.ENDS, "history"}
    for name in before:
        if name.split(".")[0] not in settled:
            assert after[name] == before[name] + own[name], name
    assert db.session.execute(text("SELECT count(*) FROM pet WHERE client_id = :id"), {"id": rosa.id}).scalar() == 4


def test_every_table_of_a_pet_is_handed_over(
    app: Flask, rosa: Client, biscuit: Pet, juno: Pet, nina: Member, theo: Member
) -> None:
    fill(rosa, biscuit, nina)
    fill(rosa, juno, theo, "pet_id")
    db.session.commit()
    lost_id, lost, kept = juno.id, pet_merges.mark(juno), pet_merges.mark(biscuit)
    known = {reference.table.name for reference in belongings.references(Base.metadata, "pet")}
    assert {name.split(".")[0] for name in referring("pet", lost_id)} == known
    pet_merges.merge(lost, kept, {}, by=as_member(nina), at=AT)
    assert referring("pet", lost_id) == {}
    assert {name.split(".")[0] for name in referring("pet", biscuit.id)} == known


def test_whoever_signed_is_whoever_stays(app: Flask, rosa: Client, zoe: Client, nina: Member) -> None:
    fill(zoe, cast.pet(zoe, "Kot", rosa.pets[0].animal), nina)
    db.session.query(DemoClient).delete()
    booking = cast.booking(zoe, zoe.pets, "Daycare", AT + timedelta(days=3), made_at=AT)
    bookings.cancel(booking, by=as_client(zoe), at=AT)
    signed = {"id": zoe.id}
    for table in ("history", "note"):
        db.session.execute(text(f"UPDATE {table} SET by_kind = 'client', by_id = :id WHERE client_id = :id"), signed)
    merges.merge(zoe.account_number, rosa.account_number, {}, by=as_member(nina), at=AT)
    for model in (History, Note, Cancellation):
        assert {row.by_id for row in db.session.query(model).filter_by(by_kind="client")} == {rosa.id}


def unsettled(metadata: MetaData) -> list[str]:
    """Where a second row might stand in the way and nobody has said yet what becomes of it."""
    return [
        f"{owner}: {reference.table.name}"
        for owner in ("client", "pet")
        for reference in belongings.references(metadata, owner)
        if reference.table.name not in settlements.ENDS
        and belongings.only_ones(reference)
        and (owner, reference.table.name) not in settlements.RULES
    ]


def test_every_second_row_that_may_not_stay_has_its_rule() -> None:
    assert unsettled(Base.metadata) == []


@pytest.fixture
def made_up() -> MetaData:
    """The schema as it may be one day: a table with an owner by another name, and one row for each."""
    metadata = MetaData()
    for table in Base.metadata.sorted_tables:
        table.to_metadata(metadata)
    owner = Column("owner_id", Integer, ForeignKey("client.id"))
    Table("made_up", metadata, Column("id", Integer, primary_key=True), owner, UniqueConstraint("owner_id"))
    return metadata


def test_a_table_added_later_fails_this_house_until_it_has_a_rule(made_up: MetaData) -> None:
    assert unsettled(made_up) == ["client: made_up"]
    assert "made_up" in {reference.table.name for reference in belongings.references(made_up, "client")}


def test_a_table_added_later_is_handed_over(app: Flask, made_up: MetaData, rosa: Client, zoe: Client) -> None:
    table = made_up.tables["made_up"]
    table.constraints = {one for one in table.constraints if not isinstance(one, UniqueConstraint)}
    connection = db.session.connection()
    table.create(connection)
    connection.execute(table.insert().values(owner_id=zoe.id))
    assert unsettled(made_up) == []
    by = as_member(db.session.query(Member).first())
    settlements.hand_over(Merging("client", zoe.id, rosa.id, rosa.id, "Zoë", "Rosa", by, AT + timedelta(0)), made_up)
    assert connection.execute(select(table.c.owner_id)).scalars().all() == [rosa.id]
