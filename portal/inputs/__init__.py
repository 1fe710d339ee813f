"""Every form a person can fill in: is it well-formed, never is it allowed. Here is what all of them share."""

import unicodedata
from typing import Any

from flask import Flask, abort, request, session
from flask_wtf import FlaskForm
from werkzeug.routing import IntegerConverter
from wtforms import BooleanField, Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from portal.composed import composed

LARGEST_ID = 2**31 - 1
MOST_TEXT = 500_000
# For what is not about whoever types it: browsers offer nothing of theirs.
OFF = {"autocomplete": "off"}


class Input(FlaskForm):
    """The token is checked for every unsafe request by the house itself, so no form needs to do it again."""

    class Meta(FlaskForm.Meta):
        csrf = False


def dont_notify(whom: str = "the client") -> BooleanField:
    """Beside every decision of staff that concerns a client: they are told of it, unless staff say otherwise."""
    return BooleanField(f"Don’t notify {whom}")


def tidy(value: Any) -> Any:
    """Trimmed, composed (NFC), with line breaks of one kind. A file where words belong says nothing."""
    if not isinstance(value, str):
        return None if value is None else ""
    return composed(value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def readable(form: Any, field: Field) -> None:
    """No character that cannot be seen, stored or sent on."""
    for character in field.data or "":
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            raise ValidationError("This holds a character that cannot be read. Please type it anew.")


def required(words: str) -> DataRequired:
    """Something besides blanks."""
    return DataRequired(words)


def one_line(label: str, most: int = 100, *checks: Any, **more: Any) -> StringField:
    """A single line of a person's words; `most` is its greatest length."""
    length = Length(max=most, message=f"This is too long: at most {most} characters.")
    return StringField(label, [*checks, single, readable, length], filters=[tidy], **more)


def many_lines(label: str, most: int, *checks: Any, **more: Any) -> TextAreaField:
    length = Length(max=most, message=f"This is too long: at most {most:,} characters.")
    return TextAreaField(label, [*checks, readable, length], filters=[tidy], **more)


def single(form: Any, field: Field) -> None:
    if "\n" in (field.data or ""):
        raise ValidationError("This must be a single line.")


def asked(name: str, most: int = 200) -> str:
    """A word out of the address."""
    told = request.args
    return word(told[name], most) if name in told else ""


def word(told: str, most: int = 200) -> str:
    """Tidied; what cannot be a word counts as none."""
    value: str = tidy(told)
    return value if value.isprintable() and len(value) <= most else ""


def number(name: str) -> int | None:
    """A row's id out of the address; one that cannot be an id belongs to nothing."""
    told = request.args.get(name)
    return None if told is None else id_of(told) or abort(404)


def id_of(told: str) -> int:
    """What may be the id of a row; 0, which none has, where it cannot."""
    known = told.isascii() and told.isdecimal() and len(told) <= 10 and int(told) <= LARGEST_ID
    return int(told) if known else 0


class Number(IntegerConverter):
    """No id is larger than the database can hold; such an address belongs to nothing."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max", LARGEST_ID)
        super().__init__(map, *args, **kwargs)


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = Number

    @app.before_request
    def not_too_much() -> None:
        """Files come only from those who have signed in here; nobody else needs much room."""
        if request.blueprint != "hooks" and (request.mimetype != "multipart/form-data" or "_user_id" not in session):
            request.max_content_length = MOST_TEXT
            if (request.content_length or 0) > MOST_TEXT:
                abort(413)
