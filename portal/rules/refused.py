"""A no."""


class Refused(Exception):
    """A rule said no, in words for the person who asked."""


def stale(words: str) -> Refused:
    """Somebody was faster, so that what the page shows is no longer so."""
    return Refused(f"{words} Reload the page to see how it is now.")
