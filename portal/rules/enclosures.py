"""What goes with a message: photos and PDF, all of what was chosen or nothing of it."""

from collections.abc import Callable
from datetime import datetime
from typing import IO

from portal.gateways.files import Unacceptable
from portal.gateways.files.names import plain
from portal.models import File
from portal.rules import files

MOST = 10
ONLY = "Photos and PDF can go with a message; share other files under Documents."


class NotTaken(Exception):
    """A reason for each file that is not taken."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(*reasons)
        self.reasons = reasons


def enclose(
    sent: list[tuple[str, IO[bytes]]], *, at: datetime, keep: Callable[..., File] | None = None, to: str = "message"
) -> list[File]:
    """Keep the files for a message. Where one is not taken none is needed, and what was kept is swept."""
    if len(sent) > MOST:
        raise NotTaken([f"At most {MOST} files go with one {to}, and these are {len(sent)}."])
    kept, reasons = [], []
    for name, stream in sent:
        try:
            kept.append((keep or photo_or_pdf)(stream, name, at=at))
        except Unacceptable as no:
            reasons.append(f"“{plain(name)}”: {no}")
    if reasons:
        raise NotTaken(reasons)
    return kept


def photo_or_pdf(stream: IO[bytes], name: str, *, at: datetime) -> File:
    file = files.keep(stream, name, at=at)
    if not file.type.startswith("image/") and file.type != "application/pdf":
        raise Unacceptable(ONLY)
    return file
