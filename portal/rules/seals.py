"""Seals: what only this portal can have made, for keeping a secret's print instead of the secret."""

import hmac

from portal.settings import settings


def seal(purpose: str, words: str) -> str:
    return hmac.new(settings().secret_key.encode(), f"{purpose}\0{words}".encode(), "sha256").hexdigest()
