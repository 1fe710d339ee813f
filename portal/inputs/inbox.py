"""What staff fill in at the inbox."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from portal.inputs import Input, asked
from portal.inputs.messages import NewMessage

NOBODY = SelectChoice(0, "Nobody")


class Care(Input):
    """Who takes care of a thread."""

    member = SelectField("Taken care of by", coerce=int, choices=[NOBODY])

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        self.member.choices = [NOBODY, *(SelectChoice(*person) for person in people)]


class ByWay(Input):
    """Goes out to a client by one of the ways there are to them."""

    channel = RadioField("How it goes out", validate_choice=True)

    def offer_ways(self, ways: Sequence[tuple[str, str]]) -> None:
        self.channel.choices = [SelectChoice(*way) for way in ways]
        if ways and not self.channel.data:
            self.channel.data = ways[0][0]


class Letter(NewMessage, ByWay):
    pass


def which(filters: Iterable[Any]) -> str:
    """The filter that the address names; the first where it names none."""
    known = list(filters)
    told = asked("show")
    return told if told in known else known[0]
