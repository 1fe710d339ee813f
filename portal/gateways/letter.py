"""One e-mail to one person, and the bytes it becomes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, quote

import idna

from portal.gateways.outcome import one_line, quoted

LOCAL_PART = re.compile(r"[^\s()<>\[\]:;@\\,\"\x00-\x20\x7f-\x9f\ud800-\udfff]{1,64}")
DOMAIN = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*", re.IGNORECASE)
NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]')
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class Letter:
    to: str
    subject: str
    text: str
    html: str | None = None
    from_name: str
    from_address: str
    reply_to: str | None = None
    message_id: str
    attachments: Sequence[tuple[str, str, bytes]] = ()  # name, type, content
    automatic: bool = False


class BadAddress(ValueError):
    def __init__(self, text: str) -> None:
        super().__init__(f"The e-mail address “{quoted(text)}” is not valid.")
        self.text = text


class Written(str):
    """A header kept in its final form: Python's own folding decodes =?…?= in what people typed, line ends included."""

    name: str
    wire: str

    def __new__(cls, name: str, text: str, wire: str | None = None) -> "Written":
        header = super().__new__(cls, text)
        header.name = name
        header.wire = text if wire is None else wire
        return header

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self.wire}{policy.linesep}"


def address(text: str) -> str:
    """The address as it goes over the wire, its domain in ASCII."""
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise BadAddress(text) from error
    if not LOCAL_PART.fullmatch(local) or not DOMAIN.fullmatch(domain):
        raise BadAddress(text)
    return f"{local}@{domain}"


def compose(letter: Letter) -> EmailMessage:
    """Raises BadAddress."""
    sender, to = address(letter.from_address), address(letter.to)
    reply_to = address(letter.reply_to) if letter.reply_to else ""
    message = EmailMessage(SMTP.clone(cte_type="7bit", utf8=not (sender + to + reply_to).isascii()))

    def write(name: str, text: str, wire: str | None = None) -> None:
        message[name] = Written(name, text, wire)

    name, subject = one_line(letter.from_name), one_line(letter.subject)
    write("From", f"{name} <{sender}>", f"{phrase(name)}<{sender}>")
    write("To", to)
    if reply_to:
        write("Reply-To", reply_to)
    write("Subject", subject, encoded("Subject", subject))
    write("Date", format_datetime(datetime.now(UTC)))
    write("Message-ID", f"<{one_line(letter.message_id).strip('<>')}>")
    if letter.automatic:
        write("Auto-Submitted", "auto-generated")
    fill(message, letter)
    return message


def phrase(name: str) -> str:
    """The words before an address, none when there is no name."""
    wire = encoded("From", name)
    if wire == name:
        wire = f'"{quote(name)}"' if name else ""
    return f"{wire} ".lstrip()


def encoded(header: str, text: str) -> str:
    """As it is when that is short and safe, else in the encoding of RFC 2047."""
    if text.isascii() and len(text) <= 66 and "=?" not in text:
        return text
    return Header(text, "utf-8", header_name=header).encode(linesep="\r\n")


def fill(message: EmailMessage, letter: Letter) -> None:
    message.set_content(CONTROLS.sub("\ufffd", letter.text))
    if letter.html is not None:
        message.add_alternative(CONTROLS.sub("\ufffd", letter.html), subtype="html")
    for name, kind, content in letter.attachments:
        main, sub = media_type(kind)
        file_name = NOT_IN_FILE_NAMES.sub("_", one_line(name)) or "attachment"
        message.add_attachment(content, maintype=main, subtype=sub, filename=file_name)


def media_type(kind: str) -> tuple[str, str]:
    """A kind that would need a body of its own shape, or is none at all, travels as plain bytes."""
    main, _, sub = kind.lower().partition("/")
    if re.fullmatch(r"(application|audio|font|image|text|video)/[a-z0-9.+-]+", f"{main}/{sub}"):
        return main, sub
    return "application", "octet-stream"
