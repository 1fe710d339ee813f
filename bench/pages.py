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

    @property
    def writes(self) -> bool:
        return any(call.method != "GET" for call in self.calls)


def page(name: str, address: str) -> Page:
    return Page(name, (Call(address),))


def swap(name: str, *calls: Call) -> Page:
    return Page(name, calls, swap=True)


PERSON = "rosa@example.com"

# name: a page, and how an address on it shows this row's id; the first one counts
ROWS = {
    "booking": ("/", r"/bookings/(\d+)/cancellation"),
    "thread": ("/messages", r"/messages/(\d+)"),
    "document": ("/documents", r"/documents/(\d+)/removal"),
    "entry": ("/waitlists", r"/waitlists/(\d+)/removal"),
    "pet": ("/pets", r"/pets/(\d+)"),
    "vaccine": ("/pets/{pet}/vaccines", r"/vaccines/(\d+)"),
}

PAGES = [
    page("My Bookings", "/"),
    page("Upcoming Bookings", "/bookings/upcoming"),
    page("Past Bookings", "/bookings/past"),
    page("A booking", "/bookings/{booking}"),
    page("Messages", "/messages"),
    page("A thread", "/messages/{thread}"),
    page("Documents", "/documents"),
    page("Pets", "/pets"),
    page("A pet", "/pets/{pet}"),
    page("A pet’s vaccines", "/pets/{pet}/vaccines"),
    swap("Past Bookings, the next rows", Call("/bookings/past")),
    swap("Messages, the next rows", Call("/messages")),
    swap("Cancel a booking, asked first", Call("/bookings/{booking}/cancellation")),
    swap(
        "Cancel a booking, and undo",
        Call("/bookings/{booking}/cancellation", "POST"),
        Call("/bookings/{booking}/restoration", "POST"),
    ),
    swap(
        "Leave a waitlist, and undo",
        Call("/waitlists/{entry}/removal", "POST"),
        Call("/waitlists/{entry}/return", "POST"),
    ),
    swap(
        "Take a document back, and undo",
        Call("/documents/{document}/removal", "POST"),
        Call("/documents/{document}/return", "POST"),
    ),
    swap("A vaccine opens", Call("/pets/{pet}/vaccines/{vaccine}")),
]
