"""What staff write down."""

from collections.abc import Iterable
from typing import IO

from flask_wtf.file import MultipleFileField
from wtforms import Field, SelectField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import Input, many_lines, required

EVERYBODY = SelectChoice(0, "The family")


class AboutPet(Input):
    pet = SelectField("About", coerce=int, choices=[EVERYBODY], default=0)

    def offer(self, pets: Iterable[tuple[int, str]]) -> None:
        self.pet.choices = [EVERYBODY, *(SelectChoice(*pet) for pet in pets)]


class NoteInput(AboutPet):
    text = many_lines("Note", 5_000)
    attachments = MultipleFileField("Files")

    def validate_text(self, field: Field) -> None:
        if not field.data and not self.attachments.data:
            raise ValidationError("Write something, or attach a file.")

    def sent(self) -> list[tuple[str, IO[bytes]]]:
        return [(file.filename, file.stream) for file in self.attachments.data or []]


class NoteText(AboutPet):
    """A note as it is to be from now on; its files stay."""

    text = many_lines("Note", 5_000, required("Write something, or remove the note."))
