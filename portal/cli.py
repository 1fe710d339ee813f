"""Commands: flask demo, flask worker."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Commands are added here as they come."""
