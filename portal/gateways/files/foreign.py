"""What is not taken, by name, so that a refusal can say what the file is and what to do instead."""

import re
from contextlib import suppress
from dataclasses import dataclass

import puremagic

CHOOSE = "Choose a PDF, a picture, a Word or Excel document, or a text or CSV file."
AS_PDF = "Save it as a PDF, and choose that."
INSIDE = "Choose the files inside it."


@dataclass(frozen=True, slots=True)
class Foreign:
    words: str
    many: str
    instead: str

    def refusal(self, claimed: str | None) -> str:
        """Claimed is what the name says it is, when that would have been taken."""
        if claimed:
            return f"This says it is {claimed}, but it is {self.words}. {self.instead}"
        return f"{self.many} are not accepted. {self.instead}"


ZIP = Foreign("a ZIP archive", "ZIP archives", INSIDE)
ARCHIVE = Foreign("an archive", "Archives", INSIDE)
PROGRAM = Foreign("a program", "Programs", CHOOSE)
PAGE = Foreign("a web page", "Web pages", AS_PDF)
DRAWING = Foreign("an SVG drawing", "SVG drawings", "Save it as a PDF or PNG, and choose that.")
XML = Foreign("an XML file", "XML files", AS_PDF)
VIDEO = Foreign("a video", "Videos", "Choose a photo instead.")
SOUND = Foreign("a sound recording", "Sound recordings", CHOOSE)
PICTURE = Foreign("a picture of another kind", "Pictures of this kind", "Save it as JPEG or PNG, and choose that.")
RTF = Foreign("an RTF document", "RTF documents", AS_PDF)
PRESENTATION = Foreign("a presentation", "Presentations", AS_PDF)
OPEN_DOCUMENT = Foreign("an OpenDocument file", "OpenDocument files", AS_PDF)
OTHER = Foreign("something else", "Files of this kind", CHOOSE)

ARCHIVES = {"zip": ZIP, "presentation": PRESENTATION, "opendocument": OPEN_DOCUMENT}
SIGNS = (
    (re.compile(r"executable|msdownload", re.IGNORECASE), PROGRAM),
    (re.compile(r"\bzip\b", re.IGNORECASE), ZIP),
    (re.compile(r"archive|compressed|x-tar|gzip|bzip", re.IGNORECASE), ARCHIVE),
    (re.compile(r"rtf", re.IGNORECASE), RTF),
    (re.compile(r"powerpoint|presentation", re.IGNORECASE), PRESENTATION),
    (re.compile(r"video/|quicktime"), VIDEO),
    (re.compile(r"audio/"), SOUND),
    (re.compile(r"image/"), PICTURE),
)


def by_head(head: bytes) -> Foreign:
    with suppress(puremagic.PureError, ValueError):
        for match in puremagic.magic_string(head):
            for sign, foreign in SIGNS:
                if sign.search(f"{match.name} {match.mime_type}"):
                    return foreign
    return OTHER


def by_markup(opening: str) -> Foreign:
    if "<svg" in opening:
        return DRAWING
    if opening.lstrip().startswith("<?xml") and "<html" not in opening:
        return XML
    return PAGE
