"""The words by which customers are found, kept in step with clients and pets by the session itself."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import phonenumbers
from sqlalchemy import delete, event, exists, insert, inspect, select, union
from sqlalchemy.orm import ORMExecuteState, Session

from portal.db import db
from portal.models import Client, ClientTag, ClientWord, DemoClient, Pet, PetTag

ACTIVE, INACTIVE, PROSPECT = "active", "inactive", "prospect"
DEMO = "demo"  # as whom staff try the portal: on no list, and found by no search
EVERYBODY = "\x01"  # each client has one word that begins so: the name, by which whole lists are sorted
TAGGED = "\x02"  # and one for each tag on them or their pets, again with the name
WATCHED: dict[type[Any], set[str]] = {
    Client: {"first_name", "last_name", "email", "phone", "account_number", "deactivated_at", "prospect"},
    Pet: {"name", "client_id"},
    ClientTag: {"client_id", "tag_id"},
    PetTag: {"client_id", "tag_id"},
}
CHUNK = 500
LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
PHONE = re.compile(r"(?<!\w)[+(]*\d[\d\s().+/\-]*(?!\w)")
DOTTED = re.compile(r"[^\W_][\w.\-+]*\.[\w.\-+]*[^\W\d_][\w.\-+]*")
APOSTROPHES = str.maketrans("", "", "'’ʼ`´")
IDEOGRAMS = "\u2e80"
LONGEST = 100
LAST = "\U0010ffff"  # sorts behind whatever a word may go on with


def folded(text: str) -> str:
    """Without case and accents, so that nobody needs to know how a name is written."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare).translate(LETTERS)


def pieces(text: str) -> list[str]:
    return [piece[:LONGEST] for piece in re.split(r"[\W_]+", text) if piece]


def asked_for(text: str) -> list[str]:
    """The words somebody looks for: numbers without what stands between their digits, addresses whole."""
    found: list[str] = []
    rest = folded(text).translate(APOSTROPHES)
    for part in rest.split():
        if "@" in part or DOTTED.fullmatch(part):
            found.append(part.lstrip("@")[:LONGEST])
            rest = rest.replace(part, " ", 1)
    for number in PHONE.findall(rest):
        found.append(digits_of(number))
    found += pieces(PHONE.sub(" ", rest))
    words = sorted(set(filter(None, found)), key=lambda word: (-len(word), word))
    return [word for place, word in enumerate(words) if not any(longer.startswith(word) for longer in words[:place])]


def digits_of(number: str) -> str:
    """A number as it is dialled from abroad has two noughts in place of its plus."""
    digits = "".join(character for character in number if character.isdecimal())
    return digits[2:] if digits.startswith("00") else digits


def tagged(tag_id: int) -> str:
    """How the words of those begin who have this tag."""
    return f"{TAGGED}{tag_id}{TAGGED}"


def words_of(
    first: str, last: str, email: str | None, phone: str, account: str, pets: Iterable[str], tags: Iterable[int] = ()
) -> set[str]:
    """Every word by whose beginning this client is found."""
    name_word = folded(f"{first} {last}")[:LONGEST]
    words = {account, EVERYBODY + name_word, *(tagged(tag) + name_word for tag in tags)}
    for name in (first, last, *pets):
        words.update(of_name(name))
    if email:
        words.update(of_email(folded(email)))
    words.update(of_phone(phone))
    return words - {""}


def of_name(name: str) -> Iterator[str]:
    plain = folded(name)
    for part in (*plain.split(), *plain.translate(APOSTROPHES).split()):
        yield from asked_for(part)
        yield from pieces(part)
        if "-" in part:
            yield "".join(pieces(part))[:LONGEST]
    # Where words are written without blanks, a name is found by any part of it.
    for piece in pieces(plain):
        if piece >= IDEOGRAMS:
            yield from (piece[place:] for place in range(1, len(piece)))


def of_email(email: str) -> Iterator[str]:
    local, _, domain = email.translate(APOSTROPHES).partition("@")
    yield f"{local}@{domain}"[:LONGEST]
    yield domain[:LONGEST]
    yield from pieces(local)[1:]


def of_phone(phone: str) -> Iterator[str]:
    """From abroad, at home with and without the first nought, without the area code, and the last four digits."""
    digits = digits_of(phone)
    whole = {digits}
    try:
        number = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        pass
    else:
        at_home = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
        whole |= {digits_of(at_home), phonenumbers.national_significant_number(number)}
    yield from whole
    if len(digits) > 7:
        yield from (digits[-7:], digits[-4:])


def shelf_of(deactivated: object, prospect: bool, demo: bool) -> str:
    if demo:
        return DEMO
    if deactivated:
        return INACTIVE
    return PROSPECT if prospect else ACTIVE


FACTS = select(
    Client.id,
    Client.deactivated_at,
    Client.prospect,
    exists().where(DemoClient.client_id == Client.id),
    Client.first_name,
    Client.last_name,
    Client.email,
    Client.phone,
    Client.account_number,
)


def entries(ids: list[int]) -> Iterator[dict[str, Any]]:
    """The rows of these clients as they ought to be."""
    pets: dict[int, list[str]] = defaultdict(list)
    for client_id, name in db.session.execute(select(Pet.client_id, Pet.name).where(Pet.client_id.in_(ids))):
        pets[client_id].append(name)
    tags: dict[int, list[int]] = defaultdict(list)
    worn = (select(of.client_id, of.tag_id).where(of.client_id.in_(ids)) for of in (ClientTag, PetTag))
    for client_id, tag_id in db.session.execute(union(*worn)):
        tags[client_id].append(tag_id)
    for id, deactivated, prospect, demo, first, last, email, phone, account in db.session.execute(
        FACTS.where(Client.id.in_(ids))
    ):
        shelf = shelf_of(deactivated, prospect, demo)
        for word in words_of(first, last, email, phone, account, pets[id], tags[id]):
            yield {"client_id": id, "word": word, "shelf": shelf}


def index(ids: Iterable[int]) -> None:
    """Write these clients' words anew. The session does it by itself for what is changed through it."""
    waiting = sorted(set(ids))
    for begin in range(0, len(waiting), CHUNK):
        some = waiting[begin : begin + CHUNK]
        db.session.execute(delete(ClientWord).where(ClientWord.client_id.in_(some)))
        if rows := list(entries(some)):
            db.session.execute(insert(ClientWord), rows)


def forget_tag(tag_id: int) -> None:
    """Nobody is found by this tag any more."""
    begin = tagged(tag_id)
    shelves = ClientWord.shelf.in_([ACTIVE, INACTIVE, PROSPECT])
    words = delete(ClientWord).where(shelves, ClientWord.word >= begin, ClientWord.word < begin + LAST)
    db.session.execute(words, execution_options={"synchronize_session": False})


@event.listens_for(db.session, "after_flush")
def notice_changes(session: Session, _: object) -> None:
    waiting = session.info.setdefault("words", set())
    for row in (*session.new, *session.dirty, *session.deleted):
        names = WATCHED.get(type(row))
        if names is None:
            continue
        histories = [(name, inspect(row).attrs[name].history) for name in names]
        if row in session.dirty and not any(history.has_changes() for _, history in histories):
            continue
        waiting.add(row.id if isinstance(row, Client) else row.client_id)
        waiting.update(old for name, history in histories if name == "client_id" for old in history.deleted or ())


@event.listens_for(db.session, "before_commit")
def keep_in_step(session: Session) -> None:
    """Once for a whole change, however many clients it touches."""
    if session.in_nested_transaction():
        return
    session.flush()
    if waiting := session.info.pop("words", None):
        index(id for id in waiting if id)


@event.listens_for(db.session, "do_orm_execute")
def notice_statements(state: ORMExecuteState) -> None:
    """What is changed past the session's objects is noticed too. Only of rows written in bulk nobody knows the ids yet:
    whoever writes them calls `index`, and says so."""
    if not (state.is_insert or state.is_update or state.is_delete) or state.execution_options.get("words_kept"):
        return
    statement: Any = state.statement
    model = next((model for model in WATCHED if model.__tablename__ == statement.table.name), None)
    if model is None:
        return
    values = {
        getattr(column, "name", column): value for column, value in (getattr(statement, "_values", None) or {}).items()
    }
    if state.is_insert or (state.is_update and not values):
        raise RuntimeError("Call customer_words.index for these clients, and pass execution_options(words_kept=True).")
    if state.is_delete or values.keys() & WATCHED[model]:
        whose = select(model.id if model is Client else model.client_id)
        touched = whose if statement.whereclause is None else whose.where(statement.whereclause)
        waiting = state.session.info.setdefault("words", set())
        waiting.update(state.session.scalars(touched, state.parameters or {}))
        waiting.add(getattr(values.get("client_id"), "value", None))
