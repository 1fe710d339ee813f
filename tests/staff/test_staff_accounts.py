"""Who works here: invited by mail, in a role, out again; and everybody's own name, e-mail and password."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask

from portal.db import db
from portal.models import Client, Delivery, History, Invitation, Member, Role, SignIn, Thread
from portal.passwords import verify
from portal.rules import desk_letters, desk_links, desk_passwords, invitations, members
from portal.rules.actors import as_member
from portal.rules.links import DeadLink, masked
from portal.rules.refused import Refused
from portal.rules.throttles import LINKS
from tests import letters
from tests.conftest import Browse, Browser
from tests.house.test_at_once import CROWD, together

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
GOOD = {"password": "three quiet otters", "again": "three quiet otters"}
INES = "ines@example.com"


def link(delivery: Delivery) -> str:
    found = re.search(r"http\S+/desk/(?:join|password)/\S+", delivery.text)
    assert found, delivery.text
    return urlsplit(found[0]).path


def invite(browser: Browser, email: str = INES, role: str = "manager") -> str:
    answer = browser.post("/desk/settings/staff", data={"email": email, "role": role})
    assert (answer.status_code, answer.location) == (303, "/desk/settings/staff")
    return link(letters.to(email.strip().casefold())[-1])


def ines() -> Member | None:
    return members.with_email(INES)


def test_somebody_is_invited_and_joins(browse: Browse, nina: Member) -> None:  # POR-9
    browser = browse(nina)
    path = invite(browser, " Ines@Example.com ")
    (letter,) = letters.to(INES)
    assert letter.subject == "Join Maple & Paw"
    assert "Nina Park asks you to join" in letter.text
    assert "Manager · invited" in browser.get("/desk/settings/staff").text
    newcomer = browse()
    assert "You will sign in with ines@example.com" in newcomer.get(path).text
    answer = newcomer.post(path, data={"name": " Ines Costa ", **GOOD})
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert "Welcome, Ines Costa." in newcomer.get("/desk/").text
    member = ines()
    assert member
    assert (member.name, member.role) == ("Ines Costa", Role.MANAGER)
    assert verify(member.password_hash, GOOD["password"])
    assert db.session.query(Invitation).count() == 0


def test_an_invitation_works_once_and_for_a_week(browse: Browse, nina: Member) -> None:  # POR-9
    path = invite(browse(nina))
    assert browse().post(path, data={"name": "Ines Costa", **GOOD}).status_code == 303
    for browser in (browse(), browse(nina)):
        assert browser.get(path).status_code == 410
        assert browser.post(path, data={"name": "Mallory", **GOOD}).status_code == 410
    late = invite(browse(nina), "late@example.com")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=8), tick=False):
        answer = browse().get(late)
        assert "The link has run out" in browse(nina).get("/desk/settings/staff").text
    assert answer.status_code == 410
    assert "it was good for 7 days" in answer.text
    assert db.session.query(Member).count() == 3


def test_a_newer_letter_ends_the_older_and_withdrawing_ends_both(browse: Browse, nina: Member) -> None:  # POR-9
    browser = browse(nina)
    with time_machine.travel(datetime.now(UTC) - timedelta(hours=1), tick=False):
        id = invitations.invite(INES, Role.TEAM, by=as_member(nina), at=datetime.now(UTC)).id
    first = link(letters.to(INES)[-1])
    again = browser.post(f"/desk/settings/invitations/{id}/letters")
    assert (again.status_code, again.location) == (303, "/desk/settings/staff")
    second = link(letters.to(INES)[-1])
    assert (browse().get(first).status_code, browse().get(second).status_code) == (410, 200)
    gone = browser.post(f"/desk/settings/invitations/{id}/withdrawal")
    assert gone.status_code == 303
    assert browse().get(second).status_code == 410
    assert browser.post(f"/desk/settings/invitations/{id}/letters").status_code == 404


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("theo@example.com", "Theo Brandt works here with this e-mail already."),
        (INES, "This e-mail is invited already."),
        ("old@example.com", "who is deactivated. Reactivate them instead."),
        ("no address", "This is no e-mail address yet."),
    ],
)
def test_who_cannot_be_invited_is_said_beside_the_field(
    browse: Browse, nina: Member, email: str, words: str
) -> None:  # POR-9
    db.session.add(Member(name="Old Hand", email="old@example.com", deactivated_at=AT))
    invitations.invite(INES, Role.TEAM, by=as_member(nina), at=AT)
    for ask in (browse(nina).post, browse(nina).swap):
        answer = ask("/desk/settings/staff", data={"email": email, "role": "team"})
        assert answer.status_code == 422
        assert words in answer.text
        assert f'value="{email}"' in answer.text
    assert browse(nina).post("/desk/settings/staff", data={"email": "x@example.com", "role": "king"}).status_code == 422
    assert db.session.query(Invitation).count() == 1


@pytest.mark.parametrize("role", [Role.TEAM, Role.MANAGER])
def test_only_owners_decide_about_staff(browse: Browse, theo: Member, nina: Member, role: Role) -> None:  # POR-9
    theo.role = role
    db.session.commit()
    browser = browse(theo)
    assert browser.get("/desk/settings/staff").status_code == 403
    assert browser.post(f"/desk/settings/staff/{theo.id}", data={"role": "owner"}).status_code == 403
    assert browser.post("/desk/settings/staff", data={"email": INES, "role": "owner"}).status_code == 403
    page = browser.get("/desk/settings").text
    assert "My Account" in page
    assert "/desk/settings/staff" not in page
    assert theo.role == role


def test_a_new_role_signs_out_and_is_told_by_mail(browse: Browse, nina: Member, theo: Member) -> None:  # POR-9
    at_work = browse(theo)
    old = link_to_reset(theo)
    assert "Team:" in browse(nina).get(f"/desk/settings/staff/{theo.id}").text
    answer = browse(nina).swap(f"/desk/settings/staff/{theo.id}", data={"role": "manager"})
    assert answer.headers["HX-Redirect"] == "/desk/settings/staff"
    assert (theo.role, theo.credential_version) == (Role.MANAGER, 1)
    assert at_work.get("/desk/").status_code == 302
    assert browse().get(old).status_code == 410
    assert "Nina Park has changed your role: you are a manager now." in letters.to("theo@example.com")[-1].text


def link_to_reset(member: Member) -> str:
    return urlsplit(desk_links.to_set_password(member, at=datetime.now(UTC))).path


def test_the_last_owner_stays_one(browse: Browse, nina: Member, theo: Member) -> None:  # POR-9
    words = "Nina Park is the only owner, and somebody must be. Make somebody else an owner first."
    for data, path in (({"role": "team"}, ""), ({}, "/deactivation")):
        answer = browse(nina).post(f"/desk/settings/staff/{nina.id}{path}", data=data)
        assert answer.status_code == 422
        assert words in answer.text
    assert (nina.role, nina.deactivated_at) == (Role.OWNER, None)
    members.give_role(theo, Role.OWNER, by=as_member(nina), at=AT)
    members.deactivate(nina, by=as_member(nina), at=AT)
    with pytest.raises(Refused, match="Theo Brandt is the only owner"):
        members.give_role(theo, Role.TEAM, by=as_member(theo), at=AT)


def test_who_is_deactivated_is_out_at_once(
    browse: Browse, nina: Member, theo: Member, rosa: Client
) -> None:  # POR-9, SI-11
    theo.role = Role.MANAGER
    at_work = browse(theo)
    ticket = at_work.post(f"/desk/customers/{rosa.id}/viewing", data={"reason": "Help"}).text
    at_work.post("/handoff", data={"ticket": ticket.split('name="ticket" value="')[1].split('"')[0]}, token=None)
    assert "You are viewing as" in at_work.get("/").text
    thread = threads_of(rosa, theo)
    answer = browse(nina).post(f"/desk/settings/staff/{theo.id}/deactivation")
    assert (answer.status_code, answer.location) == (303, "/desk/settings/staff")
    assert at_work.get("/desk/").status_code == 302
    assert at_work.get("/pets").status_code == 302, "their look into a portal is over, too"
    assert [row.new for row in db.session.query(History).filter_by(field="Login as Client")][-1] == "Ended"
    assert db.session.query(SignIn).filter_by(member_id=theo.id).count() == 0
    assert db.session.get_one(Thread, thread).member_id is None, "somebody else takes care of it"
    wrong = browse().post("/desk/sign-in", data={"email": "theo@example.com", "password": "front-desk-theo"})
    assert wrong.status_code == 422
    again = browse(nina).post(f"/desk/settings/staff/{theo.id}/deactivation")
    assert (again.status_code, "deactivated already" in again.text) == (422, True)
    assert browse(nina).post(f"/desk/settings/staff/{theo.id}/reactivation").status_code == 303
    assert theo.deactivated_at is None
    assert browse(nina).post(f"/desk/settings/staff/{theo.id}/reactivation").status_code == 422


def threads_of(client: Client, member: Member) -> int:
    row = Thread(client_id=client.id, subject="Hello", last_message_at=AT, member_id=member.id)
    db.session.add(row)
    db.session.commit()
    return row.id


def test_everybody_changes_their_own_name(browse: Browse, theo: Member) -> None:  # POR-9
    browser = browse(theo)
    assert 'value="Theo Brandt"' in browser.get("/desk/settings/account").text
    data = {"name": "Theodor Brandt", "email": "theo@example.com", "current": ""}
    answer = browser.post("/desk/settings/account", data=data)
    assert (answer.status_code, answer.location) == (303, "/desk/settings/account")
    assert theo.name == "Theodor Brandt"
    assert letters.to("theo@example.com") == []


def test_another_e_mail_needs_the_password_and_the_old_one_is_told(browse: Browse, theo: Member) -> None:  # POR-9
    data = {"name": "Theo Brandt", "email": "Theo.Brandt@example.com", "current": "wrong"}
    for current in ("wrong", ""):
        answer = browse(theo).swap("/desk/settings/account", data={**data, "current": current})
        assert answer.status_code == 422
        assert "This is not your current password." in answer.text
        assert "Theo.Brandt@example.com" in answer.text
    answer = browse(theo).post("/desk/settings/account", data={**data, "current": "front-desk-theo"})
    assert answer.status_code == 303
    assert (theo.email, theo.credential_version) == ("theo.brandt@example.com", 1)
    (told,) = letters.to("theo@example.com")
    assert told.subject == "Your e-mail at the front desk was changed"
    taken = {**data, "email": "nina@example.com", "current": "front-desk-theo"}
    refused = browse(theo).post("/desk/settings/account", data=taken)
    assert (refused.status_code, "Nina Park works here" in refused.text) == (422, True)
    nameless = browse(theo).post("/desk/settings/account", data={"name": " ", "email": ""})
    assert (nameless.status_code, "2 things to mend" in nameless.text) == (422, True)


def test_changing_the_password_signs_out_everywhere_else(browse: Browse, theo: Member) -> None:  # POR-9, SI-12
    here, elsewhere = browse(theo), browse(theo)
    data = {"current": "front-desk-theo", **GOOD}
    wrong = here.post("/desk/settings/account/password", data={**data, "current": "wrong"})
    assert (wrong.status_code, "This is not your current password." in wrong.text) == (422, True)
    weak = here.swap("/desk/settings/account/password", data={**data, "password": "theo brandt", "again": "x"})
    assert weak.status_code == 422
    answer = here.post("/desk/settings/account/password", data=data)
    assert (answer.status_code, answer.location) == (303, "/desk/settings/account")
    assert here.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 302
    assert verify(theo.password_hash, GOOD["password"])
    assert letters.to("theo@example.com")[-1].subject == "Your password for the front desk was changed"


def test_a_forgotten_password_is_set_anew_by_mail(browse: Browse, theo: Member) -> None:  # POR-9
    at_work, browser = browse(theo), browse()
    assert "/desk/password" in browser.get("/desk/sign-in").text
    answer = browser.post("/desk/password", data={"email": " THEO@example.com"})
    assert (answer.status_code, answer.location) == (303, "/desk/password/sent")
    path = link(letters.to("theo@example.com")[-1])
    assert "Hello Theo." in browser.get(path).text
    weak = browser.post(path, data={"password": "front desk", "again": "other"})
    assert weak.status_code == 422
    answer = browser.post(path, data=GOOD)
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert browser.get("/desk/").status_code == 200
    assert at_work.get("/desk/").status_code == 302
    for again in (browser.get(path), browser.post(path, data=GOOD)):
        assert again.status_code == 410


def test_nobody_learns_at_the_door_who_works_here(browse: Browse, theo: Member) -> None:  # POR-9
    theo.deactivated_at = AT
    db.session.commit()
    for email in ("nobody@example.com", "theo@example.com", "rosa@example.com"):
        answer = browse().post("/desk/password", data={"email": email})
        assert (answer.status_code, answer.location) == (303, "/desk/password/sent")
    assert db.session.query(Delivery).count() == 0
    assert "If you work here" in browse().get("/desk/password/sent").text
    assert browse().post("/desk/password", data={"email": "nobody"}).status_code == 422
    for _ in range(2):
        browse().post("/desk/password", data={"email": "a@example.com"})
    assert browse().post("/desk/password", data={"email": "b@example.com"}).status_code == 429


def test_a_link_of_one_side_opens_nothing_on_the_other(
    app: Flask, browse: Browse, theo: Member, rosa: Client
) -> None:  # SI-1
    token = link_to_reset(theo).rpartition("/")[2]
    assert browse().get(f"/password/{token}").status_code == 410
    assert browse().get(f"/desk/join/{token}").status_code == 410
    with pytest.raises(DeadLink, match="2 hours"):
        desk_links.member_of(token, at=datetime.now(UTC) + timedelta(hours=3))
    assert token not in masked(f"GET /desk/join/{token}")
    assert token not in masked(f"GET /desk/password/{token}")


def test_of_two_with_the_same_link_one_joins(app: Flask, nina: Member) -> None:  # POR-9
    invitation = invitations.invite(INES, Role.TEAM, by=as_member(nina), at=AT)
    invitations.join(invitation, "Ines Costa", "hash")
    with pytest.raises(DeadLink, match="used already"):
        invitations.join(invitation, "Mallory", "hash")
    assert not desk_passwords.replace(nina, 7, "hash", at=AT)


def test_letters_name_no_address_of_the_writers_choice(app: Flask, nina: Member) -> None:
    nina.name = "evil.example.com/x Park"
    assert desk_letters.hello(nina) == "Hello,"


def test_when_all_owners_step_down_at_once_one_stays(app: Flask, nina: Member) -> None:  # POR-9
    for number in range(CROWD):
        db.session.add(Member(name=f"Owner {number}", email=f"o{number}@example.com", role=Role.OWNER))
    nina.deactivated_at = AT
    db.session.commit()
    by = as_member(nina)

    def step_down(number: int) -> str:
        member = members.with_email(f"o{number}@example.com")
        assert member
        if number % 2:
            members.deactivate(member, by=by, at=AT)
        else:
            members.give_role(member, Role.TEAM, by=by, at=AT)
        return "gone"

    assert together(app, step_down) == {"gone": CROWD - 1, "refused": 1}
    assert members.owner()


def test_of_many_with_the_same_link_one_joins(app: Flask, nina: Member) -> None:  # POR-9
    invitation = invitations.invite(INES, Role.TEAM, by=as_member(nina), at=datetime.now(UTC))
    token = desk_links.to_join(invitation).rpartition("/")[2]

    def accept(number: int) -> str:
        invitations.accept(token, f"Ines {number}", f"three quiet otters {number}", at=datetime.now(UTC))
        return "joined"

    assert together(app, accept) == {"joined": 1, "refused": CROWD - 1}
    assert db.session.query(Member).filter_by(email=INES).count() == 1


def test_nobody_is_invited_without_end(browse: Browse, nina: Member) -> None:  # POR-9
    browser = browse(nina)
    for _ in range(LINKS.most):
        invite(browser)
        invited = db.session.query(Invitation).one()
        assert browser.post(f"/desk/settings/invitations/{invited.id}/withdrawal").status_code == 303
    answer = browser.post("/desk/settings/staff", data={"email": INES, "role": "team"})
    assert answer.status_code == 422
    assert "Too many tries. Please wait" in answer.text
    assert len(letters.to(INES)) == LINKS.most
    invite(browser, "leo@example.com")
    invited = db.session.query(Invitation).one()
    again = [browser.post(f"/desk/settings/invitations/{invited.id}/letters").status_code for _ in range(LINKS.most)]
    assert again == [303] * (LINKS.most - 1) + [429]


@pytest.mark.parametrize("way", ["deactivation", "role"])
def test_who_is_no_owner_any_more_leaves_no_way_in_behind(  # POR-9
    browse: Browse, nina: Member, theo: Member, way: str
) -> None:
    theo.role = Role.OWNER
    db.session.commit()
    path = invite(browse(theo), INES, "owner")
    kept = invite(browse(nina), "leo@example.com")
    page, data = (f"/desk/settings/staff/{theo.id}/deactivation", {})
    if way == "role":
        page, data = f"/desk/settings/staff/{theo.id}", {"role": "team"}
    assert browse(nina).post(page, data=data).status_code == 303
    assert browse().post(path, data={"name": "Theo Again", **GOOD}).status_code == 410
    assert ines() is None
    assert browse().get(kept).status_code == 200, "those of others are good"


def test_of_many_who_take_the_same_e_mail_one_gets_it(app: Flask, nina: Member) -> None:  # POR-9
    for number in range(CROWD):
        db.session.add(Member(name=f"Member {number}", email=f"m{number}@example.com", role=Role.TEAM))
    db.session.commit()

    def take(number: int) -> str:
        member = members.with_email(f"m{number}@example.com")
        assert member
        members.describe(member, member.name, INES, at=AT)
        return "taken"

    assert together(app, take) == {"taken": 1, "refused": CROWD - 1}
