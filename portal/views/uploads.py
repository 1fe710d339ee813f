"""Files that came with a form: looked at and kept, or refused beside their field."""

from datetime import datetime
from typing import IO, Any, Protocol

from flask_wtf.file import FileField

from portal.gateways.files import Unacceptable
from portal.models import File
from portal.rules import enclosures


class Keep(Protocol):
    def __call__(self, stream: IO[bytes], name: str, *, at: datetime) -> File: ...


def taken(field: FileField, keep: Keep, *, at: datetime) -> bool:
    """The field holds the stored file afterwards, or nothing; the answer is no when it was refused."""
    upload, field.data = field.data, None
    try:
        if upload:
            field.data = keep(upload.stream, upload.filename or "", at=at)
    except Unacceptable as no:
        field.errors = [str(no)]
    return not field.errors


def enclosed(form: Any, *, at: datetime, **more: Any) -> list[File]:
    """The files that a well-formed form encloses, kept; where one is not taken none is, and the form has an error."""
    try:
        return enclosures.enclose(form.sent(), at=at, **more)
    except enclosures.NotTaken as no:
        form.attachments.errors = no.reasons
        return []
