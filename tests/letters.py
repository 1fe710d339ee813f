"""What is in the outbox, and what people do with it."""

import re
from urllib.parse import urlsplit

from portal.db import db
from portal.models import Delivery


def to(recipient: str) -> list[Delivery]:
    """Newest last."""
    return db.session.query(Delivery).filter_by(recipient=recipient).order_by(Delivery.id).all()


def link(delivery: Delivery) -> str:
    """The path of the link that sets a password."""
    address = re.search(r"http\S+/password/\S+", delivery.text)
    assert address, delivery.text
    return urlsplit(address[0]).path


def code(delivery: Delivery) -> str:
    digits = re.search(r"\b\d{6}\b", delivery.text)
    assert digits, delivery.text
    return digits[0]
