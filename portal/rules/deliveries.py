"""Deliveries: the outbox, one row for each thing to be sent, and how it went."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Update, literal_column, or_, select, update

from portal.db import atomic, db, lock
from portal.models import Attachment, Author, Channel, Client, Delivery, DeliveryState, File, Message, NoticeKind
from portal.rules import addresses, notices
from portal.rules.business import the_business
from portal.rules.refused import Refused

# Longer than any attempt takes: after that whoever had claimed the row is gone.
LEASE = timedelta(minutes=2)
PAGE = 50
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=24),
)
MOST_TRIES = len(WAITS) + 1
WORDS = {Channel.EMAIL: "E-mail", Channel.SMS: "Text message"}


@dataclass(frozen=True, slots=True)
class Parcel:
    """All that is needed to send a delivery, so that nothing is held in the database meanwhile."""

    id: int
    client_id: int | None
    channel: Channel
    recipient: str
    subject: str
    text: str
    header_id: str
    tries: int
    leased_until: datetime | None
    thread_id: int | None
    automatic: bool
    files: list[str]
    business: str
    business_email: str


# Written out, so that the database sees the condition of the partial index in it.
QUEUED = Delivery.state == literal_column("'queued'")


@atomic
def claim(at: datetime, channels: Collection[Channel]) -> Parcel | None:
    """The next thing that is due, for this worker alone until the lease ends; a try counts from here on."""
    due = (
        select(Delivery.id)
        .where(QUEUED, Delivery.due_at <= at, Delivery.channel.in_(channels))
        .where(or_(Delivery.leased_until.is_(None), Delivery.leased_until < at))
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(Delivery)
        .where(Delivery.id == due.scalar_subquery())
        .values(leased_until=at + LEASE, tries=Delivery.tries + 1)
        .returning(Delivery)
        .execution_options(populate_existing=True)
    )
    delivery = db.session.scalars(claimed).first()
    return parcel(delivery) if delivery else None


def parcel(delivery: Delivery) -> Parcel:
    business = the_business()
    message = db.session.get(Message, delivery.message_id) if delivery.message_id else None
    names = select(File.name).join(Attachment, Attachment.file_id == File.id).order_by(Attachment.id)
    return Parcel(
        id=delivery.id,
        client_id=delivery.client_id,
        channel=delivery.channel,
        recipient=delivery.recipient,
        subject=delivery.subject,
        text=delivery.text,
        header_id=delivery.header_id,
        tries=delivery.tries,
        leased_until=delivery.leased_until,
        thread_id=message.thread_id if message else None,
        automatic=message is None or message.author == Author.AUTOMATIC,
        files=list(db.session.scalars(names.where(Attachment.message_id == message.id))) if message else [],
        business=business.name,
        business_email=business.email,
    )


@atomic
def sent(parcel: Parcel, *, at: datetime) -> None:
    end = {"state": DeliveryState.SENT, "sent_at": at, "leased_until": None, "last_error": ""}
    db.session.execute(update(Delivery).where(Delivery.id == parcel.id, QUEUED).values(end))


@atomic
def put_back(parcel: Parcel, reason: str) -> None:
    """Nothing goes this way at present: the delivery waits as if it had not been tried."""
    again = {"leased_until": None, "tries": parcel.tries - 1, "last_error": reason}
    db.session.execute(still(parcel).values(again))


@atomic
def failed(parcel: Parcel, reason: str, *, at: datetime, for_good: bool = False) -> bool:
    """Try again later, or give up and tell staff: the answer is whether it was given up."""
    over = for_good or parcel.tries >= MOST_TRIES
    end = {"leased_until": None, "last_error": reason}
    then = {"state": DeliveryState.FAILED} if over else {"due_at": at + WAITS[parcel.tries - 1]}
    ended = db.session.scalars(still(parcel).values(end | then).returning(Delivery.id)).first()
    if ended and over and parcel.client_id:
        text = f"{WORDS[parcel.channel]} to {parcel.recipient} could not be delivered: {reason}"
        notices.tell(NoticeKind.MESSAGE, text, client_id=parcel.client_id, thread_id=parcel.thread_id, at=at)
    return over


def still(parcel: Parcel) -> Update:
    """The row, unless somebody else has claimed it since."""
    return update(Delivery).where(Delivery.id == parcel.id, QUEUED, Delivery.leased_until == parcel.leased_until)


@atomic
def try_again(delivery: Delivery, *, at: datetime) -> None:
    """What was given up is sent once more, to the address that the client has by now."""
    lock(delivery)
    if delivery.state != DeliveryState.FAILED:
        raise Refused("This is on its way already. Reload the page to see how it went.")
    client = db.session.get(Client, delivery.client_id) if delivery.client_id else None
    if client:
        delivery.recipient = addresses.checked(client, delivery.channel, delivery.text)
    delivery.state, delivery.due_at = DeliveryState.QUEUED, at
    delivery.tries, delivery.last_error, delivery.leased_until = 0, "", None


def newest(*, before: int | None = None) -> list[Delivery]:
    """A page of the outbox, sent or not, the newest first; one more than fits tells that there is more."""
    page = select(Delivery).order_by(Delivery.id.desc()).limit(PAGE + 1)
    return list(db.session.scalars(page.where(Delivery.id < before) if before else page))


def find(delivery_id: int) -> Delivery | None:
    return db.session.get(Delivery, delivery_id)
