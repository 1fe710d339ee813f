"""Notices: what staff are to be told, written with the change, for each of them in the way they chose."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import and_, bindparam, false, func, select, true

from portal.db import AnySelect, db
from portal.links import public
from portal.models import Channel, Delivery, Member, Notice, NoticeChoice, NoticeKind, Told
from portal.rules import allowances
from portal.rules.actors import Actor

LABELS = {
    NoticeKind.DOCUMENT_SHARED: "Client Shared Document",
    NoticeKind.DATA_CHANGED: "Client Data Changed",
    NoticeKind.BOOKING: "New Booking",
    NoticeKind.CANCELLATION: "Cancellation",
    NoticeKind.REQUEST: "Request",
    NoticeKind.MESSAGE: "Message",
    NoticeKind.SECURITY: "Security",
}
LONGEST_SUBJECT, LONGEST_GLANCE = 120, 80

IN_APP = func.coalesce(NoticeChoice.in_app, true()).label("in_app")
BY_EMAIL = func.coalesce(NoticeChoice.by_email, false()).label("by_email")
CHOICE = and_(NoticeChoice.member_id == Member.id, NoticeChoice.kind == bindparam("kind", type_=NoticeChoice.kind.type))
STAFF: AnySelect = (
    select(Member.id, Member.email, IN_APP, BY_EMAIL)
    .outerjoin(NoticeChoice, CHOICE)
    .where(Member.deactivated_at.is_(None))
)


def glance(words: str) -> str:
    """As much of what they wrote as a notice has room for, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_GLANCE else f"{line[: LONGEST_GLANCE - 1]}…"


def tell(
    kind: NoticeKind,
    text: str,
    *,
    client_id: int,
    at: datetime,
    by: Actor | None = None,
    mailed_at: datetime | None = None,
    booking_id: int | None = None,
    pet_id: int | None = None,
    document_id: int | None = None,
    thread_id: int | None = None,
) -> None:
    """Whoever of the staff did it knows it already. `mailed_at` leaves time to take it back."""
    notice = Notice(
        kind=kind,
        text=text,
        client_id=client_id,
        at=at,
        booking_id=booking_id,
        pet_id=pet_id,
        document_id=document_id,
        thread_id=thread_id,
    )
    db.session.add(notice)
    db.session.flush()
    doer = by.id if by and by.kind == "member" else None
    hearers = [row for row in db.session.execute(STAFF, {"kind": kind}) if row.id != doer]
    mailed = any(row.by_email for row in hearers) and allowances.may_mail_staff(client_id, at=at)
    for member_id, email, in_app, by_email in hearers:
        if in_app:
            db.session.add(Told(notice_id=notice.id, member_id=member_id, at=at))
        if by_email and mailed:
            db.session.add(letter(notice, email, at, mailed_at or at))


def letter(notice: Notice, email: str, at: datetime, due_at: datetime) -> Delivery:
    """Of no client's, so that a letter to staff that does not arrive tells no client's story."""
    subject = f"{LABELS[notice.kind]}: {notice.text}"
    text = "\n\n".join(
        (
            notice.text,
            f"Open it at the desk: {public(f'/desk/notices/{notice.id}')}",
            f"You chose to get this by e-mail. Change that here: {public('/desk/settings/notifications')}",
        )
    )
    return Delivery(
        notice_id=notice.id,
        channel=Channel.EMAIL,
        recipient=email,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=text,
        header_id=uuid4().hex,
        due_at=due_at,
        created_at=at,
    )
