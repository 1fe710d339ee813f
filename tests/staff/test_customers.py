"""The lists of customers, finding somebody, and adding somebody."""

from flask import Flask

from portal.db import db, now
from portal.models import Client, History, Member
from portal.rules import clients
from portal.rules.actors import SYSTEM
from portal.rules.customers import PAGE
from tests.conftest import Browse
from tests.house.naughty import NAUGHTY
from tests.house.test_speed import queries

NEW = {"first_name": "Nora", "last_name": "Berg", "email": "Nora@Example.com", "phone": "(212) 555-0134"}


def test_the_list_shows_everybody_with_their_pets(browse: Browse, theo: Member) -> None:  # CP-1
    page = browse(theo).get("/desk/customers").text
    for words in ("Rosa Delgado", "Biscuit, Juno and Miso", "Omar Haddad", "4071 882 365", "rosa@example.com"):
        assert words in page
    assert page.index("Omar Haddad") < page.index("Rosa Delgado") < page.index("Zoë")


def test_typing_swaps_the_rows_and_without_javascript_it_is_a_page(browse: Browse, theo: Member) -> None:  # CP-1
    browser = browse(theo)
    part, page = browser.swap("/desk/customers?q=juno", "get").text, browser.get("/desk/customers?q=juno").text
    assert "<html" not in part
    for text in (part, page):
        assert "Rosa Delgado" in text
        assert "Omar" not in text
    assert 'value="juno"' in page


def test_who_is_not_here_may_be_elsewhere(browse: Browse, theo: Member, rosa: Client) -> None:
    rosa.deactivated_at = now()
    db.session.commit()
    browser = browse(theo)
    page = browser.get("/desk/customers?q=rosa").text
    assert "Nobody found" in page
    assert "/desk/customers?tab=inactive&amp;q=rosa" in page
    assert "Rosa Delgado" in browser.get("/desk/customers?tab=inactive&q=rosa").text


def test_any_characters_are_taken(browse: Browse, theo: Member) -> None:  # CP-1
    browser = browse(theo)
    for words in NAUGHTY:
        odd = words.encode("utf-8", "surrogatepass")[:1500]
        for name in ("q", "tab"):
            assert browser.get("/desk/customers", query_string={name: odd}).status_code == 200
    assert browser.get("/desk/customers?after=x").status_code == 404


def test_a_long_list_goes_on_where_it_ended(app: Flask, browse: Browse, theo: Member) -> None:
    for number in range(PAGE + 10):
        clients.add("Ada", f"N{number:02}", None, by=SYSTEM, at=now())
    browser = browse(theo)
    first = browser.get("/desk/customers?q=ada").text
    assert first.count('class="row__link"') == PAGE
    more = first.split('class="button button--wide" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = browser.swap(more, "get").text
    assert rest.count('class="row__link"') == 10
    assert "Show more" not in rest
    with queries(app) as said:
        browser.get(more)
    assert len(said) <= 4, said


def test_somebody_is_added_in_one_form(browse: Browse, theo: Member) -> None:  # CP-9
    browser = browse(theo)
    assert browser.get("/desk/customers/new").status_code == 200
    answer = browser.post("/desk/customers", data=NEW)
    nora = db.session.query(Client).filter_by(first_name="Nora").one()
    assert (answer.status_code, answer.location) == (303, f"/desk/customers/{nora.id}")
    assert (nora.email, nora.phone, nora.prospect) == ("nora@example.com", "+12125550134", False)
    assert len(nora.account_number) == 10
    assert db.session.query(History).filter_by(client_id=nora.id).one().by_name == "Theo Brandt"
    assert "Nora Berg is added." in browser.get(answer.location).text


def test_one_more_can_follow_at_once(browse: Browse, theo: Member) -> None:  # CP-9
    browser = browse(theo)
    answer = browser.swap("/desk/customers", data={**NEW, "another": "y"})
    assert answer.headers["HX-Redirect"] == "/desk/customers/new"
    nora = db.session.query(Client).filter_by(first_name="Nora").one()
    answer = browser.post(f"/desk/customers/{nora.id}/profile", data={**NEW, "last_name": "Bergen", "another": "y"})
    assert answer.location == "/desk/customers/new"
    db.session.refresh(nora)
    assert nora.last_name == "Bergen"


def test_a_prospect_is_added_and_becomes_a_client(browse: Browse, theo: Member) -> None:  # CP-13
    browser = browse(theo)
    answer = browser.post("/desk/customers", data={**NEW, "prospect": "y"})
    assert "Nora Berg" in browser.get("/desk/customers?tab=prospects").text
    assert "Make Client" in browser.get(answer.location).text
    assert browser.post(f"{answer.location}/welcome").status_code == 303
    assert "Nora Berg" in browser.get("/desk/customers").text
    assert "Nora Berg" not in browser.get("/desk/customers?tab=prospects").text


def test_an_email_has_one_profile(browse: Browse, theo: Member, rosa: Client) -> None:  # CP-9
    answer = browse(theo).swap("/desk/customers", data={**NEW, "email": "ROSA@example.com"})
    assert answer.status_code == 422
    assert f'href="/desk/customers/{rosa.id}"' in answer.text
    assert "belongs to Rosa Delgado" in answer.text
    assert 'value="Nora"' in answer.text, "what was typed stays"
    assert db.session.query(Client).filter_by(first_name="Nora").count() == 0


def test_what_is_missing_is_said_beside_it(browse: Browse, theo: Member) -> None:  # CP-9
    answer = browse(theo).post("/desk/customers", data={"phone": "123", "city": "Kingston"})
    assert answer.status_code == 422
    for words in ("Type the first name", "Type the last name", "Type the e-mail", "no phone number", "Kingston"):
        assert words in answer.text


def test_the_list_belongs_to_staff(browse: Browse, rosa: Client) -> None:
    assert browse(rosa).get("/desk/customers").status_code == 302
    assert browse(rosa).post("/desk/customers", data=NEW).status_code == 302
    assert db.session.query(Client).filter_by(first_name="Nora").count() == 0
