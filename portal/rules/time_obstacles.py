"""Why a time cannot be booked: it is over, too soon or too far ahead."""

from datetime import datetime, timedelta
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
    """Asks nothing of the database: a calendar asks it of each of its sessions."""
    other = other_time(service, back), "Choose another time"
    if starts_at <= at:
        return [Obstacle("past", f"That time is over: {wording.moment(starts_at, zone, at)}.", *other)]
    if starts_at - timedelta(minutes=service.notice_minutes) < at:
        words = f"{service.name} is booked at least {duration(service.notice_minutes)} before it starts."
        return [Obstacle("too-late", words, *other)]
    last = wording.today_in(zone, at) + timedelta(days=service.ahead_days)
    if wording.local(starts_at, zone).date() > last:
        words = f"{service.name} can be booked until {wording.full_day(last)} for now."
        return [Obstacle("too-far", words, *other)]
    return []


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
