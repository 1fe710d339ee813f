"""Seals: what only this portal can have made, for keeping a secret's print instead of the secret."""

import hmac

from portal.settings import settings


def seal(purpose: str, words: str) -> str:
    return sealed_with(settings().secret_key, purpose, words)


def ever(purpose: str, words: str) -> list[str]:
    """The seal of today, and those that former keys made."""
    chosen = settings()
    return [sealed_with(key, purpose, words) for key in (chosen.secret_key, *chosen.former_secret_keys)]


def sealed_with(key: str, purpose: str, words: str) -> str:
    return hmac.new(key.encode(), f"{purpose}\0{words}".encode(), "sha256").hexdigest()
