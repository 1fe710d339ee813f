"""The worker: sends what is due and clears away what is over. The rows are the truth; a killed worker loses nothing."""

import logging
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import NamedTuple

from flask import Flask, current_app

from portal import import_work, post
from portal.db import count_rows_anew, db, now
from portal.gateways import mail, sms
from portal.gateways.outcome import ChannelDown, Refuse, TryAgain
from portal.models import Channel
from portal.rules import (
    codes,
    deliveries,
    documents,
    files,
    free_places,
    notes,
    reminders,
    repetitions,
    sign_ins,
    throttles,
)
from portal.rules.deliveries import Parcel
from portal.rules.imports import runs
from portal.settings import settings

log = logging.getLogger("portal.worker")

NEVER = datetime.min.replace(tzinfo=UTC)
ROUND = timedelta(seconds=2)
# So long a way that was found closed is left alone, and a sweep that failed.
REST = timedelta(minutes=1)


@dataclass
class Memory:
    """What one worker knows between its rounds; all of it may be lost."""

    stopping: Event = field(default_factory=Event)
    next_at: dict[str, datetime] = field(default_factory=dict)
    closed_until: dict[Channel, datetime] = field(default_factory=dict)
    reasons: dict[Channel, str] = field(default_factory=dict)
    once: bool = False
    beside: Thread | None = None


class Sweep(NamedTuple):
    name: str
    every: timedelta
    run: Callable[[Memory], None]


def work(*, once: bool = False) -> None:
    """Until SIGTERM or SIGINT, which let it finish what it has in hand; with `once`, what is due now."""
    memory = Memory(once=once)
    if not once:
        for stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(stop, lambda *_: memory.stopping.set())
    while not memory.stopping.is_set():
        for sweep in SWEEPS:
            if memory.next_at.get(sweep.name, NEVER) <= now():
                attempt(sweep, memory)
        if once:
            return
        memory.stopping.wait(ROUND.total_seconds())
    if memory.beside:
        memory.beside.join()


def attempt(sweep: Sweep, memory: Memory) -> None:
    """One that fails hinders no other, and is tried again."""
    wait = sweep.every
    try:
        sweep.run(memory)
    except Exception:
        log.exception("the sweep “%s” failed and will be tried again", sweep.name)
        wait = min(wait, REST)
    finally:
        db.session.remove()
    memory.next_at[sweep.name] = now() + wait


def send_what_is_due(memory: Memory) -> None:
    while not memory.stopping.is_set():
        at = now()
        open_ways = [channel for channel in Channel if memory.closed_until.get(channel, NEVER) <= at]
        parcel = deliveries.claim(at, open_ways) if open_ways else None
        if parcel is None:
            return
        send(parcel, memory)


def send(parcel: Parcel, memory: Memory) -> None:
    try:
        hand_over(parcel)
    except TryAgain as no:
        fail(parcel, no.reason)
    except Refuse as no:
        fail(parcel, no.reason, for_good=True)
    except ChannelDown as no:
        deliveries.put_back(parcel, no.reason)
        close(parcel.channel, no.reason, memory)
    except Exception as error:
        # The error's own words may hold those of the letter, which belong in no log.
        log.error("delivery %s: %s", parcel.id, type(error).__name__)
        fail(parcel, "Something broke on our side.")
    else:
        deliveries.sent(parcel, at=now())
        memory.reasons.pop(parcel.channel, None)


def hand_over(parcel: Parcel) -> None:
    """To the other side; in development, where there is none, it stays readable in the mailbox."""
    if parcel.tries > deliveries.MOST_TRIES:
        raise Refuse("It broke off at every try.")
    chosen = settings()
    if parcel.channel == Channel.SMS and chosen.sms_url:
        sms.send(parcel.recipient, post.text_message(parcel), chosen.sms_url)
    elif parcel.channel == Channel.EMAIL and chosen.smtp_url:
        mail.send(post.letter(parcel), chosen.smtp_url)
    elif not chosen.development:
        raise ChannelDown(f"{SETTINGS[parcel.channel]} is not set.")


SETTINGS = {Channel.EMAIL: "PORTAL_SMTP_URL", Channel.SMS: "PORTAL_SMS_URL"}


def fail(parcel: Parcel, reason: str, *, for_good: bool = False) -> None:
    over = deliveries.failed(parcel, reason, at=now(), for_good=for_good)
    log.info("delivery %s %s", parcel.id, "failed for good" if over else f"will be tried again, try {parcel.tries}")


def close(channel: Channel, reason: str, memory: Memory) -> None:
    """Said once for each reason, however long it lasts."""
    memory.closed_until[channel] = now() + REST
    if memory.reasons.get(channel) != reason:
        log.error("%s waits in the outbox: %s", deliveries.WORDS[channel], reason)
    memory.reasons[channel] = reason


def bring_lists_in(memory: Memory) -> None:
    """Beside the letters, which do not wait for a long list."""
    if memory.once:
        while import_work.work_off():
            pass
    elif runs.some_wait(now()) and not (memory.beside and memory.beside.is_alive()):
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        db.session.commit()
        memory.beside = Thread(target=bring_in_beside, args=(app, memory))
        memory.beside.start()


def bring_in_beside(app: Flask, memory: Memory) -> None:
    with app.app_context():
        attempt(Sweep("a list of clients", ROUND, bring_one_in), memory)


def bring_one_in(memory: Memory) -> None:
    import_work.work_off(stopping=memory.stopping)


def count_anew(_: Memory) -> None:
    count_rows_anew()


def clear(what_is_over: Callable[[datetime], object]) -> Callable[[Memory], None]:
    def run(_: Memory) -> None:
        what_is_over(now())

    return run


SWEEPS = (
    Sweep("deliveries", ROUND, send_what_is_due),
    Sweep("reminders", timedelta(minutes=1), clear(reminders.send_due)),
    Sweep("places that became free", ROUND, clear(free_places.run_due)),
    Sweep("waiting for what is over", timedelta(minutes=1), clear(free_places.expire)),
    Sweep("classes that repeat", timedelta(hours=1), clear(repetitions.make_ahead)),
    Sweep("lists of clients", ROUND, bring_lists_in),
    Sweep("lists left alone", timedelta(hours=1), clear(runs.sweep)),
    Sweep("sign-ins", timedelta(hours=1), clear(sign_ins.sweep)),
    Sweep("codes", timedelta(hours=1), clear(codes.sweep)),
    Sweep("throttles", timedelta(hours=1), clear(throttles.sweep)),
    Sweep("removed documents", timedelta(hours=1), clear(documents.sweep)),
    Sweep("removed notes", timedelta(hours=1), clear(notes.sweep)),
    Sweep("files", timedelta(days=1), clear(files.sweep)),
    Sweep("how many rows there are", timedelta(days=1), count_anew),
)
