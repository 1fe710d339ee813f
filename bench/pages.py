"""What is measured: the pages of a client's everyday and of the desk's, and what is swapped in them."""

import os
from collections.abc import Mapping
from typing import NamedTuple


class Call(NamedTuple):
    """One request. {names} in the address and the data are looked up in ROWS."""

    address: str
    method: str = "GET"
    data: Mapping[str, str] = {}


class Page(NamedTuple):
    """A page is one call, and one at the desk may ask one query more; `queries` is a limit of its own.

    A swap may be several calls, each taking the one before back, so that it can go on for ever.
    """

    name: str
    calls: tuple[Call, ...]
    swap: bool = False
    desk: bool = False
    queries: int | None = None

    @property
    def writes(self) -> bool:
        return any(call.method != "GET" for call in self.calls)


def page(name: str, address: str, *, desk: bool = False, queries: int | None = None) -> Page:
    return Page(name, (Call(address),), desk=desk, queries=queries)


def swap(name: str, *calls: Call, desk: bool = False) -> Page:
    return Page(name, calls, swap=True, desk=desk)


class Room(NamedTuple):
    """Who asks, and for what. A row's name leads to a page, and to how an address there shows its id: the first one."""

    person: str
    door: str
    rows: Mapping[str, tuple[str, str]]
    pages: list[Page]


ROWS = {
    "booking": ("/", r"/bookings/(\d+)/cancellation"),
    "thread": ("/messages", r"/messages/(\d+)"),
    "document": ("/documents", r"/documents/(\d+)/removal"),
    "entry": ("/waitlists", r"/waitlists/(\d+)/removal"),
    "pet": ("/pets", r"/pets/(\d+)"),
    "vaccine": ("/pets/{pet}/vaccines", r"/vaccines/(\d+)"),
    "walk": ("/book", r'href="/book\?service=(\d+)"[^>]*>Dog Walk<'),
}
# Booking asks what it needs to know of the service, of the pets and of the house before it looks for a time.
SEARCH = 6

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
    page("Book Now", "/book", queries=SEARCH),
    page("Free times of two weeks", "/book?service={walk}&pet={pet}&add_on=0&provider=0", queries=SEARCH),
    page("Calendar, a week", "/calendar"),
    page("Calendar, a month", "/calendar?view=month"),
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

DESK_ROWS = {
    "client": ("/desk/customers", r"/desk/customers/(\d+)"),
    "thread": ("/desk/inbox", r"/desk/inbox/(\d+)"),
    "arrival": ("/desk/", r"/desk/bookings/(\d+)/arrival"),
}


def desk(name: str, address: str) -> Page:
    return page(name, address, desk=True)


DESK_PAGES = [
    desk("Today", "/desk/"),
    desk("Inbox", "/desk/inbox"),
    desk("A customer’s thread", "/desk/inbox/{thread}"),
    desk("Customers", "/desk/customers"),
    desk("Customers found by a name", "/desk/customers?q=rosa+del"),
    desk("Customers, one letter", "/desk/customers?q=a"),
    desk("Customers, eight letters", "/desk/customers?q=a+e+i+o+u+n+r+s"),
    desk("A profile", "/desk/customers/{client}"),
    desk("Messages of a customer", "/desk/customers/{client}/messages"),
    desk("Documents of a customer", "/desk/customers/{client}/documents"),
    desk("Notes of a customer", "/desk/customers/{client}/notes"),
    desk("History of a customer", "/desk/customers/{client}/history"),
    desk("Notices", "/desk/notices"),
    desk("Vaccines to check", "/desk/vaccines"),
    desk("Calendar, a day", "/desk/calendar?view=day"),
    desk("Calendar, a week", "/desk/calendar?view=week"),
    desk("Calendar, a month", "/desk/calendar?view=month"),
    swap("Customers, as they are typed", Call("/desk/customers?q=bisc"), desk=True),
    swap(
        "Check in, and undo",
        Call("/desk/bookings/{arrival}/arrival", "POST"),
        Call("/desk/bookings/{arrival}/arrival/undo", "POST"),
        desk=True,
    ),
]

ROOMS = {
    "client": Room("rosa@example.com", "/", ROWS, PAGES),
    "desk": Room("nina@example.com", "/desk/", DESK_ROWS, DESK_PAGES),
}


def here() -> Room:
    """The room that is measured in this process."""
    return ROOMS[os.environ.get("BENCH_ROOM", "client")]
