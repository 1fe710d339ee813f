"""What can be filled in about messages."""

import re
from typing import IO, Any
from uuid import uuid4

from flask_wtf.file import MultipleFileField
from wtforms import Field, HiddenField, ValidationError

from portal.inputs import Input, many_lines, one_line, required

KEY = re.compile(r"[0-9a-f]{32}", re.ASCII)


def new_key() -> str:
    return uuid4().hex


def whole(key: Any) -> str:
    """A key that is not one of ours is as good as none."""
    return key if isinstance(key, str) and KEY.fullmatch(key) else new_key()


class Subject(Input):
    subject = one_line("Subject", 120, required("Say in a few words what it is about."))


class Reply(Input):
    """The key names this form, however often it is sent."""

    text = many_lines("Message", 10_000)
    attachments = MultipleFileField("Photos or PDF")
    key = HiddenField(default=new_key, filters=[whole])

    def validate_text(self, field: Field) -> None:
        if not field.data and not self.attachments.data:
            raise ValidationError("Write something, or attach a photo or a PDF.")

    def sent(self) -> list[tuple[str, IO[bytes]]]:
        return [(file.filename, file.stream) for file in self.attachments.data or []]


class NewMessage(Subject, Reply):
    pass
