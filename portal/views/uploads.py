"""Files that came with a form: looked at and kept, or refused beside their field."""

from datetime import datetime
from typing import IO, Any, Protocol

from flask_wtf.file import FileField

from portal.gateways.files import Unacceptable
from portal.models import File
from portal.rules import allowances, enclosures
from portal.rules.throttles import TooMany


class Keep(Protocol):
    def __call__(self, stream: IO[bytes], name: str, *, at: datetime) -> File: ...


def taken(field: FileField, keep: Keep, *, sent_by: int | None = None, at: datetime) -> bool:
    """The field holds the stored file afterwards, or nothing; the answer is no when it was refused.

    What a client sends is counted, so that they are told to wait before they have filled the disk.
    """
    upload, field.data = field.data, None
    try:
        if upload and sent_by:
            allowances.take_file(sent_by, at=at)
        if upload:
            field.data = keep(upload.stream, upload.filename or "", at=at)
    except (Unacceptable, TooMany) as no:
        field.errors = [str(no)]
    return not field.errors


def enclosed(form: Any, *, at: datetime, **more: Any) -> list[File]:
    """The files that a well-formed form encloses, kept; where one is not taken none is, and the form has an error."""
    try:
        return enclosures.enclose(form.sent(), at=at, **more)
    except enclosures.NotTaken as no:
        form.attachments.errors = no.reasons
        return []
