"""Two that are one and the same become one: what moves, what is settled how, and what is refused."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask

from portal.db import db
from portal.models import (
    Attribute,
    AttributeKind,
    AttributeValue,
    BookingPet,
    Client,
    ClientTag,
    DemoClient,
    Document,
    History,
    Member,
    Message,
    Pet,
    PetTag,
    SignIn,
    Tag,
    Vaccination,
    VaccineKind,
    WaitlistEntry,
)
from portal.rules import customers, email_changes, files, links, merges, messages, pet_merges, sign_ins, waitlists
from portal.rules.actors import Actor, as_client
from portal.rules.refused import Refused
from tests import cast, samples

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def history(field: str) -> list[tuple[str, str]]:
    found = db.session.query(History).filter_by(field=field).order_by(History.id)
    return [(row.old, row.new) for row in found]


def attribute(name: str, *, of_pets: bool, kind: AttributeKind = AttributeKind.TEXT) -> Attribute:
    row = Attribute(name=name, of_pets=of_pets, kind=kind)
    db.session.add(row)
    db.session.flush()
    return row


def test_everything_goes_over_and_the_chosen_facts_stay(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:
    # CP-10
    kot = cast.pet(zoe, "Kot", rosa.pets[0].animal)
    booking = cast.booking(zoe, [kot], "Daycare", AT + timedelta(days=2), made_at=AT)
    asked = messages.start(zoe, "Rabbits", "Do you take them?", by=as_client(zoe), at=AT)
    zoe.city, zoe.phone, zoe.created_at = "Łódź", "+12125550134", AT - timedelta(days=900)
    merges.merge(zoe.account_number, rosa.account_number, {"email": True, "phone": True}, by=by, at=AT)
    db.session.expire_all()
    assert (rosa.name, rosa.email, rosa.phone, rosa.city) == ("Rosa Delgado", "zoë@example.com", "+12125550134", "Łódź")
    assert rosa.created_at == AT - timedelta(days=900)
    assert {row.client_id for row in (kot, booking, asked)} == {rosa.id}
    assert [pet.name for pet in rosa.pets] == ["Biscuit", "Juno", "Kot", "Miso"]
    assert [row.id for row in customers.find("kot").rows] == [rosa.id], "found by what came over"
    assert customers.find("łukaszewska").rows == []
    gone, into = history("Merged")[0]
    assert into == "Into Rosa Delgado"
    for words in ("Zoë Łukaszewska", "zoë@example.com", "(212) 555-0134", "Łódź", "6631 140 529"):
        assert words in gone
    assert ("rosa@example.com", "zoë@example.com") in history("E-mail")


def test_no_way_in_goes_over(app: Flask, rosa: Client, zoe: Client, omar: Client, by: Actor) -> None:  # CP-10
    sign_ins.begin_for_client(zoe, remember=True, device="", at=AT)
    email_changes.ask(zoe, "new@example.com", by=as_client(zoe), at=AT)
    token = links.to_set_password(zoe, links.Purpose.RESET, at=AT).rpartition("/")[2]
    assert omar.password_hash is None
    merges.merge(zoe.account_number, omar.account_number, {}, by=by, at=AT)
    assert db.session.query(SignIn).count() == 0
    assert omar.password_hash is None, "whoever knew the other password does not get in with it"
    assert email_changes.waiting(omar.id, at=AT) is None
    with pytest.raises(links.DeadLink):
        links.opened(token, at=AT)


def test_a_link_of_one_who_is_gone_opens_nobody_else(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:
    token = links.to_set_password(zoe, links.Purpose.RESET, at=AT).rpartition("/")[2]
    gone = zoe.id
    merges.merge(zoe.account_number, rosa.account_number, {}, by=by, at=AT)
    newcomer = Client(
        id=gone, account_number=rosa.account_number[::-1], first_name="New", last_name="Comer", created_at=AT
    )
    db.session.execute(
        db.text("INSERT INTO account_number (number) VALUES (:number)"), {"number": newcomer.account_number}
    )
    db.session.add(newcomer)
    db.session.commit()
    with pytest.raises(links.DeadLink):
        links.opened(token, at=AT)


def test_the_stricter_choice_of_both_stays(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:  # CP-10
    zoe.no_automatic_text, rosa.blocked_online, rosa.prospect = True, True, True
    zoe.marketing_since = AT - timedelta(days=9)
    merges.merge(zoe.account_number, rosa.account_number, {}, by=by, at=AT)
    assert (rosa.no_automatic_text, rosa.blocked_online, rosa.no_automatic_email) == (True, True, False)
    assert rosa.marketing_since is None, "to offers only the address itself can agree"
    assert rosa.prospect is False


def test_whoever_reads_the_address_agrees_to_offers(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:  # CP-10
    zoe.marketing_since = AT - timedelta(days=9)
    merges.merge(zoe.account_number, rosa.account_number, {"email": True}, by=by, at=AT)
    assert rosa.marketing_since == AT - timedelta(days=9)
    assert history("Offers") == [("Unsubscribed", "Subscribed")]


def test_who_is_there_to_try_the_portal_with_stays_apart(
    app: Flask, rosa: Client, zoe: Client, nina: Member, by: Actor
) -> None:  # CP-10
    db.session.add(DemoClient(client_id=zoe.id, member_id=nina.id))
    db.session.commit()
    for lost, kept in ((zoe, rosa), (rosa, zoe)):
        with pytest.raises(Refused, match="to try the portal"):
            merges.merge(lost.account_number, kept.account_number, {}, by=by, at=AT)


def test_the_same_tag_stays_once_and_values_are_settled(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:
    # CP-10
    tag = Tag(name="VIP", of_pets=False)
    db.session.add(tag)
    db.session.flush()
    vet, code, plan = (attribute(name, of_pets=False) for name in ("Vet", "Gate code", "Plan"))
    scan = files.keep(BytesIO(samples.pdf("Plan")), "plan.pdf", at=AT)
    for client in (rosa, zoe):
        db.session.add(ClientTag(client_id=client.id, tag_id=tag.id))
    for of, client, value, file_id in (
        (vet, rosa, "Dr. Hall", None),
        (vet, zoe, "Dr. Nowak", None),
        (code, rosa, "", None),
        (code, zoe, "4711", None),
        (plan, rosa, "Monthly", None),
        (plan, zoe, "plan.pdf", scan.id),
    ):
        db.session.add(AttributeValue(attribute_id=of.id, client_id=client.id, value=value, file_id=file_id))
    merges.merge(zoe.account_number, rosa.account_number, {}, by=by, at=AT)
    assert db.session.query(ClientTag).count() == 1
    values = {row.attribute.name: row.value for row in db.session.query(AttributeValue)}
    assert values == {"Vet": "Dr. Hall", "Gate code": "4711", "Plan": "Monthly"}
    assert history("Vet") == [("Dr. Nowak", "Dr. Hall")]
    kept = db.session.query(Document).one()
    assert (kept.file_id, kept.visible, kept.client_id) == (scan.id, False, rosa.id)


def test_the_same_form_in_both_is_two_messages(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:  # CP-10
    for client in (rosa, zoe):
        messages.start(client, "Hello", "Hi", by=as_client(client), at=AT, key="a" * 32)
    merges.merge(zoe.account_number, rosa.account_number, {}, by=by, at=AT)
    keys = {row.key for row in db.session.query(Message).filter_by(client_id=rosa.id, text="Hi")}
    assert keys == {None, "a" * 32}


def test_what_cannot_be_merged_is_refused_in_words(app: Flask, rosa: Client, zoe: Client, by: Actor) -> None:  # CP-10
    for lost, kept, words in (
        (rosa.account_number, rosa.account_number, "one and the same"),
        (zoe.account_number, "0000000000", "no longer there"),
        ("", "", "no longer there"),
    ):
        with pytest.raises(Refused, match=words):
            merges.merge(lost, kept, {}, by=by, at=AT)
    rosa.deactivated_at = AT
    db.session.commit()
    with pytest.raises(Refused, match="Reactivate"):
        merges.merge(zoe.account_number, rosa.account_number, {}, by=by, at=AT)
    merges.merge(rosa.account_number, zoe.account_number, {}, by=by, at=AT)
    with pytest.raises(Refused, match="no longer there"):
        merges.merge(rosa.account_number, zoe.account_number, {}, by=by, at=AT)


def test_a_pet_keeps_the_vaccine_that_is_good_for_longer(
    app: Flask, rosa: Client, biscuit: Pet, juno: Pet, by: Actor
) -> None:  # CP-10
    rabies, bordetella = db.session.query(VaccineKind).filter(VaccineKind.name.in_(("Rabies", "Bordetella"))).all()
    old = files.keep(BytesIO(samples.pdf("Old")), "old.pdf", at=AT)
    db.session.add_all(
        Vaccination(client_id=rosa.id, pet_id=pet.id, vaccine_kind_id=kind.id, expires_on=until, file_id=file_id)
        for pet, kind, until, file_id in (
            (biscuit, rabies, date(2026, 12, 1), old.id),
            (juno, rabies, date(2027, 12, 1), None),
            (juno, bordetella, date(2027, 3, 1), None),
        )
    )
    db.session.commit()
    kept = pet_merges.merge(pet_merges.mark(juno), pet_merges.mark(biscuit), {"name": True}, by=by, at=AT)
    assert (kept.id, kept.name) == (biscuit.id, "Juno")
    until = {row.kind.name: row.expires_on for row in db.session.query(Vaccination).filter_by(pet_id=kept.id)}
    assert until == {"Rabies": date(2027, 12, 1), "Bordetella": date(2027, 3, 1)}
    assert ("Tue 1 Dec 2026", "Wed 1 Dec 2027") in history("Expiry Date")
    document = db.session.query(Document).one()
    assert (document.name, document.file_id, document.visible) == (
        "Rabies, Biscuit (before merging).pdf",
        old.id,
        False,
    )
    assert [row.id for row in customers.find("juno").rows] == [rosa.id]
    assert customers.find("biscuit").rows == []


def test_a_pet_waits_once_and_goes_once(app: Flask, rosa: Client, biscuit: Pet, juno: Pet, by: Actor) -> None:  # CP-10
    session = cast.session("Agility", AT + timedelta(days=3))
    service, who = cast.service("Agility"), as_client(rosa)
    first = waitlists.join(rosa, juno, service, session=session, by=who, at=AT - timedelta(days=2))
    second = waitlists.join(rosa, biscuit, service, session=session, by=who, at=AT)
    booking = cast.booking(rosa, [biscuit, juno], "Daycare", AT + timedelta(days=4), made_at=AT)
    tag = Tag(name="Shy", of_pets=True)
    db.session.add(tag)
    db.session.flush()
    db.session.add_all(PetTag(client_id=rosa.id, pet_id=pet.id, tag_id=tag.id) for pet in (biscuit, juno))
    db.session.commit()
    pet_merges.merge(pet_merges.mark(juno), pet_merges.mark(biscuit), {}, by=by, at=AT)
    db.session.expire_all()
    assert (first.removed_at, second.removed_at) == (None, AT), "the earlier turn is kept"
    assert {row.pet_id for row in db.session.query(WaitlistEntry)} == {biscuit.id}
    assert [row.pet_id for row in db.session.query(BookingPet).filter_by(booking_id=booking.id)] == [biscuit.id]
    assert db.session.query(PetTag).count() == 1
    assert history("Booked together") == [("Biscuit and Juno", "Biscuit")]
    assert history("Merged") == [("Juno", "Into Biscuit")]


def test_two_places_in_one_session_are_told(app: Flask, rosa: Client, biscuit: Pet, juno: Pet) -> None:  # CP-10
    session = cast.session("Agility", AT + timedelta(days=3))
    for pet in (biscuit, juno):
        cast.booking(rosa, [pet], "Agility", session.starts_at, made_at=AT, session=session)
    assert pet_merges.booked_twice(juno, biscuit, at=AT) == ["Agility, Thu 26 Nov, 10:00\u00a0AM"]
    assert pet_merges.booked_twice(juno, biscuit, at=AT + timedelta(days=4)) == []


def test_pets_that_cannot_be_one_are_refused(app: Flask, rosa: Client, omar: Client, biscuit: Pet, by: Actor) -> None:
    miso = db.session.query(Pet).filter_by(name="Miso").one()
    for lost, kept, words in (
        (biscuit, biscuit, "one and the same"),
        (miso, biscuit, "Miso is a cat and Biscuit a dog"),
        (omar.pets[0], biscuit, "different families"),
    ):
        with pytest.raises(Refused, match=words):
            pet_merges.merge(pet_merges.mark(lost), pet_merges.mark(kept), {}, by=by, at=AT)
    for odd in ("", "9" * 30, "1-0", "٣-x"):
        with pytest.raises(Refused, match="no longer there"):
            pet_merges.merge(odd, pet_merges.mark(biscuit), {}, by=by, at=AT)
