"""Where a message to a client goes, and what keeps it from going there."""

from typing import Protocol

from portal.models import Channel, Client
from portal.rules.refused import Refused

LONGEST_TEXT_MESSAGE = 1600
WAYS = {Channel.EMAIL: "E-mail", Channel.SMS: "Text message"}


class Addressee(Protocol):
    """As much of a client as writing to them needs."""

    @property
    def name(self) -> str: ...
    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str: ...


def of(client: Addressee, channel: Channel) -> str:
    """The client's address for this way of writing, or nothing."""
    return (client.phone if channel == Channel.SMS else client.email) or ""


def ways(client: Client) -> list[Channel]:
    """How one can write to them."""
    return [channel for channel in Channel if of(client, channel)]


def named_ways(client: Client) -> list[tuple[str, str]]:
    return [(way.value, WAYS[way]) for way in ways(client)]


def first_way(client: Client) -> Channel:
    """The way that the business takes where nobody chooses; e-mail where there is none."""
    return next(iter(ways(client)), Channel.EMAIL)


def missing(client: Addressee, channel: Channel) -> str:
    return f"{client.name} has no {'phone number' if channel == Channel.SMS else 'e-mail address'}."


def checked(client: Client, channel: Channel, text: str) -> str:
    """The address, where there is one and the words fit."""
    if channel == Channel.SMS and len(text) > LONGEST_TEXT_MESSAGE:
        too_long = f"A text message holds at most {LONGEST_TEXT_MESSAGE:,} characters, and this has {len(text):,}."
        raise Refused(f"{too_long} Shorten it, or write an e-mail.")
    address = of(client, channel)
    if not address:
        raise Refused(f"{missing(client, channel)} Add it to the profile, then send this again.")
    return address
