"""A no."""


class Refused(Exception):
    """A rule said no, in words for the person who asked."""
