"""What a delivery becomes when it leaves: an e-mail in plain and in dressed words, or a text message."""

from urllib.parse import urlsplit

from flask import current_app

from portal import wording
from portal.gateways.mail import Letter
from portal.gateways.plain_words import MARKER
from portal.links import public
from portal.rules import inbound
from portal.rules.deliveries import Parcel
from portal.settings import settings


def letter(parcel: Parcel) -> Letter:
    return Letter(
        to=parcel.recipient,
        subject=parcel.subject,
        text=undressed(parcel),
        html=dressed(parcel),
        from_name=parcel.business,
        from_address=settings().mail_from or parcel.business_email,
        reply_to=answers(parcel) or parcel.business_email or None,
        message_id=f"{parcel.header_id}@{urlsplit(settings().url).hostname}",
        automatic=parcel.automatic,
    )


def answers(parcel: Parcel) -> str:
    """The address of its thread, so that an answer joins it."""
    return inbound.address(parcel.thread_id) if parcel.thread_id else ""


def above(parcel: Parcel) -> str:
    """Whatever stands below this line in an answer is ours."""
    return f"–– {MARKER} to answer by e-mail ––" if answers(parcel) else ""


def undressed(parcel: Parcel) -> str:
    return "\n\n".join(filter(None, (above(parcel), words(parcel), way_in(parcel))))


def way_in(parcel: Parcel) -> str:
    return f"Read and answer it here: {link(parcel)}" if link(parcel) else ""


def text_message(parcel: Parcel) -> str:
    """Short as it is; only files need the portal."""
    return f"{words(parcel)}\n{link(parcel)}".strip() if parcel.files else parcel.text


def words(parcel: Parcel) -> str:
    enclosed = f"With this: {wording.listed(parcel.files)}" if parcel.files else ""
    return "\n\n".join(filter(None, (parcel.text, enclosed)))


def link(parcel: Parcel) -> str:
    return public(f"/messages/{parcel.thread_id}") if parcel.thread_id else ""


def dressed(parcel: Parcel) -> str:
    """Rendered without the context of a page: there is no request and nobody is signed in."""
    template = current_app.jinja_env.get_template("pages/mail/letter.html")
    return template.render(parcel=parcel, above=above(parcel), words=words(parcel), link=link(parcel))
