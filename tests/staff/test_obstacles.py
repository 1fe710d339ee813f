"""“Why can’t they book?” at the desk."""

import pytest

from portal.db import db
from portal.models import Client, Member, Pet, Service, VaccineCheck
from portal.rules import desk_obstacles
from tests import cast
from tests.cast import NOON
from tests.conftest import Browse

pytestmark = pytest.mark.usefixtures("monday")


def path(client: Client, service: Service | None = None, day: str = "") -> str:
    return f"/desk/customers/{client.id}/obstacles" + (f"?service={service.id}&day={day}" if service else "")


def test_the_desk_reads_what_the_client_reads(browse: Browse, theo: Member, rosa: Client, biscuit: Pet) -> None:
    # SB-12: each with what mends it at the desk
    groom = cast.service("Full Groom")
    groom.vaccine_check = VaccineCheck.STOP
    rosa.blocked_online = True
    browser = browse(theo)
    assert path(rosa) in browser.get(f"/desk/customers/{rosa.id}").text
    page = browser.get(path(rosa, groom)).text
    assert "Biscuit’s Rabies has no expiry date on file." in page
    assert f'href="/desk/pets/{biscuit.id}"' in page
    assert "Online booking is not open to you." in page
    assert "(212) 555-0148" not in page.split('id="found"')[1].split("</section>")[0]
    assert "Nothing stands in the way" not in page


def test_nothing_is_in_the_way(browse: Browse, theo: Member, rosa: Client) -> None:
    page = browse(theo).get(path(rosa, cast.service("Full Groom"))).text
    assert "Nothing stands in the way of Rosa." in page
    assert "Nothing stands in the way" not in browse(theo).get(path(rosa)).text


def test_a_day_has_limits_of_its_own(rosa: Client, biscuit: Pet) -> None:
    groom = cast.service("Full Groom")
    groom.ahead_days, groom.access = 3, "members"
    db.session.commit()
    day = NOON.date().replace(day=30)
    told = [(one.words, one.mend.label) for one in desk_obstacles.reasons(rosa, groom, day, at=NOON)]
    assert told == [
        ("Full Groom is for members.", "Memberships"),
        ("Full Groom can be booked until Thu 26 Nov 2026 for now.", ""),
    ]


def test_only_the_desk_asks(browse: Browse, rosa: Client) -> None:
    assert browse(rosa).get(path(rosa)).status_code == 302


def test_what_is_not_there(browse: Browse, theo: Member, rosa: Client) -> None:
    assert browse(theo).get("/desk/customers/99/obstacles").status_code == 404
    assert browse(theo).get(f"{path(rosa)}?service=99").status_code == 404
