"""Letters about an account. They answer something the person did, so nobody can switch them off."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from portal import wording
from portal.links import public
from portal.models import Business, Channel, Client
from portal.rules import business, messages
from portal.rules.links import SPOKEN, Purpose, to_set_password

NO_NAME = re.compile(r"[/:@\\]|\w\.\w")


def reset(client: Client, *, at: datetime) -> None:
    link = to_set_password(client, Purpose.RESET, at=at)
    write(
        client,
        "Set your password",
        f"Open this link to set your password. It is good for {SPOKEN[Purpose.RESET]} and works once.",
        link,
        "If you did not ask for it, you need not do anything: your password stays as it is.",
        at=at,
    )


def invitation(client: Client, *, at: datetime) -> None:
    link = to_set_password(client, Purpose.INVITATION, at=at)
    write(
        client,
        f"Welcome to {business.the_business().name}",
        "Open this link to set a password. With it you see your bookings, pets, messages and documents. "
        f"It is good for {SPOKEN[Purpose.INVITATION]} and works once.",
        link,
        f"Your account number is {wording.account_number(client.account_number)}. You can sign in with it, or with "
        "this e-mail address.",
        at=at,
    )


def known_already(client: Client, *, at: datetime) -> None:
    write(
        client,
        "You have a profile already",
        "Somebody, probably you, has just registered with this e-mail address. There is a profile with it already, "
        "so nothing was changed. Sign in as you always do, or set a new password here:",
        public("/password"),
        at=at,
    )


def password_set(client: Client, *, anew: bool, at: datetime) -> None:
    here = wording.local(at, business.the_business().time_zone)
    when = f"{wording.full_day(here.date())}, {wording.clock(here)} {here.tzname()}"
    write(
        client,
        "Your password was changed" if anew else "Your password was set",
        f"The password of your profile was {'changed' if anew else 'set'} ({when}). Every other device has been "
        "signed out.",
        f"If that was not you, set a new one at once at {public('/password')} and tell us. {business.contact()}",
        at=at,
    )


def confirm_address(client: Client, address: str, link: str, *, at: datetime) -> None:
    write(
        client,
        "Confirm your new e-mail",
        "Open this link and press the button there. From then on this is the e-mail of your profile, with which you "
        "sign in. The link is good for 2 days.",
        link,
        "If you did not ask for it, you need not do anything: nothing will change.",
        at=at,
        to=address,
    )


def address_changed(client: Client, old: str, masked: str, *, at: datetime) -> None:
    write(
        client,
        "Your e-mail was changed",
        f"The e-mail of your profile is {masked} from now on. Nothing more will come to this address.",
        f"If that was not you, tell us at once. {business.contact()}",
        at=at,
        to=old,
    )


def phone_changed(client: Client, *, at: datetime) -> None:
    number = f"is now {wording.phone_words(client.phone)}" if client.phone else "was removed"
    write(
        client,
        "Your phone number was changed",
        f"The phone number of your profile {number}.",
        f"If that was not you, set a new password at {public('/password')} and tell us. {business.contact()}",
        at=at,
    )


def code(client: Client, channel: Channel, digits: str, *, at: datetime) -> None:
    name = business.the_business().name
    if channel is Channel.SMS:
        # The last line lets phones offer the code for this address and no other.
        host = urlsplit(public("")).hostname
        text = f"{digits} is your code to sign in to {name}. It is good for 10 minutes.\n\n@{host} #{digits}"
        messages.send(client, channel, client.phone, "", text, at=at)
        return
    write(
        client,
        "Your code to sign in",
        f"{digits} is your code. It is good for 10 minutes, in the browser in which you asked for it.",
        "Nobody from us will ever ask you for it. If you did not ask for it, you need not do anything.",
        at=at,
    )


def many_look_ups(the_business: Business, *, at: datetime) -> None:
    """To the business itself: somebody seems to be finding out who its clients are."""
    text = (
        "In the last hour many e-mail addresses that belong to no profile were tried on your portal. Somebody may be "
        "finding out who your clients are. Until this stops, the portal gives everybody the same answer, whether "
        "there is a profile or not.\n\nThere is nothing you have to do. If clients tell you that no mail comes, look "
        "whether their address is the one on their profile."
    )
    if the_business.email:
        messages.send(
            None, Channel.EMAIL, the_business.email, "Many unknown addresses on your client portal", text, at=at
        )


def write(client: Client, subject: str, *paragraphs: str, at: datetime, to: str | None = None) -> None:
    """To the client's own address or the one it is to be, and into no thread: others may read those."""
    to = to or client.email
    if to is None:
        raise ValueError("a letter needs an address")
    name = business.the_business().name
    text = "\n\n".join((greeting(client.first_name), *paragraphs, name))
    messages.send(client, Channel.EMAIL, to, subject, text, at=at)


def greeting(first_name: str) -> str:
    """Anybody can call themself anything, and have a letter sent to anybody: an address in it would be a link."""
    return "Hello," if NO_NAME.search(first_name) else f"Hello {first_name},"
