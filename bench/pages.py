"""What is measured: the pages of a client's everyday, and what is swapped in them."""

from collections.abc import Mapping
from typing import NamedTuple


class Call(NamedTuple):
    """One request. {names} in the address and the data are looked up in ROWS."""

    address: str
    method: str = "GET"
    data: Mapping[str, str] = {}


class Page(NamedTuple):
    """A page is one call. A swap may be several, each taking the one before back, so that it can go on for ever."""

    name: str
    calls: tuple[Call, ...]
    swap: bool = False


def page(name: str, address: str) -> Page:
    return Page(name, (Call(address),))


def swap(name: str, *calls: Call) -> Page:
    return Page(name, calls, swap=True)


PERSON = "rosa@example.com"

# name: the page on which its first link of this form is found
ROWS = {
    "booking": ("/", r'href="/bookings/(\d+)"'),
}

PAGES = [
    page("My Bookings", "/"),
]
