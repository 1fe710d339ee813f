"""Notices: what staff are to be told, written with the change, shown and mailed afterwards."""

from datetime import datetime

from portal.db import db
from portal.models import Notice, NoticeKind


def tell(
    kind: NoticeKind,
    text: str,
    *,
    client_id: int,
    at: datetime,
    booking_id: int | None = None,
    pet_id: int | None = None,
    document_id: int | None = None,
    thread_id: int | None = None,
) -> None:
    db.session.add(
        Notice(
            kind=kind,
            text=text,
            client_id=client_id,
            at=at,
            booking_id=booking_id,
            pet_id=pet_id,
            document_id=document_id,
            thread_id=thread_id,
        )
    )
