"""What Nina and Theo have been told: all of it is read but the latest, and Nina gets some of it by e-mail too."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal.db import db
from portal.demo.catalogue import Shop
from portal.models import Message, NoticeKind, Thread, Told
from portal.rules import inboxes, notice_choices, notice_lists

KNOWN = timedelta(hours=8)


def build(shop: Shop, at: datetime) -> None:
    nina, theo = shop.members["Nina Park"], shop.members["Theo Brandt"]
    long_ago = update(Told).where(Told.at < at - KNOWN).values(seen_at=at - KNOWN)
    db.session.execute(long_ago.execution_options(synchronize_session=False))
    waiting = select(Message.thread_id).where(inboxes.NOT_READ)
    for thread_id in db.session.scalars(select(Thread.id).where(Thread.id.not_in(waiting))).all():
        for member in (nina, theo):
            notice_lists.read_thread(thread_id, member.id, at=at - timedelta(hours=1))
    notice_choices.choose(nina.id, {NoticeKind.CANCELLATION: (True, True), NoticeKind.DATA_CHANGED: (True, False)})
