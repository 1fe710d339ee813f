"""Subscriptions: which client holds which membership, from which day until which."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from portal import wording
from portal.db import atomic, db, lock
from portal.models import Client, Membership, Subscription
from portal.rules import history
from portal.rules.actors import Actor
from portal.rules.business import today
from portal.rules.refused import Misfit, stale


@dataclass(slots=True)
class Held:
    """A membership that a client holds, held or will hold, as the profile shows it."""

    id: int
    name: str
    first_day: date
    last_day: date | None
    by_name: str
    today: date

    @property
    def state(self) -> str:
        if self.first_day > self.today:
            return "Coming"
        return "Ended" if self.last_day and self.last_day < self.today else "Active"

    @property
    def endable(self) -> bool:
        return self.last_day is None or self.last_day > self.today

    @property
    def words(self) -> str:
        return days(self.first_day, self.last_day)


def days(first_day: date, last_day: date | None) -> str:
    """From Mon 23 Nov 2026 until Thu 31 Dec 2026"""
    until = f" until {wording.full_day(last_day)}" if last_day else ""
    return f"From {wording.full_day(first_day)}{until}"


def of_client(client_id: int, day: date) -> list[Held]:
    """What begins last stands first."""
    columns = Subscription.id, Membership.name, Subscription.first_day, Subscription.last_day, Subscription.by_name
    rows = select(*columns).join(Membership, Membership.id == Subscription.membership_id)
    mine = rows.where(Subscription.client_id == client_id)
    found = db.session.execute(mine.order_by(Subscription.first_day.desc(), Subscription.id.desc()).limit(100))
    return [Held(*row, day) for row in found]


@atomic
def give(
    client: Client, membership: Membership, *, first_day: date, last_day: date | None, by: Actor, at: datetime
) -> Subscription:
    """Both days included; without a last one until it is ended."""
    lock(client)
    if membership.retired_at:
        raise Misfit("membership_id", f"{membership.name} is retired. Choose another one.")
    if last_day and last_day < first_day:
        raise Misfit("last_day", "The last day lies before the first.")
    must_not_hold(client, membership, first_day, last_day)
    row = Subscription(
        client_id=client.id,
        membership_id=membership.id,
        first_day=first_day,
        last_day=last_day,
        at=at,
        **by.signed,
    )
    db.session.add(row)
    db.session.flush()
    new = f"{membership.name}. {days(first_day, last_day)}"
    history.note(client.id, "Membership", "", new, subject="Profile", by=by, at=at)
    return row


def must_not_hold(client: Client, membership: Membership, first_day: date, last_day: date | None) -> None:
    same = Subscription.client_id == client.id, Subscription.membership_id == membership.id
    meets = select(Subscription).where(*same, or_(Subscription.last_day.is_(None), Subscription.last_day >= first_day))
    other = db.session.scalar(meets.where(Subscription.first_day <= last_day).limit(1) if last_day else meets.limit(1))
    if other:
        words = days(other.first_day, other.last_day).replace("From", "from", 1)
        raise Misfit("first_day", f"{client.first_name} holds {membership.name} already, {words}.")


@atomic
def end(subscription: Subscription, *, by: Actor, at: datetime) -> None:
    """Today is its last day. One that has not begun is taken away."""
    lock(subscription)
    day, name = today(at), subscription.membership.name
    if subscription.last_day and subscription.last_day <= day:
        raise stale(f"{name} has ended already.")
    old = f"{name}. {days(subscription.first_day, subscription.last_day)}"
    new = ""
    if subscription.first_day > day:
        db.session.delete(subscription)
    else:
        subscription.last_day = day
        new = f"{name}. {days(subscription.first_day, day)}"
    history.note(subscription.client_id, "Membership", old, new, subject="Profile", by=by, at=at)
