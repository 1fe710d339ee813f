"""PORTAL_SMS_URL: twilio://SID:TOKEN@MG…, twilio://SID:TOKEN@+15550100, or https:// to a service that copies Twilio."""

from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit

from portal.gateways.setting_url import ENCODE, credentials, options, split

SETTING = "PORTAL_SMS_URL"
EXAMPLE = "twilio://SID:TOKEN@MESSAGING-SERVICE or https://NAME:PASSWORD@host/path?from=+15550100"
TWILIO = "https://api.twilio.com"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Service:
    address: str
    user: str
    password: str = field(repr=False)
    sender: dict[str, str]


def check(url: str) -> Service:
    """Raises ValueError, which names what is wrong."""
    parts = split(SETTING, url, ("twilio", "https", "http"), EXAMPLE)
    user, password = credentials(SETTING, parts)
    if not user:
        raise ValueError(f"{SETTING} has no name and password: {EXAMPLE}.")
    if parts.scheme == "twilio":
        return twilio(parts, user, password)
    return like_twilio(parts, user, password)


def twilio(parts: SplitResult, user: str, password: str) -> Service:
    if parts.path not in ("", "/") or not user.isalnum():
        raise ValueError(f"{SETTING} is not an account, a token and a sender: {EXAMPLE}; {ENCODE}.")
    base = options(SETTING, parts, ("base",)).get("base", TWILIO).rstrip("/")
    insist_on_encryption(urlsplit(base))
    sender = unquote(parts.netloc.rpartition("@")[2])  # as written: the parsed host name is in small letters
    return Service(f"{base}/2010-04-01/Accounts/{user}/Messages.json", user, password, named(sender))


def like_twilio(parts: SplitResult, user: str, password: str) -> Service:
    insist_on_encryption(parts)
    sender = options(SETTING, parts, ("from",)).get("from", "")
    if not sender:
        raise ValueError(f"{SETTING} does not say who sends; add ?from= and a number.")
    host = parts.netloc.rpartition("@")[2]
    # A plus sign in a query reads as a space.
    return Service(f"{parts.scheme}://{host}{parts.path}", user, password, named(sender.replace(" ", "+")))


def named(sender: str) -> dict[str, str]:
    return {"MessagingServiceSid" if sender.startswith("MG") else "From": sender}


def insist_on_encryption(address: SplitResult) -> None:
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOOPBACK):
        raise ValueError(f"{SETTING}: the service must be reached by https://.")
