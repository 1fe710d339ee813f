"""Settings history: who changed what of the settings from what to what, and when. It is written with the change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session

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
    SettingsChange,
    StoredDocument,
    Tag,
    TimeOff,
    VaccineKind,
    WorkingHours,
)
from portal.rules.actors import Actor
from portal.rules.message_templates import KINDS
from portal.rules.reminders import spoken
from portal.rules.settings_lines import Called, of_change
from portal.rules.settings_parts import of_parts

LATEST = 10
CHANGED = "changed"


class Watched(NamedTuple):
    """Where it is set, and for what is only a part of something, of what."""

    topic: str
    whole: Any = None
    key: str = ""


WATCHED: dict[type, Watched] = {
    Business: Watched("Business"),
    Location: Watched("Locations"),
    OpeningHours: Watched("Locations", Location, "location_id"),
    Closure: Watched("Locations", Location, "location_id"),
    Member: Watched("Staff"),
    Invitation: Watched("Staff"),
    Service: Watched("Services"),
    Offering: Watched("Services", Service, "service_id"),
    ServiceAnimal: Watched("Services", Service, "service_id"),
    ServiceVaccine: Watched("Services", Service, "service_id"),
    ServiceAddOn: Watched("Services", Service, "service_id"),
    AddOn: Watched("Add-Ons"),
    Provider: Watched("Providers"),
    ServiceProvider: Watched("Providers", Provider, "provider_id"),
    WorkingHours: Watched("Providers", Provider, "provider_id"),
    TimeOff: Watched("Providers", Provider, "provider_id"),
    Membership: Watched("Memberships"),
    MembershipService: Watched("Memberships", Membership, "membership_id"),
    VaccineKind: Watched("Vaccine Kinds"),
    Tag: Watched("Tags"),
    Attribute: Watched("Attributes"),
    MessageTemplate: Watched("Messages"),
    ReminderTime: Watched("Messages"),
    StoredDocument: Watched("Documents"),
}
# Fields that are set on a page of their own.
ELSEWHERE = {
    Business: {
        **dict.fromkeys(("header_label", "header_link", "registration_open", "neutral_answers"), "Client Portal"),
        **dict.fromkeys(("calendar_open", "booking_open", "public_booking_open", "moves_open"), "Self-Booking"),
        **dict.fromkeys(("requests_open", "waitlist_open", "offer_minutes"), "Self-Booking"),
        **dict.fromkeys(("pets_open", "profile_open"), "Self-Booking"),
        "uploads_open": "Client Portal",
        "vaccine_days": "Vaccine Kinds",
        "first_steps": "",
    },
    Service: {
        **dict.fromkeys(("cancel_allowed", "cancel_hours", "cancel_day_before_at"), "Cancellation"),
        **dict.fromkeys(("move_allowed", "move_hours", "move_day_before_at"), "Cancellation"),
    },
}


@dataclass(slots=True)
class Pen:
    """Who is at the settings, since when, what the screen calls things, and what has been written already."""

    by: Actor
    at: datetime
    called: Called
    written: dict[tuple[str, str], SettingsChange] = field(default_factory=dict)


class Told(NamedTuple):
    topic: str
    subject: str
    verb: str
    lines: list[str]


def begin(by: Actor, *, called: Called, at: datetime) -> None:
    """Whatever is changed from here on is theirs."""
    db.session.info["pen"] = Pen(by, at, called)


def end() -> None:
    db.session.info.pop("pen", None)


@event.listens_for(db.session, "before_flush")
def note(session: Session, *_: Any) -> None:
    pen: Pen | None = session.info.get("pen")
    if pen is None:
        return
    with session.no_autoflush:
        for told in list(changes(session, pen)):
            if told.topic:
                write(session, pen, told)


def write(session: Session, pen: Pen, told: Told) -> None:
    """One row for each subject. What is new, or gone, says so and no more."""
    topic, subject, verb, lines = told
    row = pen.written.get((topic, subject))
    if row is None or row not in session:
        row = SettingsChange(topic=topic, subject=subject, verb=verb, lines="", at=pen.at, **pen.by.signed)
        pen.written[topic, subject] = row
        session.add(row)
    if row.verb == CHANGED:
        row.lines = "\n".join(filter(None, [row.lines, *lines]))


def changes(session: Session, pen: Pen) -> Iterator[Told]:
    """What is new first: what belongs to it is not told of beside it."""
    for verb, rows in (("added", session.new), ("removed", session.deleted), (CHANGED, session.dirty)):
        found = [row for row in rows if type(row) in WATCHED and not (isinstance(row, Member) and row.id == pen.by.id)]
        for row in found:
            if verb == CHANGED:
                yield from changed(session, row, pen)
            elif WATCHED[type(row)].whole is None:
                yield Told(WATCHED[type(row)].topic, name_of(session, row), verb, [])
        if verb != CHANGED:
            yield from of_wholes(session, [row for row in found if WATCHED[type(row)].whole], verb, pen)


def changed(session: Session, row: Any, pen: Pen) -> Iterator[Told]:
    """Each page its own."""
    state, apart = inspect(row), ELSEWHERE.get(type(row), {})
    columns = [one.key for one in state.mapper.column_attrs if state.attrs[one.key].history.has_changes()]
    topics = {column: apart.get(column, WATCHED[type(row)].topic) for column in columns}
    for topic in sorted(set(topics.values())):
        lines = of_change(row, [column for column in columns if topics[column] == topic], pen.called)
        yield Told(topic, name_of(session, row), CHANGED, lines)


def of_wholes(session: Session, parts: list[Any], verb: str, pen: Pen) -> Iterator[Told]:
    """Parts of one kind together, as a change of what they belong to."""

    def of(row: Any) -> tuple[str, int]:
        return row.__tablename__, getattr(row, WATCHED[type(row)].key) or 0

    for _, some in groupby(sorted(parts, key=of), key=of):
        rows = list(some)
        subject = name_of(session, rows[0])
        yield Told(WATCHED[type(rows[0])].topic, subject, CHANGED, [of_parts(rows, verb, pen.called)])


def name_of(session: Session, row: Any) -> str:
    """As it is called now; nothing for what there is only one of."""
    watched = WATCHED[type(row)]
    if watched.whole:
        whole = session.get(watched.whole, getattr(row, watched.key) or 0)
        return whole.name if whole else ""
    if isinstance(row, Business):
        return ""
    if isinstance(row, MessageTemplate):
        return KINDS[row.kind].name
    if isinstance(row, ReminderTime):
        return f"the reminder {spoken(row.minutes)} before"
    return getattr(row, "name", "") or getattr(row, "email", "")


def latest(topic: str) -> Sequence[SettingsChange]:
    """The newest first."""
    of = select(SettingsChange).where(SettingsChange.topic == topic)
    return db.session.scalars(of.order_by(SettingsChange.id.desc()).limit(LATEST)).all()
