"""What an owner says about the business."""

from urllib.parse import urlsplit

from wtforms import BooleanField, Field, ValidationError

from portal.inputs import Input, one_line

WEB = {"type": "url", "inputmode": "url", "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class PortalInput(Input):
    """What clients and newcomers find in the portal."""

    header_label = one_line("Words on the button", 30, render_kw={"autocomplete": "off"})
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


def is_safe_address(address: str) -> bool:
    """A page on the web that cannot be read on the way; nothing that runs, nothing with a password in it."""
    if not address.isprintable() or " " in address or "\\" in address:
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
