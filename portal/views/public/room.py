"""The open door: whoever comes may look in here, and finds nothing private."""

from flask import Blueprint

room = Blueprint("public", __name__)
