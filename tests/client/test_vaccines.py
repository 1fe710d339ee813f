"""A pet's vaccines, as the browser asks for them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine

from portal.db import db
from portal.models import Animal, Client, File, History, Member, Notice, NoticeKind, Pet, Vaccination, VaccineKind
from portal.rules import allowances, vaccines
from portal.rules.actors import as_client, as_member
from tests import samples
from tests.conftest import Browse

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
TODAY = date(2026, 11, 23)
NONE_ON_FILE = "No vaccination record on file"


@pytest.fixture(autouse=True)
def _on_this_day() -> object:
    with time_machine.travel(AT, tick=False):
        yield


def kind(name: str) -> int:
    return db.session.query(VaccineKind).filter_by(name=name).one().id


def give(pet: Pet, name: str, day: date | None, *, by: Member | None = None, record: bool = True) -> None:
    vaccines.update(
        pet,
        kind(name),
        expires_on=day,
        record=vaccines.keep_record(BytesIO(samples.pdf()), f"{name}.pdf", at=AT) if record else None,
        by=as_member(by) if by else as_client(pet.client),
        at=AT - timedelta(days=30),
    )


def far(days: int = 400) -> date:
    return TODAY + timedelta(days=days)


def address(pet: Pet, name: str = "Rabies") -> str:
    return f"/pets/{pet.id}/vaccines/{kind(name)}"


def certificate(name: str = "rabies.pdf", made: bytes | None = None) -> tuple[BytesIO, str]:
    return BytesIO(samples.pdf() if made is None else made), name


def row(page: str, name: str) -> str:
    return page.split(f'id="vaccine_row-{kind(name)}"')[1].split("</li>")[0]


def on_file(pet: Pet, name: str = "Rabies") -> tuple[date | None, str | None]:
    found = db.session.query(Vaccination).filter_by(pet_id=pet.id, vaccine_kind_id=kind(name)).one_or_none()
    return (found.expires_on, found.file.name if found.file else None) if found else (None, None)


# ---------------------------------------------------------------- the tab


def test_all_in_order_is_green(browse: Browse, rosa: Client, biscuit: Pet, nina: Member) -> None:  # VAX-1
    for name in ("Rabies", "Bordetella", "Leptospirosis"):
        give(biscuit, name, far(), by=nina)
    page = browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text
    assert page.count("Up to Date") == page.count("medal is-positive") == 3
    for word in ("to update", NONE_ON_FILE, "Not yet checked", "Expiring Vaccines", "is-danger", "is-notice"):
        assert word not in page


def test_each_state_has_its_colour_and_words(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-1, VAX-2
    dog = db.session.query(Animal).filter_by(name="Dog").one()
    db.session.add_all(VaccineKind(animal_id=dog.id, name=name, position=9) for name in ("DHPP", "Canine Influenza"))
    db.session.commit()
    give(biscuit, "Rabies", far())
    give(biscuit, "Bordetella", far(12))
    give(biscuit, "DHPP", far(-20))
    page = browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text
    for name, tone, words in (
        ("Rabies", "is-positive", ("Expires Tue 28 Dec 2027", "Up to Date")),
        ("Bordetella", "is-notice", ("Expires Sat 5 Dec 2026, in 12 days", "Expiring")),
        ("DHPP", "is-notice", ("Expired Tue 3 Nov 2026", "Expired")),
        ("Canine Influenza", "is-danger", (NONE_ON_FILE, "Missing")),
    ):
        for word in (f"medal {tone}", f"tag {tone}", *words):
            assert word in row(page, name)
    optional = row(page, "Leptospirosis")
    assert "Optional" in optional
    assert "medal is-past" in optional
    assert "Missing" not in optional
    assert f'id="vaccine_tab-{biscuit.id}"' in page
    assert "3 to update" in page


def test_the_tabs_tag_stands_on_the_bookings_tab_too(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-1
    give(biscuit, "Rabies", far())
    give(biscuit, "Bordetella", far(3))
    page = browse(rosa).get(f"/pets/{biscuit.id}").text
    assert '<span class="tag is-notice">' in page
    assert "1 to update" in page


def test_a_date_without_a_certificate_is_said_in_red(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-1
    give(biscuit, "Rabies", far(), record=False)
    told = row(browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text, "Rabies")
    assert "Up to Date" in told
    assert f'<p class="vaccine__none">{NONE_ON_FILE}</p>' in told


def test_only_the_kinds_of_its_animal_show(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-2
    page = browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text
    assert "FVRCP" not in page
    assert browse(rosa).get(address(biscuit, "FVRCP")).status_code == 404
    assert browse(rosa).post(address(biscuit, "FVRCP"), data={"expires_on": "2027-01-01"}).status_code == 404


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (datetime(2026, 12, 24, 4, 59, tzinfo=UTC), "Expiring"),
        (datetime(2026, 12, 24, 5, 0, tzinfo=UTC), "Expired"),
        (datetime(2026, 11, 23, 4, 59, tzinfo=UTC), "Up to Date"),
        (datetime(2026, 11, 23, 5, 0, tzinfo=UTC), "Expiring"),
    ],
)
def test_a_day_ends_at_midnight_where_the_business_is(  # VAX-2
    browse: Browse, rosa: Client, biscuit: Pet, moment: datetime, state: str
) -> None:
    give(biscuit, "Rabies", date(2026, 12, 23))
    with time_machine.travel(moment, tick=False):
        assert f"</svg>{state}<" in row(browse(rosa).get(f"/pets/{biscuit.id}/vaccines").text, "Rabies")


# ---------------------------------------------------------------- the form, in place


def test_choosing_a_vaccine_opens_its_form_in_place(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    give(biscuit, "Rabies", date(2027, 3, 14))
    browser = browse(rosa)
    closed = row(browser.get(f"/pets/{biscuit.id}/vaccines").text, "Rabies")
    assert f'href="{address(biscuit)}" hx-get="{address(biscuit)}" aria-expanded="false"' in closed
    part = browser.swap(address(biscuit), "get").text
    assert part.startswith(f'<li class="row" id="vaccine_row-{kind("Rabies")}">')
    for word in ("Vaccination Record", "Expiry Date", 'value="2027-03-14"', "Update Vaccination Record"):
        assert word in part
    for word in ("Rabies.pdf", f'href="{address(biscuit)}/record"', "Remove file", 'aria-expanded="true"'):
        assert word in part
    assert f'hx-select="#vaccine_row-{kind("Rabies")}"' in part
    assert "<html" not in browser.swap(f"/pets/{biscuit.id}/vaccines", "get").text


def test_nothing_on_file_is_nothing_to_open_or_remove(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    part = browse(rosa).swap(address(biscuit), "get").text
    assert "Remove file" not in part
    assert "/record" not in part


def test_an_update_swaps_the_row_the_tab_and_the_flags(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    give(biscuit, "Bordetella", far(3))
    part = browse(rosa).swap(address(biscuit), data={"expires_on": "2027-11-01", "record": certificate()})
    assert part.status_code == 200
    assert on_file(biscuit) == (date(2027, 11, 1), "rabies.pdf")
    swapped, tab, flags = part.text.split("</li>")[0], *part.text.split("</li>")[1].split("<p ")
    assert "Expires Mon 1 Nov 2027" in swapped
    assert "Not yet checked" in swapped
    assert "<form" not in swapped
    assert f'id="vaccine_tab-{biscuit.id}" hx-swap-oob="true"' in tab
    assert "1 to update" in tab
    assert f'id="pet_flags-{biscuit.id}" hx-swap-oob="true"' in flags
    assert "Expiring Vaccines" in flags


def test_the_last_one_in_order_takes_tag_and_flag_away(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    give(biscuit, "Bordetella", far())
    rest = browse(rosa).swap(address(biscuit), data={"expires_on": "2027-11-01"}).text.split("</li>")[1]
    assert "tag is-" not in rest
    assert f'id="vaccine_tab-{biscuit.id}" hx-swap-oob="true"></span>' in rest
    assert f'id="pet_flags-{biscuit.id}" hx-swap-oob="true"></p>' in rest


def test_an_update_is_kept_in_the_history_and_staff_hear_of_it(  # VAX-3
    browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    give(biscuit, "Rabies", date(2026, 12, 1), by=nina)
    browse(rosa).swap(address(biscuit), data={"expires_on": "2027-12-01", "record": certificate("new.pdf")})
    told = [(row.field, row.old, row.new) for row in db.session.query(History).filter_by(by_kind="client")]
    assert sorted(told) == [
        ("Expiry Date", "Tue 1 Dec 2026", "Wed 1 Dec 2027"),
        ("Vaccination Record", "Rabies.pdf", "new.pdf"),
    ]
    notice = db.session.query(Notice).one()
    assert (notice.kind, notice.pet_id, notice.client_id) == (NoticeKind.DATA_CHANGED, biscuit.id, rosa.id)
    kept = db.session.query(Vaccination).one()
    assert (kept.checked_at, kept.checked_by) == (None, None)


def test_an_update_without_javascript(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3, NAV-7
    browser = browse(rosa)
    page = browser.get(address(biscuit)).text
    assert f'method="post" enctype="multipart/form-data" action="{address(biscuit)}"' in page
    assert "<h1>Biscuit</h1>" in page
    answer = browser.post(address(biscuit), data={"expires_on": "2027-11-01", "record": certificate()})
    assert (answer.status_code, answer.location) == (303, f"/pets/{biscuit.id}/vaccines")
    after = browser.get(answer.location).text
    assert "Biscuit’s Rabies is updated." in after
    assert "Expires Mon 1 Nov 2027" in after


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"expires_on": "soon"}, "This is not a day."),
        ({"expires_on": "2027-02-29"}, "This is not a day."),
        ({"expires_on": "2036-11-24"}, "more than ten years ahead"),
        ({"expires_on": "9999-12-31"}, "more than ten years ahead"),
        ({"expires_on": "0202-03-14"}, "more than 40 years ago"),
        ({"record": certificate("notes.pdf", b"hello")}, "This says it is a PDF, but it is a text file."),
        ({"record": certificate("notes.txt", b"hello")}, "A vaccination record is a PDF or a photo."),
        ({"record": certificate("shot.docx", samples.docx())}, "A vaccination record is a PDF or a photo."),
        ({"record": certificate("empty.pdf", b"")}, "This file is empty."),
        ({"record": certificate("page.html", samples.SCRIPT)}, "Choose"),
    ],
)
def test_what_is_wrong_is_said_in_place_and_changes_nothing(  # VAX-3
    browse: Browse, rosa: Client, biscuit: Pet, sent: dict[str, object], words: str
) -> None:
    give(biscuit, "Rabies", date(2027, 3, 14))
    before = db.session.query(History).count(), db.session.query(Notice).count()
    typed = {"expires_on": "2027-05-05", **sent}
    part = browse(rosa).swap(address(biscuit), data=typed)
    assert part.status_code == 422
    assert words in part.text
    assert f'value="{typed["expires_on"]}"' in part.text
    assert part.text.startswith(f'<li class="row" id="vaccine_row-{kind("Rabies")}">')
    assert on_file(biscuit) == (date(2027, 3, 14), "Rabies.pdf")
    assert (db.session.query(History).count(), db.session.query(Notice).count()) == before


def test_a_wrong_date_keeps_no_file(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    browse(rosa).swap(address(biscuit), data={"expires_on": "2099-01-01", "record": certificate()})
    assert db.session.query(File).count() == 0


def test_what_is_wrong_without_javascript_is_a_page(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3, NAV-7
    page = browse(rosa).post(address(biscuit), data={"expires_on": "2099-01-01"})
    assert page.status_code == 422
    assert "<h1>Biscuit</h1>" in page.text
    assert "more than ten years ahead" in page.text


def test_a_date_that_has_passed_is_taken_and_is_then_expired(
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:  # VAX-3
    part = browse(rosa).swap(address(biscuit), data={"expires_on": "2026-11-22"})
    assert part.status_code == 200
    assert "Expired Sun 22 Nov 2026" in part.text


def test_removing_the_file_and_the_date_leaves_it_missing(browse: Browse, rosa: Client, biscuit: Pet) -> None:  # VAX-3
    give(biscuit, "Rabies", far())
    part = browse(rosa).swap(address(biscuit), data={"expires_on": "", "remove_record": "y"})
    assert part.status_code == 200
    assert on_file(biscuit) == (None, None)
    assert "Missing" in part.text
    assert "Not yet checked" not in part.text
    assert browse(rosa).get(f"{address(biscuit)}/record").status_code == 404


def test_a_record_opens_for_its_client_and_for_nobody_else(  # VAX-3
    browse: Browse, rosa: Client, omar: Client, biscuit: Pet
) -> None:
    give(biscuit, "Rabies", far())
    answer = browse(rosa).get(f"{address(biscuit)}/record")
    assert answer.data == samples.pdf()
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="Rabies.pdf"')
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert browse(omar).get(f"{address(biscuit)}/record").status_code == 404


def test_a_stranger_changes_nothing(browse: Browse, omar: Client, biscuit: Pet) -> None:  # VAX-3
    stranger = browse(omar)
    for method in ("get", "post"):
        assert stranger.swap(address(biscuit), method, data={"expires_on": "2027-01-01"}).status_code == 404
    assert on_file(biscuit) == (None, None)
    mine = db.session.query(Pet).filter_by(client_id=omar.id).one()
    assert stranger.post(address(mine), data={"expires_on": "2027-01-01"}).status_code == 303
    assert on_file(biscuit) == (None, None)


def test_staff_use_another_door(browse: Browse, nina: Member, biscuit: Pet) -> None:  # VAX-3, SI-1
    answer = browse(nina).post(address(biscuit), data={"expires_on": "2027-01-01"})
    assert answer.location.startswith("/sign-in")
    assert on_file(biscuit) == (None, None)


def test_what_a_client_wrote_is_marked_until_staff_have_checked_it(  # VAX-3
    browse: Browse, rosa: Client, biscuit: Pet, nina: Member
) -> None:
    browser = browse(rosa)
    give(biscuit, "Rabies", far(), by=nina)
    assert "Not yet checked" not in browser.get(f"/pets/{biscuit.id}/vaccines").text
    browser.post(address(biscuit), data={"expires_on": "2027-11-01"})
    assert "Not yet checked" in row(browser.get(f"/pets/{biscuit.id}/vaccines").text, "Rabies")
    kept = db.session.query(Vaccination).one()
    kept.checked_at, kept.checked_by = AT + timedelta(minutes=5), "Nina Park"
    db.session.commit()
    assert "Not yet checked" not in browser.get(f"/pets/{biscuit.id}/vaccines").text


def test_the_strip_on_the_first_page_counts_the_same(
    browse: Browse, rosa: Client, biscuit: Pet
) -> None:  # NAV-5, VAX-1
    give(biscuit, "Rabies", far(30))
    browser = browse(rosa)
    tagged = sum(
        int(page.split(" to update")[0].split("</svg>")[-1])
        for pet in rosa.pets
        if " to update" in (page := browser.get(f"/pets/{pet.id}").text)
    )
    assert tagged == 5
    assert f"<b>{tagged}</b><span>Vaccines to update" in browser.get("/").text


def test_certificates_without_end_are_told_to_wait(  # VAX-3
    browse: Browse, rosa: Client, biscuit: Pet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "FILES", replace(allowances.FILES, most=1))
    browser, data = browse(rosa), {"expires_on": "2027-11-01"}
    assert browser.post(address(biscuit), data={**data, "record": certificate("a.pdf")}).status_code == 303
    answer = browser.post(address(biscuit), data={**data, "record": certificate("b.pdf")})
    assert answer.status_code == 422
    assert re.search(r'id="record-\d+-error">.*These are many files\. Please wait 60 minutes', answer.text)
    assert on_file(biscuit)[1] == "a.pdf"
    assert browser.post(address(biscuit), data=data).status_code == 303, "a date alone is no file"
