"""The step of Book Now that asks when: appointments, dates, days or nights, as the kind of service has them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from portal import wording
from portal.identity import business
from portal.inputs import asked, book
from portal.models import Location, Service, ServiceKind
from portal.rules import places, plan_times
from portal.rules.plans import Plan

Names = dict[str, Any]
DAY = timedelta(days=1)


def of_when(plan: Plan, at: datetime) -> Names:
    """The service and the location are known by now."""
    assert plan.service
    assert plan.location
    zone = plan.location.time_zone
    today = wording.today_in(zone, at)
    names: Names = {"zone_name": wording.local(at, zone).tzname(), "today": today}
    return {**names, **WHEN[plan.service.kind](plan, plan.service, plan.location, today, at)}


def of_times(plan: Plan, service: Service, location: Location, today: date, at: datetime) -> Names:
    since = max(book.day_of(asked("since")) or (day_of(plan.chosen.at, location) if plan.chosen.at else today), today)
    days = plan_times.appointments(plan, service, location, since, at, most=plan_times.ENOUGH)
    is_enough = sum(len(times) for _, times in days) >= plan_times.ENOUGH
    following = days[-1][0] + DAY if is_enough else since + DAY * plan_times.STRETCH
    last = today + timedelta(days=service.ahead_days)
    return {
        "days": days,
        "since": since,
        "until": following - DAY,
        "earlier": max(since - (following - since), today) if since > today else None,
        "later": following if following <= last else None,
        "lasts": timedelta(minutes=places.minutes_of(service, len(plan.pets), plan.more_minutes)),
    }


def day_of(moment: datetime, location: Location) -> date:
    return wording.local(moment, location.time_zone).date()


def of_sessions(plan: Plan, service: Service, location: Location, today: date, at: datetime) -> Names:
    told = asked("since")
    since = max(book.moment_of(told) or at, at)
    days, more = plan_times.sessions(plan, service, location, since, at)
    return {"days": days, "later": f"{days[-1][1][-1].starts_at:%Y-%m-%dT%H:%MZ}" if more else ""}


def of_series(plan: Plan, service: Service, location: Location, today: date, at: datetime) -> Names:
    return {"runs": plan_times.runs(plan, service, location, at)}


def of_days(plan: Plan, service: Service, location: Location, today: date, at: datetime) -> Names:
    """A month of days; those chosen in other months are carried along."""
    first = today.replace(day=1)
    month = max(book.month() or (plan.chosen.day[0].replace(day=1) if plan.chosen.day else first), first)
    last = today + timedelta(days=service.ahead_days)
    days = plan_times.month(plan, service, location, month, at)
    following = plan_times.following_month(month)
    elsewhere = [day for day in plan.chosen.day if not month <= day < following]
    return {
        "month": month,
        "cells": [one for one in days if one.day >= today],
        "weekdays": list(enumerate(wording.LONG_DAYS)),
        "elsewhere": elsewhere,
        "earlier": (month - timedelta(days=1)).replace(day=1) if month > first else None,
        "later": following if following <= last else None,
        "can_wait": service.waitlist_open and business().waitlist_open,
    }


def of_stay(plan: Plan, service: Service, location: Location, today: date, at: datetime) -> Names:
    nights = plan_times.nights(plan, service, location, at)
    return {"nights": nights, "latest": today + timedelta(days=service.ahead_days)}


WHEN: dict[ServiceKind, Callable[[Plan, Service, Location, date, datetime], Names]] = {
    ServiceKind.INDIVIDUAL: of_times,
    ServiceKind.GROUP: of_sessions,
    ServiceKind.SERIES: of_series,
    ServiceKind.DAY: of_days,
    ServiceKind.STAY: of_stay,
}
