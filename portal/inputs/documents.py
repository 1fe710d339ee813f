"""What can be filled in about documents."""

from collections.abc import Iterable
from typing import IO

from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import OFF, Input, many_lines, one_line, required
from portal.inputs.inbox import ByWay
from portal.inputs.messages import new_key, whole


class ShareDocuments(Input):
    files = MultipleFileField("Documents", [FileRequired("Choose at least one file.")])

    def sent(self) -> list[tuple[str, IO[bytes]]]:
        return [(file.filename, file.stream) for file in self.files.data]


class AddDocuments(ShareDocuments):
    """Staff put files on a profile: for each other, or for the client too."""

    visible = RadioField(
        "Who sees them", choices=[SelectChoice("no", "Only staff"), SelectChoice("yes", "The client too")], default="no"
    )


class DocumentName(Input):
    """Without its ending, which stays what the file is."""

    name = one_line("Name", 100, required("Type a name."), render_kw=OFF)


class SendDocuments(ByWay):
    """Out of the business’s storage, with a message."""

    documents = SelectMultipleField("Documents", coerce=int)
    portal_link = BooleanField("The link to the portal")
    text = many_lines("Message", 5_000)
    key = HiddenField(default=new_key, filters=[whole])

    def offer(self, documents: Iterable[int]) -> None:
        self.documents.choices = [SelectChoice(id, str(id)) for id in documents]

    def validate_documents(self, field: SelectMultipleField) -> None:
        if not field.data and not self.portal_link.data:
            raise ValidationError("Choose a document, or the link to the portal.")
