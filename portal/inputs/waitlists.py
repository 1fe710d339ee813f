"""What is filled in to wait for a place."""

from flask import request

from portal.inputs import id_of


def chosen_pets() -> set[int]:
    """Who is to come."""
    return {id_of(told) for told in request.form.getlist("pet")}


def together() -> bool:
    """All of them, or none."""
    return bool(request.form.get("together"))
