"""Letters to staff about their account. Nobody can switch them off."""

from datetime import datetime

from portal import wording
from portal.links import public
from portal.models import Channel, Invitation, Member, Role
from portal.rules import business, desk_links, messages
from portal.rules.letters import greeting

MAY = {
    Role.OWNER: "As an owner you may do everything, also invite others.",
    Role.MANAGER: "As a manager you run the desk and its settings.",
    Role.TEAM: "As one of the team you run the desk.",
}


def invitation(invitation: Invitation) -> None:
    write(
        invitation.email,
        "Hello,",
        f"Join {business.the_business().name}",
        f"{invitation.by_name} asks you to join the front desk of {business.the_business().name}. "
        f"{MAY[invitation.role]}",
        "Open this link to say your name and choose a password. It is good for 7 days and works once.",
        desk_links.to_join(invitation),
        "If you do not know what this is about, you need not do anything.",
        at=invitation.at,
    )


def reset(member: Member, *, at: datetime) -> None:
    tell(
        member,
        "Set your password for the front desk",
        "Open this link to set a new password for the front desk. It is good for 2 hours and works once.",
        desk_links.to_set_password(member, at=at),
        "If you did not ask for it, you need not do anything: your password stays as it is.",
        at=at,
    )


def password_set(member: Member, *, at: datetime) -> None:
    here = wording.local(at, business.the_business().time_zone)
    when = f"{wording.full_day(here.date())}, {wording.clock(here)} {here.tzname()}"
    tell(
        member,
        "Your password for the front desk was changed",
        f"It was changed ({when}). Every other device has been signed out.",
        f"If that was not you, set a new one at once at {public('/desk/password')} and tell an owner.",
        at=at,
    )


def email_changed(member: Member, old: str, *, at: datetime) -> None:
    write(
        old,
        hello(member),
        "Your e-mail at the front desk was changed",
        "From now on you sign in to the front desk with another e-mail, and nothing more will come to this one.",
        "If that was not you, tell an owner at once.",
        at=at,
    )


def role_changed(member: Member, by: str, *, at: datetime) -> None:
    words = f"{by} has changed your role: you are {named(member.role)} now. {MAY[member.role]}"
    tell(member, "Your role at the front desk was changed", words, "Sign in again to go on.", at=at)


def named(role: Role) -> str:
    return {Role.OWNER: "an owner", Role.MANAGER: "a manager", Role.TEAM: "one of the team"}[role]


def tell(member: Member, subject: str, *paragraphs: str, at: datetime) -> None:
    write(member.email, hello(member), subject, *paragraphs, at=at)


def hello(member: Member) -> str:
    return greeting(member.name.split()[0])


def write(to: str, hello: str, subject: str, *paragraphs: str, at: datetime) -> None:
    text = "\n\n".join((hello, *paragraphs, business.the_business().name))
    messages.send(None, Channel.EMAIL, to, subject, text, at=at)
