"""What can be filled in about documents."""

from typing import IO

from flask import abort, request
from flask_wtf.file import FileRequired, MultipleFileField

from portal.inputs import LARGEST_ID, Input


class ShareDocuments(Input):
    files = MultipleFileField("Documents", [FileRequired("Choose at least one file.")])

    def sent(self) -> list[tuple[str, IO[bytes]]]:
        return [(file.filename, file.stream) for file in self.files.data]


def after() -> int | None:
    """The document after which a long list goes on; an address that holds something else belongs to nothing."""
    told = request.args.get("after")
    if told is None:
        return None
    if not (told.isascii() and told.isdecimal() and len(told) <= 10 and int(told) <= LARGEST_ID):
        abort(404)
    return int(told)
