"""Settings: a default for one machine, and a clear error by name when one is wrong."""

from pathlib import Path

import pytest

from portal.settings import BadSetting, load
from tests.conftest import make_app

GOOD = {"PORTAL_URL": "https://portal.example.com", "PORTAL_SECRET_KEY": "x" * 32}


@pytest.fixture
def somewhere(tmp_path: Path) -> dict[str, str]:
    return {**GOOD, "PORTAL_DATA": str(tmp_path / "data")}


def test_two_settings_are_enough_for_one_machine(somewhere: dict[str, str]) -> None:
    chosen = load(somewhere)
    assert chosen.database_url.startswith("sqlite:///")
    assert chosen.files_url.startswith("file://")
    assert not chosen.development


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_SECRET_KEY", ""),
        ("PORTAL_SECRET_KEY", "short"),
        ("PORTAL_URL", ""),
        ("PORTAL_URL", "portal.example.com"),
        ("PORTAL_DATABASE_URL", "mysql://localhost/portal"),
        ("PORTAL_INBOUND_DOMAIN", "reply@example.com"),
        ("PORTAL_INBOUND_DOMAIN", "localhost"),
        ("PORTAL_INBOUND_SECRET", "short"),
        ("PORTAL_PROXIES", "-1"),
        ("PORTAL_PROXIES", "many"),
        ("PORTAL_DEVELOPMENT", "false"),
        ("PORTAL_DEVELOPMENT", "no"),
    ],
)
def test_a_wrong_setting_is_named(somewhere: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=name):
        load({**somewhere, name: value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("smtp_url", "mail.example.com"), ("sms_url", "sms"), ("files_url", "ftp://example.com/files")],
)
def test_a_wrong_address_of_a_service_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises((BadSetting, ValueError), match=f"PORTAL_{name.upper()}"):
        make_app(tmp_path, f"sqlite:///{tmp_path / 'portal.db'}", **{name: value})


def test_in_development_the_key_is_made_once_and_kept(tmp_path: Path) -> None:
    here = {"PORTAL_DEVELOPMENT": "1", "PORTAL_DATA": str(tmp_path)}
    first, second = load(here), load(here)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("address", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"])
def test_postgresql_is_spoken_to_by_psycopg(somewhere: dict[str, str], address: str) -> None:
    chosen = load({**somewhere, "PORTAL_DATABASE_URL": address})
    assert chosen.database_url == "postgresql+psycopg://u:p@h/d"
