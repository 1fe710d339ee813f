"""A no to a file, in words for the person."""


class Unacceptable(Exception):
    """The message tells why the file is not taken, and what to choose instead."""
