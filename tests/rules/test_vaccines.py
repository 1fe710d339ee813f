"""Vaccines: the state of each, and what an update does."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.db import db
from portal.gateways.files import Unacceptable
from portal.models import Client, File, History, Member, Notice, Pet, Vaccination, VaccineKind
from portal.rules import vaccines
from portal.rules.actors import Actor, as_client, as_member
from portal.rules.vaccines import State, Vaccine
from tests import cast, samples

TODAY = date(2026, 11, 23)


def kind(name: str = "Rabies") -> int:
    return db.session.query(VaccineKind).filter_by(name=name).one().id


def on_file(pet: Pet, name: str = "Rabies", days: int = 30) -> Vaccine:
    found = vaccines.vaccine(pet.id, kind(name), today=TODAY, days=days)
    assert found
    return found


def update(pet: Pet, expires_on: date | None, *, by: Actor | None = None, **more: object) -> Vaccine:
    by = by or as_client(pet.client)
    vaccines.update(pet, kind(), expires_on=expires_on, by=by, at=cast.NOON, **more)  # type: ignore[arg-type]
    return on_file(pet)


def certificate(name: str = "rabies.pdf") -> File:
    return vaccines.keep_record(BytesIO(samples.pdf()), name, at=cast.NOON)


@pytest.mark.parametrize(
    ("ahead", "days", "state"),
    [
        (None, 30, "Missing"),
        (-1, 30, "Expired"),
        (0, 30, "Expiring"),
        (30, 30, "Expiring"),
        (31, 30, "Up to Date"),
        (0, 0, "Expiring"),
        (1, 0, "Up to Date"),
        (60, 90, "Expiring"),
    ],
)
def test_a_vaccine_is_good_through_its_last_day(ahead: int | None, days: int, state: str) -> None:  # VAX-1, VAX-2
    assert vaccines.state(None if ahead is None else TODAY + timedelta(days=ahead), TODAY, days) == state


@given(ahead=st.integers(-4000, 4000), days=st.integers(0, 365))
def test_time_only_ever_makes_it_worse(ahead: int, days: int) -> None:  # VAX-2
    order = [State.CURRENT, State.EXPIRING, State.EXPIRED]
    until = TODAY + timedelta(days=ahead)
    now, later = (vaccines.state(until, TODAY + timedelta(days=passed), days) for passed in (0, 1))
    assert 0 <= order.index(later) - order.index(now) <= (2 if days == 0 else 1)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (12, "Expires Sat 5 Dec 2026, in 12 days"),
        (1, "Expires Tue 24 Nov 2026, tomorrow"),
        (0, "Expires Mon 23 Nov 2026, today"),
        (-20, "Expired Tue 3 Nov 2026"),
        (31, "Expires Thu 24 Dec 2026"),
    ],
)
def test_until_when_is_said_in_words(biscuit: Pet, ahead: int, words: str) -> None:  # VAX-1
    assert update(biscuit, TODAY + timedelta(days=ahead)).until == words


def test_kinds_come_in_the_order_of_the_business_and_only_for_this_animal(biscuit: Pet) -> None:  # VAX-2
    db.session.query(VaccineKind).filter_by(name="Rabies").one().position = 9
    db.session.commit()
    rows = vaccines.vaccines(biscuit.id, today=TODAY, days=30)
    assert [(row.name, row.required) for row in rows] == [
        ("Bordetella", True),
        ("Leptospirosis", False),
        ("Rabies", True),
    ]
    assert vaccines.vaccine(biscuit.id, kind("FVRCP"), today=TODAY, days=30) is None


def test_no_row_is_the_same_as_an_empty_one(biscuit: Pet) -> None:  # VAX-1
    before = on_file(biscuit)
    assert (before.state, before.until, before.record_name, before.unchecked) == (State.MISSING, "", None, False)
    update(biscuit, None)
    assert on_file(biscuit) == before
    assert db.session.query(Notice).count() == db.session.query(History).count() == 0


def test_an_update_counts_at_once_and_is_written_down(rosa: Client, biscuit: Pet) -> None:  # VAX-3
    update(biscuit, date(2026, 11, 3))
    row = update(biscuit, date(2027, 11, 3), record=certificate())
    assert (row.state, row.record_name) == (State.CURRENT, "rabies.pdf")
    told = [(h.subject, h.field, h.old, h.new) for h in db.session.query(History).order_by(History.id)]
    assert told == [
        ("Biscuit, Rabies", "Expiry Date", "", "Tue 3 Nov 2026"),
        ("Biscuit, Rabies", "Expiry Date", "Tue 3 Nov 2026", "Wed 3 Nov 2027"),
        ("Biscuit, Rabies", "Vaccination Record", "", "rabies.pdf"),
    ]
    notice = db.session.query(Notice).order_by(Notice.id.desc()).first()
    assert notice
    assert notice.pet_id == biscuit.id
    assert notice.text == (
        "Rosa Delgado changed Biscuit’s Rabies: "
        "Expiry Date Tue 3 Nov 2026 → Wed 3 Nov 2027, Vaccination Record none → rabies.pdf"
    )


def test_a_new_certificate_takes_the_place_of_the_old_one(biscuit: Pet) -> None:  # VAX-3
    update(biscuit, TODAY, record=certificate("old.pdf"))
    new = certificate("new.pdf")
    update(biscuit, TODAY, record=new, remove_record=True)
    assert vaccines.record(biscuit.id, kind()) == new


def test_removing_the_file_and_the_date_leaves_it_missing(biscuit: Pet) -> None:  # VAX-3
    update(biscuit, TODAY, record=certificate())
    row = update(biscuit, None, remove_record=True)
    assert (row.state, row.record_name, row.unchecked) == (State.MISSING, None, False)
    assert vaccines.record(biscuit.id, kind()) is None


def test_what_a_client_writes_waits_for_a_check_and_what_staff_write_does_not(  # VAX-3
    rosa: Client, biscuit: Pet, nina: Member
) -> None:
    assert not update(biscuit, TODAY, by=as_member(nina)).unchecked
    kept = db.session.query(Vaccination).one()
    assert (kept.checked_at, kept.checked_by) == (cast.NOON, "Nina Park")
    assert db.session.query(Notice).count() == 0
    assert update(biscuit, TODAY + timedelta(days=1), by=as_client(rosa)).unchecked
    assert (kept.checked_at, kept.checked_by) == (None, None)
    kept.checked_at, kept.checked_by = cast.NOON + timedelta(hours=1), "Theo Brandt"
    db.session.commit()
    assert not on_file(biscuit).unchecked
    update(biscuit, TODAY + timedelta(days=1), by=as_client(rosa))
    assert not on_file(biscuit).unchecked, "saving the same again asks for no new check"


@pytest.mark.parametrize("name", ["photo.jpg", "scan.png", "phone.heic", "chat.webp"])
def test_a_photo_of_the_certificate_will_do(app: object, name: str) -> None:  # VAX-3
    made = {"jpg": samples.jpeg(), "png": samples.png(), "heic": samples.heic(), "webp": samples.webp()}
    assert vaccines.keep_record(BytesIO(made[name.split(".")[1]]), name, at=cast.NOON).type.startswith("image/")


@pytest.mark.parametrize(("name", "made"), [("record.docx", samples.docx()), ("notes.txt", b"Rabies 2027")])
def test_other_documents_are_no_certificate(app: object, name: str, made: bytes) -> None:  # VAX-3
    with pytest.raises(Unacceptable, match="a PDF or a photo"):
        vaccines.keep_record(BytesIO(made), name, at=cast.NOON)
