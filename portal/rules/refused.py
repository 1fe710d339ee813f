"""A no."""


class Refused(Exception):
    """A rule said no, in words for the person who asked."""


class Misfit(Refused):
    """It is about one thing that was typed: `field` is its name in the form."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


def stale(words: str) -> Refused:
    """Somebody was faster, so that what the page shows is no longer so."""
    return Refused(f"{words} Reload the page to see how it is now.")
