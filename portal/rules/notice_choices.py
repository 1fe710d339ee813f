"""Notice choices: of what a member of staff wants to hear, in the app and by e-mail."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import select

from portal.db import atomic, db
from portal.models import Member, NoticeChoice, NoticeKind
from portal.rules.notices import LABELS

# What there is to hear of; the rest comes when it can happen.
WHEN = {
    NoticeKind.DOCUMENT_SHARED: "A client puts a document into the portal.",
    NoticeKind.DATA_CHANGED: "A client changes the profile, a pet or a vaccine, or registers.",
    NoticeKind.BOOKING: "A client books, or moves a booking.",
    NoticeKind.REQUEST: "A client asks for something that you answer: a booking to confirm, words, a waitlist joined.",
    NoticeKind.CANCELLATION: "A booking is cancelled, a request withdrawn, or a waitlist left.",
    NoticeKind.MESSAGE: "A client writes, or something we sent could not be delivered.",
}


class Choice(NamedTuple):
    kind: NoticeKind
    label: str
    when: str
    in_app: bool
    by_email: bool


def choices(member_id: int) -> list[Choice]:
    """One for each kind; whoever has chosen nothing hears of all of them in the app."""
    rows = select(NoticeChoice.kind, NoticeChoice.in_app, NoticeChoice.by_email)
    chosen = {kind: ways for kind, *ways in db.session.execute(rows.where(NoticeChoice.member_id == member_id))}
    return [Choice(kind, LABELS[kind], when, *chosen.get(kind, (True, False))) for kind, when in WHEN.items()]


@atomic
def choose(member_id: int, ways: Mapping[NoticeKind, tuple[bool, bool]]) -> None:
    db.session.execute(select(Member.id).where(Member.id == member_id).with_for_update())
    for kind, (in_app, by_email) in ways.items():
        db.session.merge(NoticeChoice(member_id=member_id, kind=kind, in_app=in_app, by_email=by_email))
