"""What SQLite has planned once it does not plan again: that would cost more than most pages' queries."""

import sqlite3

import pytest
from flask import Flask
from sqlalchemy import event

from portal.db import db
from portal.models import Client, Member
from tests.conftest import Browse, Browser
from tests.house import crawl

pytestmark = pytest.mark.only_on("sqlite", because="PostgreSQL tells nobody when it plans")
AT_MOST = 60


class Ear:
    """SQLite asks whether a statement may be, each time that it plans one."""

    def __init__(self) -> None:
        self.statement, self.planned = "", set[str]()

    def listen(self, connection: object, cursor: object, statement: str, *_: object) -> None:
        self.statement = statement

    def permit(self, action: int, *_: object) -> int:
        if action == sqlite3.SQLITE_SELECT:
            self.planned.add(self.statement)
        return sqlite3.SQLITE_OK


def planned_again(browser: Browser, address: str) -> set[str]:
    ear = Ear()
    with db.engine.connect() as connection:
        connection.connection.set_authorizer(ear.permit)
    event.listen(db.engine, "before_cursor_execute", ear.listen)
    for _ in range(2):
        browser.get(address)
    assert ear.planned
    ear.planned.clear()
    browser.get(address)
    event.remove(db.engine, "before_cursor_execute", ear.listen)
    return ear.planned


@pytest.mark.parametrize("start", ["/", "/desk/"])
def test_a_page_is_planned_once(start: str, app: Flask, browse: Browse, rosa: Client, nina: Member) -> None:
    browser = browse(nina if start == "/desk/" else rosa)
    addresses = [page.address for page, _ in zip(crawl.walk(browser, start), range(AT_MOST), strict=False)]
    assert len(addresses) > 15
    again = {address: planned_again(browser, address) for address in addresses}
    assert {address: said for address, said in again.items() if said} == {}
