"""Settings history: who changed what of the settings, and when. It is written with the change, whatever makes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
    """Who is at the settings, since when, and what has been written of it already."""

    by: Actor
    at: datetime
    written: set[tuple[str, str]] = field(default_factory=set)


def begin(by: Actor, *, at: datetime) -> None:
    """Whatever is changed from here on is theirs."""
    db.session.info["pen"] = Pen(by, at)


def end() -> None:
    db.session.info.pop("pen", None)


@event.listens_for(db.session, "before_flush")
def note(session: Session, *_: Any) -> None:
    pen: Pen | None = session.info.get("pen")
    if pen is None:
        return
    with session.no_autoflush:
        for topic, subject, verb in list(changes(session, pen)):
            if topic and (topic, subject) not in pen.written:
                pen.written.add((topic, subject))
                session.add(SettingsChange(topic=topic, subject=subject, verb=verb, at=pen.at, **pen.by.signed))


def changes(session: Session, pen: Pen) -> Iterator[tuple[str, str, str]]:
    """What is new first: what belongs to it is not told of beside it."""
    for verb, rows in (("added", session.new), ("removed", session.deleted), (CHANGED, session.dirty)):
        found = [(row, WATCHED[type(row)]) for row in rows if type(row) in WATCHED]
        for row, watched in sorted(found, key=lambda pair: pair[1].whole is not None):
            if isinstance(row, Member) and row.id == pen.by.id:
                continue
            apart: dict[str, str] = ELSEWHERE.get(type(row), {})
            topics = {apart.get(name, watched.topic) for name in fields_of(row)} if verb == CHANGED else {watched.topic}
            for topic in sorted(topics):
                yield topic, name_of(session, row, watched), CHANGED if watched.whole else verb


def fields_of(row: Any) -> set[str]:
    state = inspect(row)
    return {column.key for column in state.mapper.column_attrs if state.attrs[column.key].history.has_changes()}


def name_of(session: Session, row: Any, watched: Watched) -> str:
    """As it is called now; nothing for what there is only one of."""
    if watched.whole:
        whole = session.get(watched.whole, getattr(row, watched.key) or 0)
        return whole.name if whole else ""
    if isinstance(row, Business):
        return ""
    if isinstance(row, MessageTemplate):
        return KINDS[row.kind].name
    return "the reminders" if isinstance(row, ReminderTime) else getattr(row, "name", "") or getattr(row, "email", "")


def latest(topic: str) -> Sequence[SettingsChange]:
    """The newest first."""
    of = select(SettingsChange).where(SettingsChange.topic == topic)
    return db.session.scalars(of.order_by(SettingsChange.id.desc()).limit(LATEST)).all()
