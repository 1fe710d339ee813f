"""What an owner says about the business."""

from typing import Any
from urllib.parse import urlsplit

from flask_wtf.file import FileField
from wtforms import BooleanField, Field, HiddenField, SelectField, ValidationError

from portal import colours
from portal.inputs import OFF, Input, one_line, required, tidy
from portal.inputs.accounts import PLAIN, TELEPHONE, is_address
from portal.inputs.amounts import number, one_of
from portal.inputs.catalogue import whole
from portal.inputs.places import countries, currencies, zone
from portal.inputs.reachable import Reachable
from portal.service_words import UNITS, in_units

WEB = {"type": "url", "inputmode": "url", **OFF, "autocapitalize": "none", "spellcheck": "false"}
SHORTEST_OFFER, LONGEST_OFFER = 5, 7 * 24 * 60
MAIL = {"type": "email", "inputmode": "email", **OFF, **PLAIN}


class BusinessInput(Reachable):
    """`has_logo` says whether one is there already."""

    name = one_line("Name", 80, required("Type the name of the business."), render_kw=OFF)
    tagline = one_line("A line below the name", 120, render_kw=OFF)
    logo = FileField("Logo")
    remove_logo = BooleanField("Remove logo")
    hide_name = BooleanField("Hide the name: the logo contains it")
    colour = one_line("Colour", 7, render_kw={"type": "color"})
    readable = HiddenField()
    email = one_line("E-mail", 254, render_kw=MAIL)
    phone = one_line("Phone", 40, render_kw={**TELEPHONE, **OFF})
    time_zone = zone()
    country = SelectField("Country", choices=countries(), validate_choice=False)
    currency = SelectField("Currency", choices=currencies(), validate_choice=False)

    def __init__(self, *, has_logo: bool, **more: Any) -> None:
        super().__init__(**more)
        self.has_logo = has_logo

    def validate_email(self, field: Field) -> None:
        if field.data:
            is_address(self, field)

    def validate_colour(self, field: Field) -> None:
        if not colours.is_colour(self.chosen_colour):
            raise ValidationError("A colour is written like #2f6f6b.")

    def validate_hide_name(self, field: Field) -> None:
        stays = self.has_logo and not self.remove_logo.data
        if field.data and not self.logo.data and not stays:
            raise ValidationError("Without a logo the name must be seen. Add a logo that contains it.")

    def validate_country(self, field: Field) -> None:
        if field.data not in countries():
            raise ValidationError("Choose a country from the list.")

    def validate_currency(self, field: Field) -> None:
        if field.data not in currencies():
            raise ValidationError("Choose a currency from the list.")

    @property
    def chosen_colour(self) -> str:
        """The readable shade, where that button was pressed."""
        return (tidy(self.readable.data) or self.colour.data or "").lower()

    @property
    def facts(self) -> dict[str, object]:
        names = ("name", "tagline", "hide_name", "email", "time_zone", "country", "currency")
        return {name: self[name].data or "" for name in names} | {
            "hide_name": self.hide_name.data,
            "phone": self.number or "",
            "colour": self.chosen_colour,
        }


class LocationInput(Reachable):
    name = one_line("Name", 80, required("Type the name of the location."), render_kw=OFF)
    address = one_line("Address", 200, render_kw=OFF)
    phone = one_line("Phone", 40, render_kw={**TELEPHONE, **OFF})
    time_zone = zone()
    places = number("Pets a day", 0, 9_999, needed=False)

    def __init__(self, *, kept_places: int | None = None, **more: Any) -> None:
        super().__init__(**more)
        if not self.is_submitted():
            self.places.data = "" if kept_places is None else str(kept_places)

    @property
    def facts(self) -> dict[str, Any]:
        plain = {name: self[name].data or "" for name in ("name", "address", "time_zone")}
        places = int(self.places.data) if self.places.data else None
        return plain | {"phone": self.number or "", "places": places}


class PortalInput(Input):
    """What clients and newcomers find in the portal."""

    header_label = one_line("Words on the button", 30, render_kw=OFF)
    header_link = one_line("Where it leads", 300, render_kw=WEB)
    registration_open = BooleanField("New clients may register themselves")
    neutral_answers = BooleanField("Give everybody the same answer, whether there is a profile or not")
    uploads_open = BooleanField("Clients may share documents")

    def validate_header_label(self, field: Field) -> None:
        if self.header_link.data and not field.data:
            raise ValidationError("Give the button words, or take its address away.")

    def validate_header_link(self, field: Field) -> None:
        if field.data and not is_safe_address(field.data):
            raise ValidationError("Type the whole address, beginning with https://, such as https://www.example.com/.")
        if self.header_label.data and not field.data:
            raise ValidationError("Say where the button leads, or take its words away.")

    @property
    def facts(self) -> dict[str, object]:
        return {name: value or "" if name.startswith("header") else value for name, value in self.data.items()}


class SelfBookingInput(Input):
    """What clients and newcomers may do by themselves."""

    calendar_open = BooleanField("The calendar of classes is in the portal")
    booking_open = BooleanField("Clients book online")
    public_booking_open = BooleanField("New people book online, too, and become clients by it")
    moves_open = BooleanField("Clients reschedule by themselves")
    requests_open = BooleanField("Clients ask for services in their own words")
    waitlist_open = BooleanField("Clients join waitlists")
    offer = number("A free place is held for", 1, 9_999)
    offer_unit = one_of("Counted in", {unit: unit for unit in UNITS})
    pets_open = BooleanField("Clients add and change their pets")
    profile_open = BooleanField("Clients change their profile")

    def __init__(self, *, kept_minutes: int, **more: Any) -> None:
        super().__init__(**more)
        if not self.is_submitted():
            count, self.offer_unit.data = in_units(kept_minutes)
            self.offer.data = str(count)

    def validate_offer(self, field: Field) -> None:
        if not SHORTEST_OFFER <= self.minutes <= LONGEST_OFFER:
            raise ValidationError("At least 5 minutes and at most 7 days, so that they can answer.")

    @property
    def minutes(self) -> int:
        return (whole(self.offer.data, 9_999) or 0) * UNITS.get(self.offer_unit.data or "", 1)

    @property
    def facts(self) -> dict[str, object]:
        switches = {name: on for name, on in self.data.items() if name.endswith("_open")}
        return {**switches, "offer_minutes": self.minutes}


def is_safe_address(address: str) -> bool:
    """A page on the web that cannot be read on the way; nothing that runs, nothing with a password in it."""
    if not address.isprintable() or " " in address or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
