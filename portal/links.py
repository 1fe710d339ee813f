"""Addresses: which ones stay in the house, and the public ones that leave it."""

from urllib.parse import urlsplit

from portal.settings import settings


def own_path(address: str, otherwise: str) -> str:
    """The path of an address of ours, with its query; anything else gives the other one."""
    if any(character in address for character in "\\\r\n\t") or not address.isprintable():
        return otherwise
    try:
        parts = urlsplit(address)
    except ValueError:
        return otherwise
    ours = urlsplit(settings().url).netloc
    if parts.scheme not in ("", "http", "https") or parts.netloc not in ("", ours):
        return otherwise
    if bool(parts.scheme) != bool(parts.netloc) or not parts.path.startswith("/") or parts.path.startswith("//"):
        return otherwise
    return parts.path + (f"?{parts.query}" if parts.query else "")


def public(path: str) -> str:
    """The address of a path as it stands in letters: from the setting, never from the request."""
    return settings().url + path
