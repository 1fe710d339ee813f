"""Settings lines: what changed in the settings, old → new, as the screen calls it. Nothing is told undecided."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import time
from typing import Any, NamedTuple

from sqlalchemy import inspect

from portal import wording
from portal.db import db
from portal.models import (
    AddOn,
    Attribute,
    Business,
    Closure,
    Invitation,
    Location,
    Member,
    Membership,
    MembershipService,
    MessageTemplate,
    Offering,
    OpeningHours,
    Provider,
    ReminderTime,
    Service,
    ServiceAddOn,
    ServiceAnimal,
    ServiceProvider,
    ServiceVaccine,
    StoredDocument,
    Tag,
    TimeOff,
    VaccineKind,
    WorkingHours,
)
from portal.rules.business import the_business
from portal.service_words import fits, in_units

# By table and column: what it is called, and what its choices are.
Called = Callable[[str, str], tuple[str, Mapping[str, str]]]


class Change(NamedTuple):
    row: Any
    label: str
    choices: Mapping[str, str]
    old: Sequence[Any]  # none where it was written over unread
    new: Any


Way = Callable[[Change], str]


def never(change: Change) -> str:
    """It is a secret, or nobody's business, or told otherwise."""
    return ""


def only_that(change: Change) -> str:
    return f"{change.label} changed"


def moved(change: Change) -> str:
    return "Order changed"


def turned(on: str, off: str) -> Way:
    return lambda change: on if change.new else off


def told(said: Callable[[Any], str]) -> Way:
    def line(change: Change) -> str:
        if not change.old:
            return only_that(change)
        old, new = (change.choices.get(str(value)) or said(value) for value in (*change.old, change.new))
        return "" if old == new else f"{change.label}: {f'{old} → ' if old else ''}{new or '(empty)'}"

    return line


def places(change: Change) -> str:
    return plain(change._replace(label=f"{change.label} at {name(Location, change.row.location_id)}"))


def lines(change: Change) -> str:
    """What is kept one a line: what came and what went."""
    if not change.old:
        return only_that(change)
    old, new = change.old[0].split("\n"), change.new.split("\n")
    gone, come = ([word for word in these if word and word not in those] for these, those in ((old, new), (new, old)))
    said = [f"{verb} {', '.join(words)}" for verb, words in (("removed", gone), ("added", come)) if words]
    return f"{change.label}: {'; '.join(said) or 'another order'}"


def spoken(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, time):
        return wording.clock(value)
    return "" if value is None else str(value)


def price(value: int) -> str:
    return wording.money(value, the_business().currency)


def lasting(minutes: int) -> str:
    count, unit = in_units(minutes)
    return wording.counted(count, unit.removesuffix("s"))


def name(model: Any, id: int | None) -> str:
    row = db.session.get(model, id) if id else None
    return row.name if row else ""


plain = told(spoken)
ended = turned("Retired", "Brought back")
deactivated = turned("Deactivated", "Reactivated")


def each(way: Way, *columns: str) -> dict[str, Way]:
    return dict.fromkeys(columns, way)


# Every column of every watched table, in the order of its form; a test asks for those that are added.
WAYS: dict[type, dict[str, Way]] = {
    Business: {
        **each(plain, "name", "tagline", "hide_name", "colour", "email"),
        "logo_id": only_that,
        "phone": told(wording.phone_words),
        **each(plain, "country", "time_zone", "currency", "header_label", "header_link", "registration_open"),
        **each(plain, "neutral_answers", "uploads_open", "booking_open", "public_booking_open", "calendar_open"),
        **each(plain, "requests_open", "moves_open", "waitlist_open", "pets_open", "profile_open", "vaccine_days"),
        "offer_minutes": told(lasting),
        "first_steps": never,
    },
    Location: {
        **each(plain, "name", "address", "time_zone", "places"),
        "phone": told(wording.phone_words),
        "deactivated_at": deactivated,
    },
    OpeningHours: each(never, "location_id", "weekday", "opens_at", "closes_at"),
    Closure: each(never, "location_id", "first_day", "last_day", "reason"),
    Member: {
        **each(plain, "name", "email", "role"),
        "deactivated_at": deactivated,
        **each(never, "password_hash", "credential_version"),
    },
    Invitation: {**each(plain, "email", "role"), **each(never, "at", "by_kind", "by_id", "by_name")},
    Service: {
        **each(plain, "name", "kind"),
        "description": only_that,
        "price": told(price),
        **each(plain, "minutes", "buffer_before", "buffer_after", "every_minutes", "together"),
        **each(plain, "arrives_at", "leaves_at", "least_nights", "most_nights"),
        **each(plain, "access", "needs_approval", "waitlist_open"),
        "notice_minutes": told(lasting),
        "ahead_days": told(lambda days: wording.counted(days, "day")),
        **each(plain, "least_months", "most_months", "vaccine_check"),
        **each(plain, "cancel_allowed", "cancel_hours", "cancel_day_before_at"),
        **each(plain, "move_allowed", "move_hours", "move_day_before_at"),
        "position": moved,
        "retired_at": ended,
    },
    Offering: {"places": places, **each(never, "service_id", "location_id")},
    ServiceAnimal: each(never, "service_id", "animal_id"),
    ServiceVaccine: each(never, "service_id", "vaccine_kind_id"),
    ServiceAddOn: each(never, "service_id", "add_on_id"),
    AddOn: {
        "name": plain,
        "description": only_that,
        "price": told(price),
        "minutes": plain,
        "position": moved,
        "retired_at": ended,
    },
    Provider: {
        "name": plain,
        "member_id": told(lambda id: name(Member, id)),
        "position": moved,
        "retired_at": ended,
    },
    ServiceProvider: each(never, "service_id", "provider_id"),
    WorkingHours: each(never, "provider_id", "location_id", "weekday", "since", "until"),
    TimeOff: each(never, "provider_id", "starts_at", "ends_at", "reason", "at", "by_kind", "by_id", "by_name"),
    Membership: {"name": plain, "description": only_that, "retired_at": ended},
    MembershipService: each(never, "membership_id", "service_id"),
    VaccineKind: {**each(plain, "name", "required"), "animal_id": never, "position": moved, "retired_at": ended},
    Tag: {**each(plain, "name", "tone"), "of_pets": never, "position": moved},
    Attribute: {
        **each(plain, "name", "kind"),
        "choices": lines,
        **each(plain, "visible", "flag"),
        "of_pets": never,
        "position": moved,
        "retired_at": ended,
    },
    MessageTemplate: {**each(only_that, "subject", "text"), **each(never, "kind", "edited_at", "edited_by")},
    ReminderTime: each(never, "minutes"),
    StoredDocument: {
        "name": plain,
        "removed_at": turned("Removed", "Brought back"),
        **each(never, "file_id", "stored_at", "stored_by"),
    },
}


def of_change(row: Any, columns: Iterable[str], called: Called) -> list[str]:
    """A line for each of these columns that may be told."""
    ways, changed, found = WAYS[type(row)], set(columns), []
    for column in (column for column in ways if column in changed):
        if isinstance(row, Service) and not fits(column, row.kind):
            continue
        old, new = inspect(row).attrs[column].history.deleted, getattr(row, column)
        found.append(ways[column](Change(row, *called(row.__tablename__, column), old, new)))
    return [line for line in found if line]
