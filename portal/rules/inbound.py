"""Letters that come back: an answer by e-mail joins the conversation that its address names."""

import hashlib
import re
from datetime import datetime
from hmac import compare_digest
from io import BytesIO
from urllib.parse import urlsplit

from portal.db import atomic, db, lock
from portal.gateways import arrived, files, plain_words
from portal.gateways.arrived import Arrived, Unreadable
from portal.gateways.files.names import plain
from portal.models import Client, File, Message, Thread
from portal.rules import enclosures, messages, seals
from portal.rules import files as kept_files
from portal.rules.actors import as_client
from portal.rules.business import the_business
from portal.settings import settings

__all__ = ["LARGEST", "TooLarge", "UnknownAddress", "Unreadable", "address", "receive"]

LARGEST = 25 * 1024 * 1024
LONGEST = 20_000
SEALED = 32
LOCAL_PART = re.compile(r"reply\+([1-9][0-9]{0,9})\.([0-9a-f]{32})", re.IGNORECASE)
OUR_LETTER = re.compile(r"[0-9a-f]{32}@(.+)")


class UnknownAddress(Exception):
    """No conversation has this address."""


class TooLarge(Exception):
    """More than we take in one letter."""


def address(thread_id: int) -> str:
    """Where answers to a letter of this thread go; none where the business has no domain for them."""
    domain = settings().inbound_domain
    return f"reply+{thread_id}.{seals.seal('reply', str(thread_id))[:SEALED]}@{domain}" if domain else ""


def receive(raw: bytes, to: str, *, at: datetime) -> Message | None:
    """The message that it became, once however often it comes; none where no person wrote it.

    `to` is the address it was delivered to; without it those that the letter itself names are tried.
    Raises UnknownAddress, TooLarge and Unreadable; then nothing is kept.
    """
    if len(raw) > LARGEST:
        raise TooLarge("The message is larger than 25 MB.")
    letter = arrived.read(raw)
    thread = addressed([to] if to else letter.recipients)
    client = db.session.get_one(Client, thread.client_id)
    if letter.automatic or is_our_own(letter, client):
        return None
    enclosed, left_out = keep(letter, at)
    text = "\n\n".join(filter(None, (said(letter), *left_out))) or ("" if enclosed else "(There are no words in it.)")
    return join(thread, client, letter, text, enclosed, key(thread, letter, raw), at)


def addressed(addresses: list[str]) -> Thread:
    domain = settings().inbound_domain
    for one in addresses:
        local, _, host = one.strip(" <>").rpartition("@")
        found = LOCAL_PART.fullmatch(local)
        if found and domain and host.lower() == domain.lower() and is_sealed(found[1], found[2].lower()):
            thread = db.session.get(Thread, int(found[1]))
            if thread:
                return thread
    raise UnknownAddress("No conversation has this address.")


def is_sealed(thread_id: str, seal: str) -> bool:
    """Letters are answered long after they were written: what a former key has sealed is good too."""
    return any(compare_digest(made[:SEALED], seal) for made in seals.ever("reply", thread_id))


def is_our_own(letter: Arrived, client: Client) -> bool:
    """What we have sent ourselves must not come round again."""
    chosen, ours = settings(), OUR_LETTER.fullmatch(letter.message_id)
    if ours and ours[1] == urlsplit(chosen.url).hostname:
        return True
    own = {chosen.mail_from.lower(), the_business().email.lower()} - {client.email, ""}
    return letter.sender in own or letter.sender.endswith(f"@{chosen.inbound_domain.lower()}")


def keep(letter: Arrived, at: datetime) -> tuple[list[File], list[str]]:
    """The files that we take, and for each of the others why not."""
    kept, reasons = [], []
    for number, (name, content) in enumerate(letter.files):
        called = f"“{plain(name) or 'a file without a name'}”"
        if number >= enclosures.MOST:
            reasons.append(f"{called} (more than {enclosures.MOST} files)")
            continue
        try:
            kept.append(kept_files.keep(BytesIO(content), name, at=at))
        except files.Unacceptable as no:
            reasons.append(f"{called}: {no}")
    return kept, [f"Left out: {'; '.join(reasons[:20])}"] if reasons else []


def said(letter: Arrived) -> str:
    words = plain_words.own_words(letter.text)
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()} …\n\n(The rest was too long.)"


def key(thread: Thread, letter: Arrived, raw: bytes) -> str:
    """What is the same about a letter that comes twice: its own id, or else every octet of it."""
    same = letter.message_id.encode("utf-8", "replace") if letter.message_id else raw
    return hashlib.sha256(b"%d\0%s" % (thread.id, same)).hexdigest()


@atomic
def join(
    thread: Thread, client: Client, letter: Arrived, text: str, enclosed: list[File], key: str, at: datetime
) -> Message:
    lock(thread)

    def write() -> Message:
        message = messages.from_client(thread, text, enclosed, key, as_client(client), at)
        message.from_portal = False
        message.sent_from = "" if letter.sender == client.email else letter.sender or "an unknown address"
        return message

    return messages.once(thread.client_id, key, write)
