"""Dates, times, money and sizes as people say them. Tables, not a formatter per cell: lists have many."""

from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

import phonenumbers
from babel.numbers import get_currency_precision, get_currency_symbol

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONG_MONTHS = (
    *("", "January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
HOURS = tuple(f"{hour % 12 or 12}" for hour in range(24))
MINUTES = tuple(f":{minute:02}" for minute in range(60))
AM, PM = "\u00a0AM", "\u00a0PM"
ADDRESS_WORDS = {
    "US": ("State", "ZIP code"),
    "CA": ("Province", "Postal code"),
    "AU": ("State", "Postcode"),
    "GB": ("County", "Postcode"),
}
TO = "\u2060–\u2060"  # no line breaks beside the dash


@cache
def zone_of(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(zone_of(zone))


@lru_cache(256)
def today_in(zone: str, now: datetime) -> date:
    """The day that it is there; every line of a list asks."""
    return local(now, zone).date()


def clock(at: datetime | time) -> str:
    """A local time of day: 9:00 AM."""
    return HOURS[at.hour] + MINUTES[at.minute] + (AM if at.hour < 12 else PM)


def day(when: date, today: date) -> str:
    """Today, Tomorrow, Yesterday, Tue 24 Nov; with the year where it is another one."""
    away = (when - today).days
    if -1 <= away <= 1:
        return ("Yesterday", "Today", "Tomorrow")[away + 1]
    year = "" if when.year == today.year else f" {when.year}"
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month]}{year}"


def midway(words: str) -> str:
    """The same inside a sentence: "today, 9:00 AM"; names of days keep their capitals."""
    return words[:1].lower() + words[1:] if words.startswith(("Today", "Tomorrow", "Yesterday")) else words


def full_day(when: date) -> str:
    """Tue 24 Nov 2026, whatever today is."""
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month]} {when.year}"


def spoken_day(when: date) -> str:
    """Tuesday 24 November 2026: as it is read out."""
    return f"{LONG_DAYS[when.weekday()]} {when.day} {LONG_MONTHS[when.month]} {when.year}"


def day_of_month(when: date) -> str:
    """24 November"""
    return f"{when.day} {LONG_MONTHS[when.month]}"


def month_name(when: date) -> str:
    """November 2026"""
    return f"{LONG_MONTHS[when.month]} {when.year}"


def moment(at: datetime, zone: str, now: datetime) -> str:
    """Today, 9:00 AM."""
    here = local(at, zone)
    return f"{day(here.date(), today_in(zone, now))}, {clock(here)}"


def moment_with_zone(at: datetime, zone: str, now: datetime) -> str:
    """Tue 24 Nov, 2:30 PM EST: for words that may be read elsewhere."""
    return f"{moment(at, zone, now)} {local(at, zone).tzname()}"


def since(at: datetime, zone: str, now: datetime) -> str:
    """When a message came, as short as a list wants it: 10:42 AM, Fri, 19 Nov, 12 Jan 2025."""
    here, today = local(at, zone), today_in(zone, now)
    if here.date() == today:
        return clock(here)
    if timedelta(0) < today - here.date() < timedelta(days=7):
        return DAYS[here.weekday()]
    return f"{here.day} {MONTHS[here.month]}" + ("" if here.year == today.year else f" {here.year}")


def span(starts: datetime, ends: datetime, zone: str, now: datetime) -> str:
    """Tomorrow, 9:00–10:30 AM; over several days: Sat 19 Dec, 3:00 PM – Mon 28 Dec, 11:00 AM."""
    begin, end, today = local(starts, zone), local(ends, zone), today_in(zone, now)
    if begin.date() != end.date():
        return f"{day(begin.date(), today)}, {clock(begin)} – {day(end.date(), today)}, {clock(end)}"
    return f"{day(begin.date(), today)}, {between(begin, end)}"


def hours(starts: datetime, ends: datetime, zone: str) -> str:
    """9:00–10:30 AM, on a day that is named elsewhere."""
    return between(local(starts, zone), local(ends, zone))


def between(begin: datetime, end: datetime) -> str:
    """The same of local times."""
    first = clock(begin)
    if (begin.hour < 12) == (end.hour < 12):
        first = first[:-3]
    return f"{first}{TO}{clock(end)}"


def machine(at: datetime, zone: str, now: datetime | None = None) -> str:
    """For <time datetime>: local time with its offset. Of today, where that is known, the hour says enough."""
    here = local(at, zone)
    if now and here.date() == today_in(zone, now):
        return f"{here.hour:02}:{here.minute:02}"
    return to_the_minute(here)


def to_the_minute(here: datetime) -> str:
    return here.isoformat(timespec="minutes")


@cache
def currency_shape(currency: str) -> tuple[str, int]:
    return get_currency_symbol(currency, locale="en_US"), get_currency_precision(currency)


def money(minor: int, currency: str) -> str:
    """$1,250.00, with a true minus sign before it where it is negative."""
    symbol, digits = currency_shape(currency)
    whole, part = divmod(abs(minor), 10**digits)
    fraction = f".{part:0{digits}}" if digits else ""
    return f"{'−' if minor < 0 else ''}{symbol}{whole:,}{fraction}"


def size(octets: int) -> str:
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} KB"
    return f"{octets / 1_000_000:.1f} MB"


def listed(names: list[str]) -> str:
    """Biscuit, Juno and Miso."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def grouped(count: int) -> str:
    """1,802"""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def carriers(count: int, of_pets: bool) -> str:
    """Nobody, 1 client, 12 pets"""
    return f"{count:,} {'pet' if of_pets else 'client'}{'s' if count > 1 else ''}" if count else "Nobody"


def lasting(time: timedelta) -> str:
    """35 min; 2 h 5 min; 3 days: as long as something is late."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes}\u00a0min"
    if minutes < 24 * 60:
        return f"{minutes // 60}\u00a0h {minutes % 60}\u00a0min" if minutes % 60 else f"{minutes // 60}\u00a0h"
    return counted(minutes // (24 * 60), "day")


@cache
def phone_words(number: str) -> str:
    """(212) 555-0148 for a North American number, international for others; as written if it is no number."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(parsed, form.NATIONAL if parsed.country_code == 1 else form.INTERNATIONAL)


def address_words(country: str) -> tuple[str, str]:
    """What people there call the last two lines of an address."""
    return ADDRESS_WORDS.get(country, ("Region", "Postcode"))


def address_lines(street: str, city: str, region: str, postcode: str) -> list[str]:
    """14 Birch Lane; Kingston, NY 12401: as much of it as there is."""
    town = ", ".join(filter(None, [city, " ".join(filter(None, [region, postcode]))]))
    return [line for line in (street, town) if line]


def account_number(number: str) -> str:
    """4071 882 365: as it is read out over the phone."""
    return f"{number[:4]} {number[4:7]} {number[7:]}"


def greeting(at: datetime, zone: str) -> str:
    hour = local(at, zone).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"
