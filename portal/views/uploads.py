"""A file that came with a form: looked at and kept, or refused beside its field."""

from datetime import datetime
from typing import IO, Protocol

from flask_wtf.file import FileField

from portal.gateways.files import Unacceptable
from portal.models import File


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
