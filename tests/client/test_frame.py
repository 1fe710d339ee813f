"""The frame around every page: the business's own, with what is there and nothing that is not."""

import pytest

from portal.db import db
from portal.models import Client
from portal.rules.business import the_business
from tests.conftest import Browse


@pytest.mark.parametrize("path", ["/", "/messages", "/documents", "/pets", "/profile"])
def test_every_section_of_the_frame_opens(browse: Browse, rosa: Client, path: str) -> None:  # NAV-1, NAV-2, NAV-3
    page = browse(rosa).get(path)
    assert page.status_code == 200
    for words in (
        "Maple &amp; Paw",
        "Rosa Delgado",
        "Account 4071 882 365",
        "My Profile",
        "My Pets",
        "Sign Out",
        "Bookings",
        "Calendar",
        "Book Now",
        "Messages",
        "Documents",
    ):
        assert words in page.text
    for absent in ("Courses", "Webcams", "Invoices", "Memberships", "Gift Card", "Purchase"):
        assert absent not in page.text.replace("Add to calendar", ""), "what is not there yet is not linked"


def test_the_frame_is_the_businesss_own(browse: Browse, rosa: Client) -> None:  # NAV-1
    business = the_business()
    business.header_label, business.header_link, business.colour, business.hide_name = (
        "Shop",
        "https://shop.example.com/",
        "#aa3355",
        True,
    )
    db.session.commit()
    page = browse(rosa).get("/").text
    assert '<a class="button button--ghost wide-only" href="https://shop.example.com/" rel="noopener">Shop</a>' in page
    assert "/brand-aa3355.css" in page
    assert "<span>Maple &amp; Paw</span>" not in page
    sheet = browse().get("/brand-aa3355.css")
    assert sheet.text == ":root { --business: #aa3355; }\n"
    assert "immutable" in sheet.headers["Cache-Control"]
    assert browse().get("/brand-red;}.css").status_code == 404
