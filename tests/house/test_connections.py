"""The database's connections: kept between requests, and replaced where the server has ended them."""

import pytest

from portal.db import db
from portal.models import Client
from tests import databases
from tests.conftest import Browse

OVER_A_NETWORK = pytest.mark.skipif(databases.kind() != "postgres", reason="a file ends no connection")


@OVER_A_NETWORK
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_that_the_server_has_ended_is_replaced(method: str, browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    headers = {"X-CSRFToken": browser.csrf()}
    before = pid()
    assert pid() == before
    databases.execute(f"SELECT pg_terminate_backend({before}, 5000)")
    path = "/" if method == "GET" else "/sign-out"
    assert browser.open(path, method=method, headers=headers).status_code in (200, 303)
    assert pid() != before


@OVER_A_NETWORK
def test_pages_keep_what_they_have_prepared(browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    for _ in range(8):
        assert browser.get("/").status_code == 200
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar_one() >= 3


def pid() -> int:
    """Of the server's process behind the connection that is used next."""
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
