"""Every test has a database of its own, whatever the one before it left behind."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from tests import databases

PETS = {
    "sqlite": "CREATE TABLE pet (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT)",
    "postgres": "CREATE TABLE pet (id SERIAL PRIMARY KEY, name TEXT)",
}
BISCUIT = (1, "Biscuit")


@pytest.fixture(scope="module")
def pets() -> str:
    def build(url: str) -> None:
        run(url, PETS[databases.kind()], "CREATE TABLE toy (pet_id INTEGER REFERENCES pet (id))")
        add(url, "Biscuit")

    return databases.prepare("pets", build)


@pytest.fixture
def url(pets: str) -> Iterator[str]:
    address = databases.fresh(pets)
    databases.renew(address, pets)
    yield address
    databases.drop(address)


def to(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def run(url: str, *statements: str) -> None:
    with to(url).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def add(url: str, name: str) -> None:
    run(url, f"INSERT INTO pet (name) VALUES ('{name}')")


def found(url: str) -> list[tuple[int, str]]:
    with to(url).connect() as connection:
        return [(number, name) for number, name in connection.execute(text("SELECT id, name FROM pet"))]


def test_databases_of_two_tests_do_not_know_each_other(pets: str, url: str) -> None:
    other = databases.fresh(pets)
    add(url, "Juno")
    assert found(url) == [BISCUIT, (2, "Juno")]
    assert found(other) == [BISCUIT]
    databases.drop(other)
    assert found(databases.fresh(pets)) == [BISCUIT]


def test_what_was_written_is_gone_what_was_there_is_back_and_numbers_begin_again(pets: str, url: str) -> None:
    add(url, "Juno")
    run(url, "UPDATE pet SET name = 'Miso' WHERE id = 1", "INSERT INTO toy VALUES (2)")
    databases.renew(url, pets)
    assert found(url) == [BISCUIT]
    add(url, "Pepper")
    assert found(url) == [BISCUIT, (2, "Pepper")]
    run(url, "DELETE FROM pet")
    databases.renew(url, pets)
    assert found(url) == [BISCUIT]


def test_a_changed_schema_is_put_right(pets: str, url: str) -> None:
    run(url, "ALTER TABLE pet RENAME COLUMN name TO called", "DROP TABLE toy")
    databases.renew(url, pets)
    assert found(url) == [BISCUIT]
    run(url, "INSERT INTO toy VALUES (1)")


@pytest.mark.only_on("postgres", because="a file that is replaced minds nobody")
def test_who_was_left_in_the_middle_of_a_change_holds_nobody_up(pets: str, url: str) -> None:
    left = create_engine(url, pool_pre_ping=True)
    with left.connect() as connection:
        connection.execute(text("INSERT INTO pet (name) VALUES ('Juno')"))
        connection.execute(text("LOCK TABLE toy"))
        databases.renew(url, pets)
        assert found(url) == [BISCUIT]
        connection.invalidate()
    with left.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pet")) == 1
    left.dispose()
