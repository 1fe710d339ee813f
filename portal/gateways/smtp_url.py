"""PORTAL_SMTP_URL: smtp://name:password@host:587, smtps://…:465, smtp://localhost:1025."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from portal.gateways.setting_url import ENCODE, credentials, options, split

SETTING, EXAMPLE = "PORTAL_SMTP_URL", "smtp://name:password@mail.example.com:587"
Security = Literal["none", "starttls", "tls"]
PORTS: dict[Security, int] = {"none": 25, "starttls": 587, "tls": 465}


@dataclass(frozen=True)
class Server:
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Security
    cafile: str | None


def check(url: str) -> Server:
    """Raises ValueError, which names what is wrong."""
    parts = split(SETTING, url, ("smtp", "smtps"), EXAMPLE)
    if parts.path not in ("", "/"):
        raise ValueError(f"{SETTING}: {ENCODE}.")
    user, password = credentials(SETTING, parts)
    chosen = options(SETTING, parts, ("starttls", "cafile"))
    cafile = chosen.get("cafile")
    if cafile is not None and not Path(cafile).is_file():
        raise ValueError(f"{SETTING}: the cafile {cafile!r} is not there.")
    security = choose_security(parts.scheme, chosen.get("starttls"), bool(user))
    return Server(parts.hostname or "", parts.port or PORTS[security], user, password, security, cafile)


def choose_security(scheme: str, starttls: str | None, signs_in: bool) -> Security:
    if starttls not in (None, "0", "1"):
        raise ValueError(f"{SETTING}: starttls is 1 or 0.")
    if scheme == "smtps" and starttls == "1":
        raise ValueError(f"{SETTING}: smtps:// is encrypted from the start; leave starttls out, or write smtp://.")
    if scheme == "smtps":
        return "tls"
    return "starttls" if starttls == "1" or (starttls is None and signs_in) else "none"
