"""Throttles: how often something may be tried. Counted in rows, so that all processes and restarts count together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from sqlalchemy import bindparam, delete, select, text, update

from portal.db import Instant, atomic, db
from portal.models import Throttle
from portal.rules.refused import Refused
from portal.rules.seals import seal
from portal.wording import counted

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    most: int
    per: timedelta
    words: str = "Too many tries. Please wait {wait}, then try once more."


WRONG_PASSWORDS = Limit("wrong passwords of one account", 10, 15 * MINUTE)
WRONG_PASSWORDS_HERE = Limit("wrong passwords from one place", 50, 15 * MINUTE)
LOOK_UPS = Limit("look-ups from one place", 5, 15 * MINUTE)
LOOK_UPS_A_DAY = Limit("look-ups from one place in a day", 20, DAY)
LINKS = Limit("links to one address", 5, 15 * MINUTE)
NOBODY_FOUND = Limit("look-ups that found nobody, of all", 50, HOUR)
CODE_AGAIN = Limit("code after code", 1, timedelta(seconds=30), "You can ask for another code in {wait}.")
CODES = Limit("codes to one client", 3, 15 * MINUTE)
CODES_A_DAY = Limit("codes to one client in a day", 10, DAY)
CODES_HERE = Limit("codes asked for from one place", 10, 15 * MINUTE)
TEXTS_A_DAY = Limit("codes by text of all in a day", 300, DAY)
REGISTRATIONS = Limit("registrations from one place", 20, HOUR)
REMINDERS = Limit("mails to somebody who registers again", 1, HOUR)
REPORTS = Limit("browsers' reports from one place", 20, HOUR)
EVERYBODY = "everybody"

Try = tuple[Limit, str]

# The count begins anew when its time is over, and when it began so far in the future that a clock must have been wrong.
COUNT = (
    text(
        """
        INSERT INTO throttle (key, began_at, count) VALUES (:key, :at, 1)
        ON CONFLICT (key) DO UPDATE SET
            count = CASE WHEN throttle.began_at > :since AND throttle.began_at < :until
                THEN throttle.count + 1 ELSE 1 END,
            began_at = CASE WHEN throttle.began_at > :since AND throttle.began_at < :until
                THEN throttle.began_at ELSE :at END
        RETURNING count, began_at
        """
    )
    .bindparams(*(bindparam(name, type_=Instant()) for name in ("at", "since", "until")))
    .columns(count=Throttle.count.type, began_at=Instant())
)


class TooMany(Refused):
    """A no that ends by itself, after `wait`."""

    def __init__(self, limit: Limit, wait: timedelta) -> None:
        super().__init__(limit.words.format(wait=in_words(wait)))
        self.wait = wait


def in_words(wait: timedelta) -> str:
    seconds = seconds_of(wait)
    if seconds <= 90:
        return counted(seconds, "second")
    if seconds <= 5400:
        return counted(-(-seconds // 60), "minute")
    return counted(-(-seconds // 3600), "hour")


def seconds_of(wait: timedelta) -> int:
    """Rounded up: whoever waits as long as they were told gets in."""
    return max(1, -(-wait // timedelta(seconds=1)))


@atomic
def take(*tries: Try, at: datetime) -> None:
    """Count a try against each limit. One that is too many is refused, and then it counts for none of them."""
    for limit, whose in tries:
        count, began_at = add(limit, whose, at)
        if count > limit.most:
            raise TooMany(limit, began_at + limit.per - at)


@atomic
def count(limit: Limit, whose: str, *, at: datetime) -> int:
    """For limits that refuse nobody: how many there have been, this one included."""
    return add(limit, whose, at)[0]


def add(limit: Limit, whose: str, at: datetime) -> tuple[int, datetime]:
    names = {"key": key(limit, whose), "at": at, "since": at - limit.per, "until": at + limit.per}
    counted, began_at = db.session.execute(COUNT, names).one()
    return counted, began_at


@atomic
def give_back(*tries: Try) -> None:
    """It was no failure after all."""
    keys = [key(limit, whose) for limit, whose in tries]
    fewer = update(Throttle).where(Throttle.key.in_(keys), Throttle.count > 0).values(count=Throttle.count - 1)
    db.session.execute(fewer, execution_options={"synchronize_session": False})


def over(limit: Limit, whose: str, *, at: datetime) -> bool:
    """Whether there have been too many just now; asking is not counted."""
    now = select(Throttle.count).where(Throttle.key == key(limit, whose), Throttle.began_at > at - limit.per)
    return (db.session.scalar(now) or 0) > limit.most


def key(limit: Limit, whose: str) -> str:
    """Neither addresses nor origins can be read out of the table."""
    return seal(limit.name, whose)


def place(origin: str) -> str:
    """Where somebody comes from: an IPv4 address, or the 64 bits of an IPv6 one that belong to one household."""
    try:
        address = ip_address(origin)
    except ValueError:
        return origin
    if not isinstance(address, IPv6Address):
        return str(address)
    return str(address.ipv4_mapped or IPv6Network((int(address) >> 64 << 64, 64)))


@atomic
def sweep(at: datetime) -> None:
    """No limit counts for longer than a day."""
    db.session.execute(delete(Throttle).where(Throttle.began_at < at - DAY))
