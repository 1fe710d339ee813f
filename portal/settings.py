"""What the deployment decides: read from the environment once, checked, and the same for everyone after."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, current_app

DOMAIN = re.compile(r"(?=.{1,190}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.IGNORECASE)


class BadSetting(SystemExit):
    """A setting is missing or wrong; the message names it and says what to put there."""


@dataclass(frozen=True, slots=True)
class Settings:
    development: bool
    data: Path
    database_url: str
    files_url: str
    files_gb: int
    url: str
    secret_key: str
    former_secret_keys: tuple[str, ...]
    smtp_url: str
    sms_url: str
    mail_from: str
    inbound_domain: str
    inbound_secret: str
    proxies: int
    staff_idle_minutes: int
    staff_hours: int


def load(environment: Mapping[str, str]) -> Settings:
    """Every setting has the prefix PORTAL_ and a default for one machine."""

    def word(name: str, default: str = "") -> str:
        return environment.get(f"PORTAL_{name}", default).strip()

    def number(name: str, default: int) -> int:
        text = word(name, str(default))
        if not text.isdecimal() or int(text) > 65535:
            raise BadSetting(f"PORTAL_{name} is {text!r}; it must be a whole number from 0 to 65535.")
        return int(text)

    development = word("DEVELOPMENT") == "1"
    if word("DEVELOPMENT") not in ("", "0", "1"):
        raise BadSetting(f"PORTAL_DEVELOPMENT is {word('DEVELOPMENT')!r}; it must be 1, or 0 where people use it.")
    data = Path(word("DATA", "instance")).resolve()
    data.mkdir(parents=True, exist_ok=True)
    url = word("URL", f"http://localhost:{number('PORT', 5000)}" if development else "")
    if not url.startswith(("http://", "https://")):
        raise BadSetting(f"PORTAL_URL is {url!r}; it must be the public address, such as https://portal.example.com.")
    return Settings(
        development=development,
        data=data,
        database_url=database_address(word("DATABASE_URL", f"sqlite:///{data / 'portal.db'}")),
        files_url=word("FILES_URL", (data / "files").as_uri()),
        files_gb=number("FILES_GB", 100),
        url=url.rstrip("/"),
        secret_key=secret(word("SECRET_KEY"), data, development),
        former_secret_keys=tuple(word("FORMER_SECRET_KEYS").split()),
        smtp_url=word("SMTP_URL"),
        sms_url=word("SMS_URL"),
        mail_from=word("MAIL_FROM"),
        inbound_domain=domain(word("INBOUND_DOMAIN")),
        inbound_secret=hook_secret(word("INBOUND_SECRET")),
        proxies=number("PROXIES", 0),
        staff_idle_minutes=number("STAFF_IDLE_MINUTES", 120),
        staff_hours=number("STAFF_HOURS", 16),
    )


def database_address(url: str) -> str:
    """PostgreSQL is spoken to by psycopg, whatever way its address is written."""
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if scheme not in ("sqlite", "postgresql+psycopg"):
        raise BadSetting("PORTAL_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    return url


def secret(key: str, data: Path, development: bool) -> str:
    """In development a key is made once and kept beside the data; elsewhere it must be given."""
    if len(key) >= 32:
        return key
    if key or not development:
        raise BadSetting("PORTAL_SECRET_KEY must be given, at least 32 characters. Make one: openssl rand -hex 32")
    kept = data / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_hex(32))
    return kept.read_text()


def domain(name: str) -> str:
    if name and not DOMAIN.fullmatch(name):
        raise BadSetting(f"PORTAL_INBOUND_DOMAIN is {name!r}; it must be a domain, such as reply.example.com.")
    return name.lower()


def hook_secret(key: str) -> str:
    if key and len(key) < 32:
        raise BadSetting("PORTAL_INBOUND_SECRET must have at least 32 characters. Make one: openssl rand -hex 32")
    return key


def settings() -> Settings:
    """The settings of the running application."""
    found: Settings = current_app.extensions["portal-settings"]
    return found


def init_app(app: Flask, chosen: Settings) -> None:
    app.extensions["portal-settings"] = chosen
    app.config.update(
        SECRET_KEY=chosen.secret_key,
        SECRET_KEY_FALLBACKS=list(chosen.former_secret_keys),
        SQLALCHEMY_DATABASE_URI=chosen.database_url,
        SESSION_COOKIE_SECURE=chosen.url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=200 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,
    )
