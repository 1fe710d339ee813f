"""A crowd that acts at the same moment, half of it in a process of its own: python -m tests.house.crowd ADDRESS FOLDER

Each act is a row of words and ids. The other process reads them, says "ready", and goes when it is told to.
"""

import json
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from flask import Flask

from portal.db import db
from portal.models import Booking, Client, Location, Offer, Provider, Service, ServiceSession
from portal.rules import bookings, moves, offers, requests
from portal.rules.actors import Actor, as_client
from portal.rules.places import Taken
from portal.rules.refused import Refused

Act = dict[str, Any]
STAFF = Actor("member", None, "Nina Park")


def act(told: Act, at: datetime) -> None:
    verb, place = told["verb"], where(told)
    if verb == "book":
        client = db.session.get_one(Client, told["client"])
        service, location = (db.session.get_one(of, told[of.__tablename__]) for of in (Service, Location))
        bookings.book(client, service, client.pets, location=location, by=as_client(client), at=at, **place)
    elif verb in ("reschedule", "staff move"):
        booking = db.session.get_one(Booking, told["booking"])
        by = as_client(booking.client) if verb == "reschedule" else STAFF
        moves.move(booking, by=by, at=at, **place)
    elif verb == "approve":
        requests.confirm_request(db.session.get_one(Booking, told["booking"]), by=STAFF, at=at)
    else:
        offer = db.session.get_one(Offer, told["offer"])
        offers.accept(offer, by=as_client(db.session.get_one(Client, offer.client_id)), at=at)


def where(told: Act) -> dict[str, Any]:
    """Session, provider and times, as verbs take them."""
    place: dict[str, Any] = {
        name: datetime.fromisoformat(told[name]) for name in ("starts_at", "ends_at") if name in told
    }
    if "session" in told:
        place["session"] = db.session.get_one(ServiceSession, told["session"])
    if "provider" in told:
        place["providers"] = [db.session.get_one(Provider, told["provider"])]
    return place


def heard(told: Act) -> str:
    """What came of it: done, taken with or without a waitlist to join, or what should not happen."""
    try:
        act(told, datetime.now(UTC))
    except Taken as no:
        told_all = "just taken" in str(no) and "Join the waitlist" in str(no) and no.waitlist
        return "waitlist" if told_all else f"not told: {no}"
    except Refused as no:
        return f"refused: {no}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]} {traceback.format_exc(limit=-1)}"
    return told["verb"]


def start(app: Flask, acts: Sequence[Act], got: Counter[str]) -> tuple[Barrier, list[Thread]]:
    """Everybody stands behind the barrier, and so does whoever lets them go."""
    barrier = Barrier(len(acts) + 1)

    def run(told: Act) -> None:
        with app.app_context():
            barrier.wait()
            try:
                got[heard(told)] += 1
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(told,)) for told in acts]
    for thread in threads:
        thread.start()
    return barrier, threads


def rush(app: Flask, acts: Sequence[Act], folder: Path | None = None) -> Counter[str]:
    """All of it at once: with a folder the second half in another process."""
    db.session.commit()
    got = Counter[str]()
    half = len(acts) // 2 if folder else len(acts)
    with elsewhere(acts[half:], folder) as let_go:
        barrier, threads = start(app, acts[:half], got)
        told = let_go()
        barrier.wait()
        for thread in threads:
            thread.join(timeout=120)
        got.update(told())
    db.session.expire_all()
    return got


@contextmanager
def elsewhere(acts: Sequence[Act], folder: Path | None) -> Iterator[Callable[[], Callable[[], Counter[str]]]]:
    """Another process that stands ready. Letting it go gives a question: what did they hear?"""
    if folder is None:
        yield lambda: Counter
        return
    url = db.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.house.crowd", url, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as other:
        assert other.stdin
        assert other.stdout
        other.stdin.write(json.dumps(acts) + "\n")
        assert other.stdout.readline() == "ready\n"
        lines = other.stdout

        def let_go() -> Callable[[], Counter[str]]:
            assert other.stdin
            other.stdin.write("go\n")
            return lambda: Counter(json.loads(lines.readline()))

        yield let_go


def main() -> None:
    from tests.conftest import make_app

    url, folder = sys.argv[1:]
    app, acts, got = make_app(Path(folder), url), json.loads(sys.stdin.readline()), Counter[str]()
    barrier, threads = start(app, acts, got)
    print("ready", flush=True)
    sys.stdin.readline()
    barrier.wait()
    for thread in threads:
        thread.join(timeout=120)
    print(json.dumps(got), flush=True)


if __name__ == "__main__":
    main()
