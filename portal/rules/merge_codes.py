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
class Occasion:
    """What a message is about: a booking, or a place that may become one."""

    service: str
    location: str
    zone: str
    starts_at: datetime
    ends_at: datetime
    pets: str
    client_id: int
    booking_id: int | None = None

    @property
    def starts(self) -> datetime:
        return wording.local(self.starts_at, self.zone)

    @property
    def ends(self) -> datetime:
        return wording.local(self.ends_at, self.zone)

    @property
    def in_full(self) -> str:
        return f"{self.service}, {day_and_time(self.starts)}"

    @property
    def facts(self) -> booking_facts.Facts | None:
        return booking_facts.facts(self.client_id, self.booking_id) if self.booking_id else None

    @property
    def link(self) -> str:
        return public(f"/bookings/{self.booking_id}" if self.booking_id else "/")


def of_booking(booking: Standing) -> Occasion:
    return Occasion(
        service=booking.service,
        location=booking.location,
        zone=booking.zone,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        pets=pet_names(booking),
        client_id=booking.client_id,
        booking_id=booking.id,
    )


@dataclass(slots=True)
class Told:
    """Who is told of what. `more` holds what only this kind of message knows: a reason, a link."""

    client: Client
    about: Occasion
    at: datetime
    more: Mapping[str, str] = field(default_factory=dict)


def harmless(name: str, otherwise: str) -> str:
    """Anybody can name anybody, and have a letter sent to any address: a name must not be a link."""
    return otherwise if NO_NAME.search(name) else name


def guests(booking: Standing) -> str:
    """Who comes, as a letter may say it."""
    return harmless(pet_names(booking), "your pet")


def time_with_zone(when: datetime) -> str:
    return f"{wording.clock(when)} {when.tzname()}"


def day_and_time(when: datetime) -> str:
    """Of a moment where it is."""
    return f"{wording.full_day(when.date())}, {time_with_zone(when)}"


def until(told: Told) -> str:
    """The day too where it is another one."""
    ends = told.about.ends
    return time_with_zone(ends) if ends.date() == told.about.starts.date() else day_and_time(ends)


def when(told: Told) -> str:
    """When it starts; where it ends on another day, that too."""
    starts = day_and_time(told.about.starts)
    return starts if told.about.ends.date() == told.about.starts.date() else f"{starts}, until {until(told)}"


def providers(told: Told) -> str:
    facts = told.about.facts
    return wording.listed(facts.providers) if facts and facts.providers else "our team"


def address(told: Told) -> str:
    facts = told.about.facts
    return (facts and facts.address) or told.about.location


CODES: dict[str, tuple[str, Callable[[Told], str]]] = {
    "CLIENT_FIRST_NAME": ("First name", lambda told: harmless(told.client.first_name, "there")),
    "CLIENT_LAST_NAME": ("Last name", lambda told: harmless(told.client.last_name, "")),
    "CLIENT_ACCOUNT_NUMBER": ("Account number", lambda told: wording.account_number(told.client.account_number)),
    "PET_NAMES": ("The pets that are booked", lambda told: harmless(told.about.pets, "your pet")),
    "SERVICE_NAME": ("The service", lambda told: told.about.service),
    "BOOKING_DATE": ("The day, in full", lambda told: wording.full_day(told.about.starts.date())),
    "BOOKING_TIME": ("When it starts, with the time zone", lambda told: time_with_zone(told.about.starts)),
    "BOOKING_WHEN": ("Day and time, of a stay both days", when),
    "BOOKING_END": ("When it ends, with the time zone", until),
    "BOOKING_LINK": ("The booking in the portal", lambda told: told.about.link),
    "PROVIDER_NAMES": ("Who carries it out", providers),
    "LOCATION_NAME": ("The location", lambda told: told.about.location),
    "LOCATION_ADDRESS": ("Its address", address),
    "PORTAL_LINK": ("The client portal", lambda told: public("/")),
    "CONTACT": ("How to reach you, in a sentence", lambda told: business.contact()),
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
