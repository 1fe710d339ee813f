"""Vaccine checks: the queue of what clients sent, one tap, its undo, and asking again."""

from datetime import date, datetime, timedelta
from io import BytesIO

import pytest

from portal.db import db
from portal.models import Animal, Client, Delivery, History, Member, Pet, Vaccination, VaccineKind
from portal.rules import vaccine_checks, vaccines
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from tests import samples
from tests.cast import NOON

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
GOOD, BETTER = date(2027, 5, 1), date(2028, 5, 1)


def kind(name: str) -> int:
    dog = db.session.query(Animal).filter_by(name="Dog").one()
    return db.session.query(VaccineKind).filter_by(name=name, animal_id=dog.id).one().id


def sent(pet: Pet, name: str = "Rabies", at: datetime = NOON, *, record: bool = True) -> Vaccination:
    kept = vaccines.keep_record(BytesIO(samples.pdf()), f"{name}.pdf", at=at) if record else None
    vaccines.update(pet, kind(name), expires_on=GOOD, record=kept, by=as_client(pet.client), at=at)
    return db.session.query(Vaccination).filter_by(pet_id=pet.id, vaccine_kind_id=kind(name)).one()


def seen(vaccination: Vaccination) -> str:
    return vaccine_checks.version(vaccination.updated_at)


def check(vaccination: Vaccination, member: Member, day: date = GOOD, at: datetime = NOON) -> None:
    vaccine_checks.check(vaccination, expires_on=day, seen=seen(vaccination), by=as_member(member), at=at)


def names() -> list[str]:
    return [f"{row.pet} {row.vaccine}" for row in vaccine_checks.queue()]


def count() -> int:
    return db.session.query(vaccine_checks.HOW_MANY).scalar() or 0


def test_what_clients_sent_waits_the_oldest_first(biscuit: Pet, juno: Pet, nina: Member) -> None:  # VAX-3
    sent(juno, at=NOON)
    sent(biscuit, "Bordetella", NOON - DAY, record=False)
    vaccines.update(biscuit, kind("Rabies"), expires_on=GOOD, by=as_member(nina), at=NOON)
    assert names() == ["Biscuit Bordetella", "Juno Rabies"]
    assert count() == 2
    first, second = vaccine_checks.queue()
    assert (first.client, first.record_name, first.expires_on) == ("Rosa Delgado", None, GOOD)
    assert (second.record_name, second.is_picture) == ("Rabies.pdf", False)


def test_what_was_taken_away_again_waits_for_nobody(biscuit: Pet) -> None:  # VAX-3
    sent(biscuit)
    vaccines.update(
        biscuit, kind("Rabies"), expires_on=None, remove_record=True, by=as_client(biscuit.client), at=NOON + MINUTE
    )
    assert (names(), count()) == ([], 0)


def test_one_tap_and_it_is_checked(biscuit: Pet, nina: Member) -> None:  # VAX-3
    vaccination = sent(biscuit)
    check(vaccination, nina, at=NOON + MINUTE)
    assert (vaccination.checked_at, vaccination.checked_by) == (NOON + MINUTE, "Nina Park")
    assert names() == []
    on_file = vaccines.vaccine(biscuit.id, kind("Rabies"), today=NOON.date(), days=30)
    assert on_file
    assert not on_file.unchecked
    line = db.session.query(History).filter_by(field="Checked").one()
    assert (line.subject, line.old, line.new, line.by_name) == ("Biscuit, Rabies", "Not yet", "Checked", "Nina Park")


def test_the_date_is_mended_before(biscuit: Pet, nina: Member) -> None:  # VAX-3
    vaccination = sent(biscuit)
    check(vaccination, nina, BETTER)
    assert vaccination.expires_on == BETTER
    line = db.session.query(History).filter_by(field="Expiry Date", by_kind="member").one()
    assert (line.old, line.new) == ("Sat 1 May 2027", "Mon 1 May 2028")


def test_two_tablets_check_it_once(biscuit: Pet, nina: Member, theo: Member) -> None:  # VAX-3
    vaccination = sent(biscuit)
    check(vaccination, nina)
    with pytest.raises(Refused, match="Nina Park has checked this already"):
        check(vaccination, theo)


def test_what_has_changed_since_is_not_checked_unseen(biscuit: Pet, nina: Member) -> None:  # VAX-3
    vaccination = sent(biscuit)
    before = seen(vaccination)
    vaccines.update(biscuit, kind("Rabies"), expires_on=BETTER, by=as_client(biscuit.client), at=NOON + MINUTE)
    with pytest.raises(Refused, match="changed since you opened it"):
        vaccine_checks.check(vaccination, expires_on=GOOD, seen=before, by=as_member(nina), at=NOON + MINUTE)
    assert vaccination.checked_at is None


def test_it_is_taken_back_with_the_date_that_stood_there(biscuit: Pet, nina: Member) -> None:  # VAX-3
    vaccination, by = sent(biscuit), as_member(nina)
    with pytest.raises(Refused, match="not checked"):
        vaccine_checks.uncheck(vaccination, expires_on=GOOD, by=by, at=NOON)
    check(vaccination, nina, BETTER)
    vaccine_checks.uncheck(vaccination, expires_on=GOOD, by=by, at=NOON + 10 * MINUTE)
    assert (vaccination.expires_on, vaccination.checked_at, vaccination.checked_by) == (GOOD, None, None)
    assert names() == ["Biscuit Rabies"]
    check(vaccination, nina)
    with pytest.raises(Refused, match="time to undo is over"):
        vaccine_checks.uncheck(vaccination, expires_on=GOOD, by=by, at=NOON + 11 * MINUTE)


def test_the_client_is_asked_again_in_words_and_what_comes_waits_anew(  # VAX-3, MSG-4
    biscuit: Pet, rosa: Client, nina: Member
) -> None:
    vaccination, by = sent(biscuit), as_member(nina)
    words = vaccine_checks.words_to_ask(vaccine_checks.one(vaccination))
    assert "we cannot read the date" in words
    vaccine_checks.ask_again(vaccination, words, seen=seen(vaccination), key="a" * 32, by=by, at=NOON)
    letter = db.session.query(Delivery).one()
    assert (letter.recipient, letter.subject, letter.text) == ("rosa@example.com", "Biscuit’s Rabies", words)
    assert (names(), count()) == ([], 0)
    on_file = vaccines.vaccine(biscuit.id, kind("Rabies"), today=NOON.date(), days=30)
    assert on_file
    assert on_file.asked_again
    with pytest.raises(Refused, match="asked again already"):
        vaccine_checks.ask_again(vaccination, words, seen=seen(vaccination), key="b" * 32, by=by, at=NOON)
    sent(biscuit, at=NOON + DAY)
    assert vaccination.asked_at is None
    assert names() == ["Biscuit Rabies"]


def test_without_an_address_nothing_is_asked(biscuit: Pet, rosa: Client, nina: Member) -> None:  # MSG-4
    rosa.email, rosa.phone = None, ""
    vaccination = sent(biscuit, record=False)
    words = vaccine_checks.words_to_ask(vaccine_checks.one(vaccination))
    assert "there is no certificate with it" in words
    with pytest.raises(Refused, match="has no e-mail address"):
        vaccine_checks.ask_again(vaccination, words, seen=seen(vaccination), key="", by=as_member(nina), at=NOON)
    db.session.expire_all()
    assert names() == ["Biscuit Rabies"]


def test_staff_who_save_it_unchanged_have_checked_it(biscuit: Pet, nina: Member) -> None:  # VAX-3
    vaccination = sent(biscuit)
    vaccines.update(biscuit, kind("Rabies"), expires_on=GOOD, by=as_client(biscuit.client), at=NOON + MINUTE)
    assert vaccination.updated_at == NOON, "the client changed nothing"
    vaccines.update(biscuit, kind("Rabies"), expires_on=GOOD, by=as_member(nina), at=NOON + MINUTE)
    assert (vaccination.checked_by, names()) == ("Nina Park", [])
    assert db.session.query(History).filter_by(field="Checked").count() == 1
