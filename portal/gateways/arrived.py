"""A letter that has arrived: its bytes, whoever made them and however badly, read into what we need of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parseaddr
from typing import Any

from portal.gateways import plain_words
from portal.gateways.letter import CONTROLS

DEEPEST = 20
MOST_TEXT = 200_000
RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
OF_MACHINES = ("List-Id", "X-Autoreply", "X-Autorespond", "X-Loop")
BULK = {"bulk", "junk", "list", "auto_reply"}
POSTMASTERS = {"mailer-daemon", "postmaster"}
# Seals of mail programs, and invitations beside the words that say the same.
NOBODY_READS = {
    "application/pgp-keys",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "text/calendar",
}
# Codecs that Python has beside those of mail; some of them are slow on purpose-made bytes.
NOT_OF_MAIL = {"idna", "punycode", "raw_unicode_escape", "unicode_escape", "undefined", "utf_7"}


@dataclass(frozen=True, slots=True)
class Arrived:
    message_id: str
    sender: str
    recipients: list[str]
    automatic: bool
    text: str
    files: list[tuple[str, bytes]]  # name, content


class Unreadable(ValueError):
    """This is no letter, or none that can be taken apart."""


def read(raw: bytes) -> Arrived:
    """Raises Unreadable."""
    try:
        return taken_apart(message_from_bytes(raw))
    except (MessageError, RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable("This cannot be read as an e-mail.") from error


def taken_apart(message: Message) -> Arrived:
    sender = parseaddr(one(message, "From"))[1].strip().lower()
    told = [str(value) for name in RECIPIENTS for value in message.get_all(name, [])]
    leaves = list(parts(message))
    return Arrived(
        message_id=words(one(message, "Message-ID")).strip("<> "),
        sender=words(sender),
        recipients=[address for _, address in getaddresses(told) if address],
        automatic=by_a_machine(message, sender),
        text=text_of(leaves),
        files=[enclosed(part) for part in leaves if is_enclosed(part)],
    )


def one(message: Message, name: str) -> str:
    return str(message.get(name, ""))


def by_a_machine(message: Message, sender: str) -> bool:
    """Out of office, a list, or mail that could not be delivered."""
    return (
        one(message, "Auto-Submitted").partition(";")[0].strip().lower() not in ("", "no")
        or one(message, "Precedence").strip().lower() in BULK
        or any(name in message for name in OF_MACHINES)
        or one(message, "Return-Path").strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or sender.partition("@")[0] in POSTMASTERS
    )


def parts(message: Message, depth: int = 0) -> Iterator[Message]:
    """What holds no other parts; a letter inside the letter is one thing."""
    inside: Any = message.get_payload()
    if message.get_content_maintype() == "multipart" and isinstance(inside, list):
        if depth < DEEPEST:
            for part in inside:
                yield from parts(part, depth + 1)
    else:
        yield message


def is_enclosed(part: Message) -> bool:
    kind = kind_of(part)
    if kind in NOBODY_READS:
        return False
    said = kind in ("text/plain", "text/html") and part.get_content_disposition() != "attachment"
    return not said or bool(part.get_filename())


def kind_of(part: Message) -> str:
    """What says it holds parts and holds none is plain words."""
    return "text/plain" if part.get_content_maintype() == "multipart" else part.get_content_type()


def enclosed(part: Message) -> tuple[str, bytes]:
    unnamed = "forwarded message.eml" if part.get_content_maintype() == "message" else ""
    return words(part.get_filename() or unnamed), content(part)


def content(part: Message) -> bytes:
    found: Any = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def text_of(leaves: list[Message]) -> str:
    """The plain words where there are some, else those of the dressed ones."""
    said = [part for part in leaves if not is_enclosed(part)]
    plain = "\n".join(decoded(part) for part in said if kind_of(part) == "text/plain")
    if plain.strip():
        return clean(plain)
    dressed = "\n".join(decoded(part) for part in said if kind_of(part) == "text/html")
    return clean(plain_words.undressed(dressed))


def decoded(part: Message) -> str:
    return in_letters(content(part)[: 4 * MOST_TEXT], part.get_content_charset())[:MOST_TEXT]


def in_letters(octets: bytes, charset: str | None) -> str:
    """As it says it is written; else as most is written."""
    for name in (charset or "utf-8", "utf-8"):
        try:
            if name.lower().replace("-", "_") not in NOT_OF_MAIL:
                return octets.decode(name)
        except (LookupError, ValueError):
            continue
    return octets.decode("cp1252", "replace")


def words(header: str) -> str:
    """A header as a person reads it, on one line."""
    try:
        told = [part if isinstance(part, str) else in_letters(part, charset) for part, charset in decode_header(header)]
    except (MessageError, ValueError, LookupError):
        told = [header]
    return " ".join(CONTROLS.sub("\ufffd", "".join(told)).split())


def clean(text: str) -> str:
    one_kind = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\x00", "")
    return CONTROLS.sub("\ufffd", one_kind)
