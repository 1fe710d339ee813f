"""Members of staff: the first owner, who opens a new portal."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select

from portal.db import atomic, db
from portal.models import Business, Location, Member, Role
from portal.passwords import hash_password, problem
from portal.rules.business import the_business
from portal.rules.clients import folded
from portal.rules.refused import Refused


def owner() -> Member | None:
    """An owner who can sign in, if there is one."""
    return db.session.scalar(select(Member).where(Member.role == Role.OWNER, Member.deactivated_at.is_(None)).limit(1))


@atomic
def open_business(business_name: str, name: str, email: str, password: str) -> Member:
    """Name the business, give it a first location, and make its first owner; refused where there is one."""
    there = owner()
    if there:
        raise Refused(f"{there.name} is the owner already. Sign in at the desk.")
    try:
        address = folded(validate_email(email.strip(), check_deliverability=False).normalized)
    except EmailNotValidError as wrong:
        raise Refused(f"The e-mail cannot be right: {wrong}") from None
    weak = problem(password, [business_name, name, address, "Latchkey"])
    if weak:
        raise Refused(weak)
    member = Member(name=name.strip(), email=address, role=Role.OWNER, password_hash=hash_password(password))
    db.session.add(member)
    furnish(the_business(), business_name.strip(), address)
    return member


def furnish(business: Business, name: str, email: str) -> None:
    business.name = name
    business.email = business.email or email
    if db.session.scalar(select(Location).limit(1)) is None:
        db.session.add(Location(name=name, time_zone=business.time_zone))
