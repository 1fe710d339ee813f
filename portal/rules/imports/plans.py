"""Going through a list, row by row: whose row it is, what is wrong with it, and what would be written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO

from portal.gateways import tables
from portal.rules import pets
from portal.rules.imports import previews
from portal.rules.imports.choices import Choices, Duplicates, WithoutEmail
from portal.rules.imports.fields import Target
from portal.rules.imports.known import Known
from portal.rules.imports.listed import ListedClient
from portal.rules.imports.pet_columns import pets_of
from portal.rules.imports.problems import Problems
from portal.rules.imports.rows import Reader, Row

MOST_ROWS = 200_000
EVERY = 200
KNOWN = "There is a client with this e-mail already."
KNOWN_NUMBER = "There is a client with this account number already."
NO_EMAIL = "There is no e-mail, so this client could not sign in to the portal."
NO_NAME = "There is no name of the client."
WIDER = "This row has more cells than there are headers. Is there a delimiter inside a cell?"


@dataclass(slots=True)
class Plan:
    """What would be written: all of it, or nothing where there is a problem."""

    choices: Choices
    problems: Problems = field(default_factory=Problems)
    clients: list[ListedClient] = field(default_factory=list)
    rows: int = 0
    skipped: int = 0

    @property
    def counts(self) -> dict[str, int]:
        fresh = [client for client in self.clients if client.known_id is None]
        return {
            "rows": self.rows,
            "clients": len(fresh),
            "without_email": sum(client.email is None for client in fresh),
            "updated": len(self.clients) - len(fresh),
            "skipped": self.skipped,
            "pets": sum(len(client.pets) for client in self.clients),
            "vaccines": sum(len(pet.vaccines or ()) for client in self.clients for pet in client.pets),
        }


def plan(file: IO[bytes], choices: Choices, known: Known, told: Callable[[int], object]) -> Plan:
    """`told` hears how many rows are done; it may raise to break off."""
    making = Making(choices, known, previews.headers(previews.first_rows(file, choices), choices.header))
    try:
        for number, cells in tables.rows(file, choices.shape):
            if number % EVERY == 0:
                told(number)
            if number > choices.header and any(map(str.strip, cells)):
                making.take(number, cells)
            if number > MOST_ROWS:
                making.problems.add(number, "", "", f"A list may have {MOST_ROWS:,} rows. Bring it in in parts.")
                break
    except tables.Unreadable as no:
        making.problems.add(no.row, "", "", str(no))
    if not making.plan.rows:
        making.problems.add(choices.header, "", "", "There are no rows below the headers.")
    return making.plan


class Making:
    """The clients of a list so far, by what tells them apart."""

    def __init__(self, choices: Choices, known: Known, headers: list[str]) -> None:
        self.plan = Plan(choices)
        self.choices, self.known, self.problems = choices, known, self.plan.problems
        self.reader = Reader(choices, known, headers, self.problems)
        self.by_email: dict[str, ListedClient] = {}
        self.by_name: dict[tuple[str, str], ListedClient] = {}
        self.by_id: dict[int, ListedClient] = {}
        self.before: ListedClient | None = None

    def take(self, number: int, cells: list[str]) -> None:
        self.plan.rows += 1
        row, width = Row(self.reader, number, cells), len(self.reader.headers)
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            self.problems.add(number, "", " ".join(cells[width:]).strip(), WIDER)
            return
        told = row.client()
        for pet in pets_of(row):
            told.take(pet)
        client = self.whose(row, told)
        self.before = client
        if client and len(client.pets) > pets.MOST:
            row.wrong_at(Target("pet_name", 1), f"More than {pets.MOST} pets of one client are not taken.")

    def whose(self, row: Row, told: ListedClient) -> ListedClient | None:
        """The client that the row is added to; None where it is left out."""
        if told.email and (other := self.by_email.get(told.email)):
            return self.again(row, told, other)
        if known_id := self.known_id(row, told):
            return self.already(row, told, known_id)
        if not told.email and (other := self.same_name(told)):
            other.add(told, over=False)
            return other
        return self.fresh(row, told)

    def again(self, row: Row, told: ListedClient, other: ListedClient) -> ListedClient | None:
        """Another pet of the same client, or two clients with one e-mail."""
        same = not told.name or told.name.casefold() == other.name.casefold()
        if same or self.choices.duplicates == Duplicates.UPDATE:
            other.add(told, over=not same)
            return other
        if self.choices.duplicates == Duplicates.SKIP:
            self.plan.skipped += 1
            return None
        row.wrong_at(Target("email"), f"Row {other.row} has this e-mail too, with another name: {other.name}.")
        return None

    def known_id(self, row: Row, told: ListedClient) -> int | None:
        if told.email and (known_id := self.known.emails.get(told.email)):
            return known_id
        number = "".join(sign for sign in row.at(Target("account_number"))[1] if sign.isdecimal())
        return self.known.accounts.get(number)

    def already(self, row: Row, told: ListedClient, known_id: int) -> ListedClient | None:
        """The client is here already, so it is as staff have chosen."""
        if self.choices.duplicates == Duplicates.SKIP:
            self.plan.skipped += 1
            return None
        if self.choices.duplicates == Duplicates.REPORT:
            by_email = bool(told.email and told.email in self.known.emails)
            row.wrong_at(Target("email" if by_email else "account_number"), KNOWN if by_email else KNOWN_NUMBER)
            return None
        told.known_id = known_id
        if other := self.by_id.get(known_id):
            other.add(told, over=False)
            return other
        self.by_id[known_id] = told
        self.keep(told)
        return told

    def same_name(self, told: ListedClient) -> ListedClient | None:
        """Without an e-mail: the same name and phone, or the same name in the row before."""
        if told.phone:
            return self.by_name.get((told.name.casefold(), told.phone))
        before = self.before
        return before if before and told.name and before.name.casefold() == told.name.casefold() else None

    def fresh(self, row: Row, told: ListedClient) -> ListedClient:
        if not told.first_name:
            row.wrong_at(Target("first_name" if self.reader.places.get(Target("first_name")) else "name"), NO_NAME)
        if not told.email and not row.at(Target("email"))[1] and self.choices.without_email == WithoutEmail.PROBLEM:
            row.wrong_at(Target("email"), NO_EMAIL)
        self.keep(told)
        return told

    def keep(self, told: ListedClient) -> None:
        self.plan.clients.append(told)
        if told.email:
            self.by_email[told.email] = told
        elif told.phone:
            self.by_name[told.name.casefold(), told.phone] = told
