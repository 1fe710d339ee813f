"""Letters and their marks put together (NFC), so that what looks alike is alike."""

import unicodedata

MOST_MARKS = 30


def composed(text: str) -> str:
    """A run of marks takes time with its square; one longer than any language writes (UAX #15) stays as it is."""
    if text.isascii():
        return text
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks > MOST_MARKS:
            return text
    return unicodedata.normalize("NFC", text)
