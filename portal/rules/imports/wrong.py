"""A cell that cannot be taken as it is."""


class Wrong(Exception):
    """The message says why, and what to do where that is not plain. Without `stops` the cell is merely left out."""

    def __init__(self, words: str, *, stops: bool = True) -> None:
        super().__init__(words)
        self.stops = stops
