"""What staff fill in about tags."""

from flask import request
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import AnyOf

from portal.inputs import OFF, Input, id_of, one_line, required
from portal.tones import PALETTE

SORTS = {"clients": "Clients", "pets": "Pets"}


def sort() -> RadioField:
    """Whom it is for."""
    return RadioField(
        "For",
        [AnyOf(SORTS, "Choose whom it is for.")],
        choices=[SelectChoice(*choice) for choice in SORTS.items()],
        default="clients",
        validate_choice=False,
    )


class TagName(Input):
    name = one_line("Name", 40, required("Type the name of the tag."), render_kw=OFF)


class TagInput(TagName):
    tone = RadioField(
        "Colour",
        [AnyOf(PALETTE, "Choose one of these colours.")],
        choices=[SelectChoice(*colour) for colour in PALETTE.items()],
        default=next(iter(PALETTE)),
        validate_choice=False,
    )


class NewTagInput(TagInput):
    of = sort()


def chosen() -> int:
    """The tag that was tapped in a list; what is no number is none."""
    return id_of(request.form.get("tag_id", ""))
