"""What Rosa and the front desk have written to each other."""

from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import select, update

from portal.db import db
from portal.demo.catalogue import Shop
from portal.demo.family import Rosa
from portal.demo.made import pdf
from portal.models import Booking, Channel, Delivery, DeliveryState, Message, Thread
from portal.rules import files, messages, threads
from portal.rules.actors import as_client, as_member


def build(shop: Shop, rosa: Rosa, made: dict[str, Booking], at: datetime) -> None:
    """Threads of both kinds; three of them wait to be read."""
    client, by, nina = rosa.client, as_client(rosa.client), as_member(shop.members["Nina Park"])
    read_so_far(client.id, at)

    welcome = messages.begin(
        client,
        "Welcome to Maple & Paw",
        "Everything you need to know before the first visit. Bring a blanket that smells of home.",
        channel=Channel.EMAIL,
        by=nina,
        at=at - timedelta(days=679),
    )
    threads.see(welcome.thread, at=at - timedelta(days=678))

    stay = messages.begin(
        client,
        "Biscuit’s stay over the holidays",
        "We have Biscuit, Juno and Miso down for the holidays. Any wishes?",
        channel=Channel.SMS,
        booking_id=made["boarding"].id,
        by=nina,
        at=at - timedelta(days=1, hours=3),
    ).thread
    threads.see(stay, at=at - timedelta(days=1, hours=2))
    messages.reply(
        stay,
        "Hi! Could Biscuit and Juno share a room? They sleep much better together.",
        by=by,
        at=at - timedelta(days=1),
    )
    messages.answer(
        stay,
        "Of course, both of them can share a suite. I have put a note on the booking.\n\n"
        "Could you send us Juno’s feeding plan again? The last one is from spring.",
        by=nina,
        at=at - timedelta(hours=4),
    )
    threads.see(stay, at=at - timedelta(hours=3, minutes=50))
    plan = files.keep(BytesIO(pdf("Juno, feeding plan", "One cup, soaked.")), "Juno feeding plan.pdf", at=at)
    messages.reply(
        stay, "Here you go. She is on the smaller portions now.", files=[plan], by=by, at=at - timedelta(hours=3)
    )
    messages.answer(
        stay, "Perfect, thank you. They have Suite 4, on the window side.", by=nina, at=at - timedelta(hours=2)
    )

    medicine = messages.start(
        client,
        "Medication while Miso stays with you",
        "Half a tablet with the evening meal, she takes it in tuna.",
        by=by,
        at=at - timedelta(days=20),
    ).thread
    messages.answer(medicine, "Noted, with the tuna. Thank you!", by=nina, at=at - timedelta(days=19))
    threads.see(medicine, at=at - timedelta(days=19))

    messages.tell_client(
        client,
        "See you tomorrow, Biscuit!",
        "A reminder that Biscuit is expected at Maple Street at 9:00\u00a0AM.",
        booking_id=made["groom"].id,
        at=at - timedelta(hours=1),
    )
    messages.tell_client(
        client,
        "Holiday hours",
        "We close early on the holidays. The new hours are among your documents.",
        at=at - timedelta(days=2),
    )
    send_what_was_due(at)


def read_so_far(client_id: int, at: datetime) -> None:
    for thread in db.session.scalars(select(Thread).where(Thread.client_id == client_id)):
        threads.see(thread, at=at)


def send_what_was_due(at: datetime) -> None:
    """The letters of the past went out long ago; nobody gets them again from a demo."""
    db.session.flush()
    done = {"state": DeliveryState.SENT, "sent_at": Delivery.due_at, "tries": 1}
    db.session.execute(update(Delivery).where(Delivery.due_at <= at - timedelta(minutes=1)).values(done))
    db.session.execute(update(Message).where(Message.seen_at > at).values(seen_at=at))
    db.session.expire_all()
