"""The three ways in which the world outside does not take a message, in words for the front desk."""

import unicodedata


class NotSent(Exception):
    """The reason is one short sentence that staff can read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TryAgain(NotSent):
    """It may go through later: the other side is busy, silent or away."""


class Refuse(NotSent):
    """This message is refused for good; with bad_address, so will be every other one to the same address."""

    def __init__(self, reason: str, *, bad_address: bool = False) -> None:
        super().__init__(reason)
        self.bad_address = bad_address


class ChannelDown(NotSent):
    """Nothing goes through, for anybody, until the settings are mended."""


def quoted(answer: bytes | str, limit: int = 160) -> str:
    """What the other side said, as one short printable line without its full stop."""
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    line = one_line(text).rstrip(".")
    return line if len(line) <= limit else line[: limit - 1] + "…"


def one_line(text: str) -> str:
    """Control characters and line ends become spaces, runs of spaces one."""
    return " ".join("".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).split())
