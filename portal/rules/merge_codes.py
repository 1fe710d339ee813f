"""Merge codes: what stands in braces in a message template, and what takes its place for one client and booking."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal import wording
from portal.links import public
from portal.models import Client
from portal.rules import booking_facts, business
from portal.rules.letters import NO_NAME
from portal.rules.standing import Standing, pet_names

BRACES = re.compile(r"\{([^{}\n]{1,60})\}")


@dataclass(slots=True)
class Told:
    """Who is told of what. `more` holds what only this kind of message knows: a reason, a link."""

    client: Client
    booking: Standing
    at: datetime
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def starts(self) -> datetime:
        return wording.local(self.booking.starts_at, self.booking.zone)

    @property
    def facts(self) -> booking_facts.Facts:
        found = booking_facts.facts(self.booking.client_id, self.booking.id)
        if found is None:
            raise ValueError("a message is about a booking that is not there")
        return found


def harmless(name: str, otherwise: str) -> str:
    """Anybody can name anybody, and have a letter sent to any address: a name must not be a link."""
    return otherwise if NO_NAME.search(name) else name


def time_with_zone(when: datetime) -> str:
    return f"{wording.clock(when)} {when.tzname()}"


def until(told: Told) -> str:
    """The day too where it is another one."""
    ends = wording.local(told.booking.ends_at, told.booking.zone)
    clock = time_with_zone(ends)
    return clock if ends.date() == told.starts.date() else f"{wording.full_day(ends.date())}, {clock}"


CODES: dict[str, tuple[str, Callable[[Told], str]]] = {
    "CLIENT_FIRST_NAME": ("First name", lambda told: harmless(told.client.first_name, "there")),
    "CLIENT_LAST_NAME": ("Last name", lambda told: harmless(told.client.last_name, "")),
    "CLIENT_ACCOUNT_NUMBER": ("Account number", lambda told: wording.account_number(told.client.account_number)),
    "PET_NAMES": ("The pets that are booked", lambda told: harmless(pet_names(told.booking), "your pet")),
    "SERVICE_NAME": ("The service", lambda told: told.booking.service),
    "BOOKING_DATE": ("The day, in full", lambda told: wording.full_day(told.starts.date())),
    "BOOKING_TIME": ("When it starts, with the time zone", lambda told: time_with_zone(told.starts)),
    "BOOKING_END": ("When it ends, with the time zone", until),
    "BOOKING_LINK": ("The booking in the portal", lambda told: public(f"/bookings/{told.booking.id}")),
    "PROVIDER_NAMES": ("Who carries it out", lambda told: wording.listed(told.facts.providers) or "our team"),
    "LOCATION_NAME": ("The location", lambda told: told.booking.location),
    "LOCATION_ADDRESS": ("Its address", lambda told: told.facts.address),
    "PORTAL_LINK": ("The client portal", lambda told: public("/")),
    "BUSINESS_NAME": ("Your name", lambda told: business.the_business().name),
    "BUSINESS_PHONE": ("Your phone number", lambda told: wording.phone_words(business.the_business().phone)),
    "BUSINESS_EMAIL": ("Your e-mail", lambda told: business.the_business().email),
}


def fill(text: str, told: Told) -> str:
    def value(code: re.Match[str]) -> str:
        name = code[1]
        if name in told.more:
            return told.more[name]
        return CODES[name][1](told) if name in CODES else code[0]

    return BRACES.sub(value, text)


def unknown(text: str, also: Mapping[str, str]) -> str:
    """What to say about the first code that nobody knows; nothing where all are known."""
    known = [*CODES, *also]
    for name in BRACES.findall(text):
        if name not in known:
            near = difflib.get_close_matches(name.strip().upper().replace(" ", "_"), known, 1, 0.5)
            hint = f"Did you mean {{{near[0]}}}?" if near else "The codes that there are stand below."
            return f"There is no code {{{name}}}. {hint}"
    return ""
