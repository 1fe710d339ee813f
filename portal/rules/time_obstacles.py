"""Why a time cannot be booked: it is over, too soon or too far ahead."""

from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from portal import wording
from portal.models import ServiceKind
from portal.rules.pet_obstacles import Obstacle

OF_TIME = {"session", "at", "day", "first", "last"}


class Timed(Protocol):
    """As much of a service as its limits of time need."""

    id: int
    name: str
    kind: ServiceKind
    notice_minutes: int
    ahead_days: int


def of_the_time(service: Timed, starts_at: datetime, zone: str, at: datetime, back: str = "") -> list[Obstacle]:
    """Asks nothing of the database."""
    kind = limit(service, starts_at, zone, at)
    if not kind:
        return []
    last = wording.full_day(last_day(service, zone, at))
    words = {
        "past": f"That time is over: {wording.moment(starts_at, zone, at)}.",
        "too-late": f"{service.name} is booked at least {duration(service.notice_minutes)} before it starts.",
        "too-far": f"{service.name} can be booked until {last} for now.",
    }
    return [Obstacle(kind, words[kind], other_time(service, back), "Choose another time")]


def limit(service: Timed, starts_at: datetime, zone: str, at: datetime) -> str:
    """The kind of it alone: a calendar asks it of each of its classes."""
    if starts_at <= at:
        return "past"
    if starts_at - timedelta(minutes=service.notice_minutes) < at:
        return "too-late"
    return "too-far" if wording.local(starts_at, zone).date() > last_day(service, zone, at) else ""


def last_day(service: Timed, zone: str, at: datetime) -> date:
    return wording.today_in(zone, at) + timedelta(days=service.ahead_days)


def other_time(service: Timed, back: str) -> str:
    return without(back, OF_TIME, service)


def without(back: str, names: set[str], service: Timed) -> str:
    """The same booking with some of its choices open again."""
    parts = urlsplit(back or f"/book?service={service.id}")
    kept = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name not in names])
    return f"{parts.path}?{kept}" if kept else parts.path


def duration(minutes: int) -> str:
    """45 minutes, 12 hours, 2 days"""
    if minutes % 1440 == 0:
        return wording.counted(minutes // 1440, "day")
    return wording.counted(minutes // 60, "hour") if minutes % 60 == 0 else wording.counted(minutes, "minute")
