"""Notes: writing one, mending one’s own, taking one away and back, and what the history keeps."""

from datetime import timedelta
from io import BytesIO

import pytest

from portal.db import db
from portal.models import Client, File, History, Member, Note, NoteFile, Pet
from portal.rules import desk_days, files, notes
from portal.rules.actors import as_member
from portal.rules.refused import Refused
from tests import cast, samples
from tests.cast import NOON

MINUTE = timedelta(minutes=1)


def write(client: Client, member: Member, text: str = "Shy of men with hats.", **more: object) -> Note:
    return notes.write(client, text, by=as_member(member), at=more.pop("at", NOON), **more)  # type: ignore[arg-type]


def test_the_latest_stands_first_with_author_pet_and_files(rosa: Client, juno: Pet, nina: Member, theo: Member) -> None:
    sheet = files.keep(BytesIO(samples.pdf()), "Dose.pdf", at=NOON)  # CP-7
    write(rosa, nina)
    write(rosa, theo, "Half a tablet.", pet=juno, files=[sheet], at=NOON + MINUTE)
    latest, first = notes.page(rosa.id, at=NOON + MINUTE).rows
    assert (latest.text, latest.by_name, latest.pet) == ("Half a tablet.", "Theo Brandt", "Juno")
    assert [(file.name, file.type) for file in latest.files] == [("Dose.pdf", "application/pdf")]
    assert (first.text, first.by_name, first.pet, first.files) == ("Shy of men with hats.", "Nina Park", None, [])


def test_a_button_pressed_twice_writes_one(rosa: Client, nina: Member, theo: Member) -> None:  # CP-7
    note = write(rosa, nina)
    assert write(rosa, nina, at=NOON + timedelta(seconds=3)).id == note.id
    assert write(rosa, theo).id != note.id
    assert write(rosa, nina, at=NOON + 2 * MINUTE).id != note.id


def test_one_changes_ones_own_and_the_history_keeps_the_words(rosa: Client, nina: Member, theo: Member) -> None:
    note = write(rosa, nina)  # CP-7, CP-11
    with pytest.raises(Refused, match="Nina Park wrote this note"):
        notes.edit(note, "Not shy at all.", pet=None, by=as_member(theo), at=NOON)
    changed = notes.edit(note, "Shy of hats.", pet=None, by=as_member(nina), at=NOON + MINUTE)
    assert (changed.text, changed.edited_at) == ("Shy of hats.", NOON + MINUTE)
    notes.edit(note, "Shy of hats.", pet=None, by=as_member(nina), at=NOON + 2 * MINUTE)
    told = [(line.old, line.new) for line in db.session.query(History).order_by(History.id)]
    assert told == [("", "Written"), ("Shy of men with hats.", "Shy of hats.")]


def test_one_removes_ones_own_and_whoever_is_in_charge_any(rosa: Client, nina: Member, theo: Member) -> None:  # CP-7
    ninas, theos = write(rosa, nina), write(rosa, theo)
    with pytest.raises(Refused, match="only Nina Park changes it"):
        notes.remove(ninas, by=as_member(theo), at=NOON)
    assert notes.remove(theos, in_charge=True, by=as_member(nina), at=NOON).undo_left(NOON + MINUTE) == 540
    with pytest.raises(Refused, match="has been removed"):
        notes.remove(theos, by=as_member(theo), at=NOON)
    with pytest.raises(Refused, match="has been removed"):
        notes.edit(theos, "x", pet=None, by=as_member(theo), at=NOON)


def test_it_comes_back_for_ten_minutes_and_is_then_forgotten(rosa: Client, nina: Member) -> None:  # CP-7
    kept = files.keep(BytesIO(samples.pdf()), "Dose.pdf", at=NOON)
    note, by = write(rosa, nina, files=[kept]), as_member(nina)
    with pytest.raises(Refused, match="has not been removed"):
        notes.restore(note, by=by, at=NOON)
    notes.remove(note, by=by, at=NOON)
    assert notes.restore(note, by=by, at=NOON + 10 * MINUTE).removed_at is None
    notes.remove(note, by=by, at=NOON)
    with pytest.raises(Refused, match="time to undo is over"):
        notes.restore(note, by=by, at=NOON + 11 * MINUTE)
    assert len(notes.page(rosa.id, at=NOON + 9 * MINUTE).rows) == 1
    assert notes.page(rosa.id, at=NOON + 11 * MINUTE).rows == []
    notes.sweep(NOON + 9 * MINUTE)
    assert db.session.query(Note).count() == 1
    notes.sweep(NOON + 11 * MINUTE)
    files.sweep(NOON + timedelta(hours=2))
    assert (db.session.query(Note).count(), db.session.query(NoteFile).count()) == (0, 0)
    assert db.session.query(File).filter_by(name="Dose.pdf").count() == 1, "the newest file keeps its row"
    files.keep(BytesIO(samples.pdf()), "Newer.pdf", at=NOON + timedelta(hours=2))
    files.sweep(NOON + timedelta(hours=2))
    assert db.session.query(File).filter_by(name="Dose.pdf").count() == 0


def test_todays_flag_follows_the_notes(rosa: Client, biscuit: Pet, juno: Pet, nina: Member) -> None:  # FD-1
    cast.booking(rosa, [biscuit], "Daycare", NOON + MINUTE, made_at=NOON)
    by = as_member(nina)

    def noted() -> bool:
        return desk_days.day(desk_days.places()[0], at=NOON).arrivals.visits[0].noted

    write(rosa, nina, pet=juno)
    assert not noted(), "about another pet"
    note = write(rosa, nina, "Bites.", pet=biscuit)
    assert noted()
    notes.remove(note, by=by, at=NOON)
    assert not noted()
    notes.restore(note, by=by, at=NOON)
    assert noted()


def test_a_long_list_goes_on_where_it_ended(rosa: Client, nina: Member) -> None:  # CP-7
    for number in range(30):
        write(rosa, nina, f"Note {number}", at=NOON + number * MINUTE)
    at = NOON + timedelta(hours=1)
    first = notes.page(rosa.id, at=at)
    assert (len(first.rows), first.rows[0].text, first.rows[-1].text) == (25, "Note 29", "Note 5")
    last = first.rows[-1]
    assert [row.text for row in notes.page(rosa.id, at=at, after=(last.at, 0, last.id)).rows] == [
        f"Note {number}" for number in range(4, -1, -1)
    ]
