"""Profiles: what changes, who hears of it, and when a new e-mail takes effect."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal import devices, phones, wording
from portal.db import db
from portal.models import Client, EmailChange, History, Notice, NoticeKind, SignIn
from portal.rules import email_changes, files, links, profiles, sign_ins
from portal.rules.actors import as_client, as_member
from portal.rules.refused import Refused
from portal.rules.throttles import TooMany
from tests import letters, samples
from tests.cast import NOON

MINUTE = timedelta(minutes=1)
NEW = "rosa@new.example.com"


def told() -> list[str]:
    return [notice.text for notice in db.session.scalars(select(Notice).order_by(Notice.id))]


def lines() -> list[tuple[str, str, str]]:
    rows = db.session.scalars(select(History).order_by(History.id))
    return [(row.field, row.old, row.new) for row in rows]


def link(client: Client, at=NOON) -> str:  # type: ignore[no-untyped-def]
    change = email_changes.waiting(client.id, at=at)
    assert change
    return email_changes.token(change)


def test_a_change_is_noted_field_by_field_and_told_once(rosa: Client) -> None:  # PRO-1, PRO-3
    facts = {"phone": "+12125550199", "street": "14 Birch Lane", "first_name": "Rosa", "region": "NY"}
    assert profiles.change(rosa, facts, by=as_client(rosa), at=NOON) is False
    assert (rosa.phone, rosa.street, rosa.region) == ("+12125550199", "14 Birch Lane", "NY")
    assert told() == ["Rosa Delgado changed phone, street, state"]
    assert db.session.scalars(select(Notice)).one().kind == NoticeKind.DATA_CHANGED
    assert lines() == [("Phone", "", "+12125550199"), ("Street", "", "14 Birch Lane"), ("State", "", "NY")]


def test_what_stays_as_it_is_tells_nobody(rosa: Client) -> None:  # PRO-3
    profiles.change(rosa, {"first_name": "Rosa"}, email="Rosa@Example.com", by=as_client(rosa), at=NOON)
    assert (told(), lines()) == ([], [])
    assert letters.to("rosa@example.com") == []


def test_staff_need_not_be_told_what_they_did(rosa: Client, nina) -> None:  # type: ignore[no-untyped-def]  # PRO-3
    profiles.change(rosa, {"city": "Kingston"}, by=as_member(nina), at=NOON)
    assert told() == []
    assert lines() == [("City", "", "Kingston")]


def test_a_photo_comes_and_goes(rosa: Client) -> None:  # PRO-1
    photo = files.keep_photo(BytesIO(samples.jpeg()), "me.jpg", at=NOON)
    profiles.change(rosa, {}, photo=photo, by=as_client(rosa), at=NOON)
    assert rosa.photo_id == photo.id
    profiles.change(rosa, {}, remove_photo=True, by=as_client(rosa), at=NOON)
    assert rosa.photo_id is None
    assert lines() == [("Photo", "", "me.webp"), ("Photo", "me.webp", "")]
    assert told() == ["Rosa Delgado changed photo"] * 2


def test_a_changed_phone_is_told_by_mail(rosa: Client) -> None:  # PRO-2
    profiles.change(rosa, {"phone": "+12125550199"}, by=as_client(rosa), at=NOON)
    (letter,) = letters.to("rosa@example.com")
    assert letter.subject == "Your phone number was changed"
    assert "is now (212) 555-0199" in letter.text


def test_a_new_email_waits_for_its_confirmation(rosa: Client) -> None:  # PRO-2
    assert profiles.change(rosa, {}, email=" Rosa@NEW.example.com ", by=as_client(rosa), at=NOON) is True
    assert rosa.email == "rosa@example.com"
    (letter,) = letters.to(NEW)
    assert f"/email/{link(rosa)}" in letter.text
    assert letter.message_id is None, "others may read threads"
    assert letters.to("rosa@example.com") == []
    version = rosa.credential_version
    email_changes.confirm(link(rosa), at=NOON + MINUTE)
    assert (rosa.email, rosa.credential_version) == (NEW, version + 1)
    (letter,) = letters.to("rosa@example.com")
    assert letter.subject == "Your e-mail was changed"
    assert "r•••@new.example.com" in letter.text
    assert told() == ["Rosa Delgado changed e-mail"]
    assert lines() == [("New e-mail", "", f"{NEW}, to be confirmed"), ("E-mail", "rosa@example.com", NEW)]


def test_links_to_the_old_address_die(rosa: Client) -> None:  # PRO-2
    former = links.to_set_password(rosa, links.Purpose.RESET, at=NOON).rpartition("/")[2]
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    assert links.opened(former, at=NOON)
    email_changes.confirm(link(rosa), at=NOON)
    with pytest.raises(links.DeadLink):
        links.opened(former, at=NOON)


def test_a_link_works_once_and_for_two_days(rosa: Client) -> None:  # PRO-2
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    token = link(rosa)
    assert email_changes.opened(token, at=NOON + timedelta(days=2)).email == NEW
    with pytest.raises(email_changes.DeadChange, match="has run out"):
        email_changes.opened(token, at=NOON + timedelta(days=2, seconds=1))
    assert email_changes.waiting(rosa.id, at=NOON + timedelta(days=2, seconds=1)) is None
    email_changes.confirm(token, at=NOON)
    with pytest.raises(email_changes.DeadChange, match="confirmed already"):
        email_changes.confirm(token, at=NOON)
    for odd in (token[:-1], token + "x", "", "odd"):
        with pytest.raises(email_changes.DeadChange, match="not complete"):
            email_changes.opened(odd, at=NOON)


def test_another_wish_takes_the_place_of_the_first(rosa: Client) -> None:  # PRO-2
    email_changes.ask(rosa, "first@example.com", by=as_client(rosa), at=NOON)
    first = link(rosa)
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    assert db.session.scalars(select(EmailChange.email)).all() == [NEW]
    with pytest.raises(email_changes.DeadChange, match="another one has taken its place"):
        email_changes.confirm(first, at=NOON)
    assert email_changes.confirm(link(rosa), at=NOON).email == NEW


def test_it_can_be_sent_again_and_forgotten(rosa: Client) -> None:  # PRO-2
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    token = link(rosa)
    email_changes.mail_again(rosa, at=NOON + MINUTE)
    assert [token in letter.text for letter in letters.to(NEW)] == [True, True]
    email_changes.forget(rosa, by=as_client(rosa), at=NOON + MINUTE)
    assert lines()[-1] == ("New e-mail", NEW, "Not wanted any more")
    with pytest.raises(email_changes.DeadChange, match="taken back"):
        email_changes.confirm(token, at=NOON + MINUTE)
    for late in (
        email_changes.mail_again,
        lambda client, at: email_changes.forget(client, by=as_client(client), at=at),
    ):
        with pytest.raises(Refused, match="No e-mail waits"):
            late(rosa, at=NOON + MINUTE)


def test_strangers_are_not_flooded_with_letters(rosa: Client) -> None:  # PRO-2
    for _ in range(5):
        email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    with pytest.raises(TooMany):
        email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    assert len(letters.to(NEW)) == 5


def test_an_email_has_one_profile(rosa: Client, omar: Client) -> None:  # PRO-2
    with pytest.raises(Refused, match=r"belongs to another profile\. Please call"):
        profiles.change(rosa, {"city": "Kingston"}, email="OMAR@example.com", by=as_client(rosa), at=NOON)
    db.session.refresh(rosa)
    assert rosa.city == ""
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    email_changes.ask(omar, NEW, by=as_client(omar), at=NOON)
    email_changes.confirm(link(omar), at=NOON)
    with pytest.raises(Refused, match="belongs to another profile"):
        email_changes.confirm(link(rosa), at=NOON)
    db.session.refresh(rosa)
    assert rosa.email == "rosa@example.com"


def test_the_database_itself_holds_that(rosa: Client, omar: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # PRO-2
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    omar.email = NEW
    db.session.commit()
    monkeypatch.setattr(email_changes, "must_be_free", lambda client, email: None)
    with pytest.raises(Refused, match="belongs to another profile"):
        email_changes.confirm(link(rosa), at=NOON)


def test_a_closed_profile_confirms_nothing(rosa: Client) -> None:  # SI-12
    email_changes.ask(rosa, NEW, by=as_client(rosa), at=NOON)
    rosa.deactivated_at = NOON
    db.session.commit()
    with pytest.raises(email_changes.DeadChange, match="This profile is closed"):
        email_changes.confirm(link(rosa), at=NOON)


def test_an_imported_client_without_email_gets_one(rosa: Client) -> None:  # PRO-2
    rosa.email = None
    db.session.commit()
    assert profiles.change(rosa, {"phone": "+12125550199"}, email=NEW, by=as_client(rosa), at=NOON) is True
    email_changes.confirm(link(rosa), at=NOON)
    assert rosa.email == NEW
    assert lines()[-1] == ("E-mail", "", NEW)
    rosa.email = None
    with pytest.raises(Refused, match="no e-mail on your profile"):
        profiles.mail_password_link(rosa, at=NOON)


def signed_in(client: Client, at=NOON) -> SignIn:  # type: ignore[no-untyped-def]
    sign_ins.begin_for_client(client, remember=False, device="", at=at)
    return sign_ins.of_client(client.id, at=at)[0]


def test_who_came_in_just_now_need_not_prove_it(rosa: Client, omar: Client) -> None:  # PRO-2
    place = signed_in(rosa)
    profiles.prove(rosa, place, "", origin="", at=NOON + 10 * MINUTE)
    later = NOON + 11 * MINUTE
    with pytest.raises(profiles.NotProven, match="Type your password"):
        profiles.prove(rosa, place, "", origin="", at=later)
    with pytest.raises(profiles.NotProven, match="not your current password"):
        profiles.prove(rosa, place, "wrong", origin="", at=later)
    profiles.prove(rosa, place, "biscuit-and-me", origin="", at=later)
    with pytest.raises(profiles.NotProven, match="sign in with a code"):
        profiles.prove(omar, signed_in(omar), "", origin="", at=later)


def test_only_email_and_phone_open_the_door(rosa: Client) -> None:  # PRO-2
    assert not profiles.opens_door(rosa, "ROSA@example.com", "")
    assert not profiles.opens_door(rosa, "", "")
    assert profiles.opens_door(rosa, NEW, "")
    assert profiles.opens_door(rosa, "rosa@example.com", "+12125550199")


def test_where_a_client_is_signed_in(rosa: Client, omar: Client) -> None:  # PRO-2
    first, second = signed_in(rosa), signed_in(rosa, NOON + MINUTE)
    assert sign_ins.of_client(rosa.id, at=NOON + MINUTE) == [second, first]
    assert sign_ins.of_client(rosa.id, at=NOON + timedelta(days=14, seconds=30)) == [second]
    assert not sign_ins.end_one(first.id, client_id=omar.id)
    assert sign_ins.end_one(first.id, client_id=rosa.id)
    assert not sign_ins.end_one(first.id, client_id=rosa.id)


@pytest.mark.parametrize(
    ("kept", "country", "shown"),
    [
        ("+12125550148", "US", "(212) 555-0148"),
        ("+442079460958", "US", "+44 20 7946 0958"),
        ("+12125550148", "GB", "+1 212-555-0148"),
        ("+442079460958", "GB", "020 7946 0958"),
        ("ask for Rosa", "US", "ask for Rosa"),
        ("", "US", ""),
    ],
)
def test_a_number_is_edited_as_people_write_it(kept: str, country: str, shown: str) -> None:  # PRO-1
    assert phones.editable(kept, country) == shown
    if kept.startswith("+"):
        assert phones.kept(shown, country) == kept


def test_an_address_has_as_many_lines_as_there_are() -> None:  # PRO-1
    assert wording.address_lines("14 Birch Lane", "Kingston", "NY", "12401") == ["14 Birch Lane", "Kingston, NY 12401"]
    assert wording.address_lines("", "Kingston", "", "") == ["Kingston"]
    assert wording.address_lines("", "", "", "") == []


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) CriOS/131.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/131.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        ("curl/8.5", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_in_words(told: str, words: str) -> None:
    assert devices.words(told) == words
