"""What is for staff, or another client's, never reaches a client: planted in every column, looked for on every page."""

from typing import Any

import pytest
from sqlalchemy import Column, Enum, String, update

from portal.db import db
from portal.models import Client, Document, OfClient, SignIn, TakenDay
from tests.conftest import Browse
from tests.house import crawl, rows

# What a client may read in rows of their own, or of the business. A column that is not here is staff's.
MAY_READ = {
    "account_number.number",
    "add_on.description",
    "add_on.name",
    "animal.drawing",
    "animal.name",
    "booking_add_on.name",
    "business.*",
    "cancellation.reason",
    "client.account_number",
    "client.city",
    "client.email",
    "client.first_name",
    "client.last_name",
    "client.phone",
    "client.postcode",
    "client.region",
    "client.street",
    "decision.reason",
    "document.name",
    "document.shared_by",
    "email_change.email",
    "file.name",
    "file.type",
    "location.*",
    "message.author_name",
    "message.text",
    "pet.breed",
    "pet.name",
    "provider.name",
    "series.description",
    "series.name",
    "service.*",
    "service_request.answer",
    "service_request.notes",
    "service_request.wanted",
    "sign_in.device",
    "thread.subject",
    "vaccine_kind.name",
}
# Where a file lies: changed, it would not be found. What stands there now is looked for instead.
LEFT_AS_THEY_ARE = {"file.key", "file.sha256", "sign_in.key_hash"}


def names(column: Column[str]) -> set[str]:
    return {f"{column.table.name}.{column.name}", f"{column.table.name}.*"}


def words(model: type[Any]) -> list[Column[str]]:
    """What is kept of bookings is numbers in a word, and never anything else than they say."""
    columns = () if model is TakenDay else model.__table__.columns
    return [column for column in columns if isinstance(column.type, String) and not isinstance(column.type, Enum)]


def made(model: type[Any], client: Client) -> Any:
    """Of this client, where the table says so, though it need not."""
    return rows.one_of(model, client, **({"client_id": client.id} if "client_id" in model.__table__.columns else {}))


class Planter:
    """Writes a word of its own into every column, and knows where each one is from."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def plant(self, row: object, column: Column[str]) -> None:
        place = f"{column.table.name}.{column.name}"
        if place in LEFT_AS_THEY_ARE:
            self.planted[getattr(row, column.name)] = place
            return
        marker = f"zq{len(self.planted)}x"
        self.planted[marker] = place
        model = type(row)
        keys = [getattr(model, key.name) == getattr(row, key.name) for key in model.__table__.primary_key]
        db.session.execute(update(model).where(*keys).values({column.name: marker}))

    def found(self, text: str) -> list[str]:
        return [place for marker, place in self.planted.items() if marker in text]


@pytest.fixture
def planter(rosa: Client, omar: Client) -> Planter:
    planter = Planter()
    for person in (rosa, omar):
        made(SignIn, person)
    for model in sorted(filter(words, rows.MODELS.values()), key=lambda model: model.__name__):
        hers = rows.existing(model.__tablename__, rosa) or made(model, rosa)
        for column in words(model):
            if not names(column) & MAY_READ and not column.primary_key:
                planter.plant(hers, column)
        if issubclass(model, OfClient) and model is not Client:
            his = made(model, omar)
            for column in words(model):
                if not column.primary_key:
                    planter.plant(his, column)
    for column in (Client.first_name, Client.last_name, Client.phone, Client.street):
        planter.plant(omar, column.property.columns[0])
    hidden = rows.one_of(Document, rosa, visible=False)
    planter.plant(hidden, Document.__table__.c.name)
    db.session.commit()
    return planter


def test_nothing_of_it_is_on_any_page(browse: Browse, rosa: Client, planter: Planter) -> None:
    assert len(planter.planted) > 60
    browser, swept = browse(rosa), 0
    for page in crawl.walk(browser, "/"):
        part = browser.swap(page.address, "get")
        assert planter.found(page.text + part.text + str(part.headers)) == [], page.address
        swept += 1
    assert swept > 25


def test_the_search_would_find_it(browse: Browse, rosa: Client, planter: Planter) -> None:
    """The same words planted where a client reads them are found, so the search is not blind."""
    planter.plant(rosa, Client.__table__.c.last_name)
    db.session.commit()
    assert planter.found(browse(rosa).get("/profile").text) == ["client.last_name"]
