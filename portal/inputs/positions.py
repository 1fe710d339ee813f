"""Lists that the business puts in an order of its own: two arrows at each line."""

from flask import request


def upwards() -> bool:
    """Which of the two was pressed."""
    return request.form.get("to") == "up"
