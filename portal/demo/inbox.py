"""What the front desk finds in its inbox: questions that wait, answers, and a letter that did not arrive."""

from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select

from portal.db import db
from portal.demo import letters
from portal.demo.catalogue import Shop
from portal.demo.made import portrait
from portal.models import Channel, Client, Delivery, DeliveryState, Thread
from portal.rules import files, inboxes, messages
from portal.rules.actors import Actor, as_client, as_member

NO_SUCH_ADDRESS = "was refused: 550 5.1.1 No such user here."


def build(shop: Shop, at: datetime) -> None:
    """Some wait to be read, some are taken care of, one could not be delivered."""
    nina, theo = shop.members["Nina Park"], shop.members["Theo Brandt"]
    for thread in db.session.scalars(select(Thread)):
        inboxes.read(thread, at=at - timedelta(hours=2))
    asks("Dana", "Moose’s medication", "Half a tablet at noon, please. It is in the blue box.", at, minutes=9)
    bear = asks("Jim", "Bear’s rabies certificate", "The vet sends it tomorrow. Is that early enough?", at, minutes=48)
    tofu = asks("Lena", "A brush for Tofu", "Which brush was it that you used last week?", at, minutes=95)
    photo = files.keep(BytesIO(portrait("#a4583a", "#7f4229", "#d9e4ef")), "Ruby today.jpg", at=at)
    ruby = asks("Sam", "How is Ruby doing?", "Is she eating?", at, minutes=190)
    for thread, member in ((tofu, theo), (bear, nina)):
        inboxes.assign(thread, member.id)
    for thread in (tofu, ruby):
        inboxes.read(thread, at=at - timedelta(minutes=80))
    messages.answer(tofu, "The soft one with the cork handle.", by=as_member(theo), at=at - timedelta(minutes=70))
    messages.answer(
        ruby, "All of it, and then she slept.", files=[photo], by=as_member(nina), at=at - timedelta(minutes=75)
    )
    late = messages.begin(
        client("Will"),
        "Otis and Scout",
        "Both of them are ready whenever you are.",
        channel=Channel.SMS,
        by=as_member(theo),
        at=at - timedelta(hours=20),
    ).thread
    messages.reply(late, "On my way!", by=as_client(client("Will")), at=at - timedelta(hours=19, minutes=50))
    inboxes.read(late, at=at - timedelta(hours=19, minutes=45))
    letters.send_what_was_due(at)
    lose_a_letter(as_member(nina), at)


def client(first_name: str) -> Client:
    return db.session.scalars(select(Client).where(Client.first_name == first_name)).one()


def asks(first_name: str, subject: str, text: str, at: datetime, *, minutes: int) -> Thread:
    who = client(first_name)
    return messages.start(who, subject, text, by=as_client(who), at=at - timedelta(minutes=minutes)).thread


def lose_a_letter(by: Actor, at: datetime) -> None:
    lost = messages.begin(
        client("Carla"),
        "Freya’s bath",
        "We have an hour free tomorrow at ten. Shall we keep it for Freya?",
        channel=Channel.EMAIL,
        by=by,
        at=at - timedelta(hours=3),
    )
    delivery = db.session.scalars(select(Delivery).where(Delivery.message_id == lost.id)).one()
    delivery.state, delivery.tries, delivery.last_error = (
        DeliveryState.FAILED,
        1,
        f"{delivery.recipient} {NO_SUCH_ADDRESS}",
    )
