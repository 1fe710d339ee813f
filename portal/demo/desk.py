"""A full day at the front desk, whichever day and hour it is: some late, some here, some leaving, and a class."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.db import db
from portal.demo.bookings import session
from portal.demo.catalogue import Shop, on
from portal.demo.guests import Guests, welcome
from portal.models import Booking, Pet, Provider, Service, ServiceKind, ServiceSession
from portal.rules import attendances, bookings, engagements
from portal.rules.actors import as_client, as_member


def build(shop: Shop, at: datetime) -> None:
    desk = Desk(shop, welcome(shop, at), at)
    arrivals(desk)
    stays(desk)
    departures(desk)
    lesson(desk)
    full_classes(desk)


class Desk:
    """The day around `at`: bookings were made days ago, and Theo has been at the door."""

    def __init__(self, shop: Shop, guests: Guests, at: datetime) -> None:
        self.shop, self.guests, self.at = shop, guests, at
        self.theo = as_member(shop.members["Theo Brandt"])

    def when(self, minutes: int) -> datetime:
        """So far from now, on a quarter of an hour, and always today."""
        near = self.at + timedelta(minutes=minutes)
        near -= timedelta(minutes=near.minute % 15, seconds=near.second, microseconds=near.microsecond)
        return min(max(near, on(self.at, 0, 0)), on(self.at, 0, 23, 30))

    def ago(self, minutes: int) -> datetime:
        """So long ago, but today: just after midnight the day has hardly begun."""
        return max(self.at - timedelta(minutes=minutes), on(self.at, 0, 0))

    def book(
        self,
        names: str,
        service: str,
        starts_at: datetime,
        ends_at: datetime | None = None,
        *,
        place: str = "Maple Street",
        session: ServiceSession | None = None,
        requested: bool = False,
    ) -> Booking:
        family: list[Pet] = [self.guests[name] for name in names.split(" & ")]
        of, client = self.shop.services[service], family[0].client
        ends_at = ends_at or starts_at + timedelta(minutes=of.minutes * len(family))
        return bookings.book(
            client,
            of,
            family,
            location=self.shop.locations[place],
            starts_at=starts_at,
            ends_at=ends_at,
            session=session,
            providers=self.who(of, starts_at, ends_at),
            needs_approval=requested,
            by=as_client(client),
            at=min(self.at, starts_at) - timedelta(days=3),
        )

    def who(self, of: Service, starts_at: datetime, ends_at: datetime) -> list[Provider]:
        """A class is Theo’s. Appointments crowd around midnight, and then not everyone has somebody of their own."""
        theo, nina, ana = (self.shop.providers[name] for name in ("Theo Brandt", "Nina Park", "Ana Silva"))
        if of.kind != ServiceKind.INDIVIDUAL:
            return [theo] if of.kind == ServiceKind.GROUP else []
        hour = timedelta(hours=1)
        taken = engagements.busy([ana.id, nina.id], starts_at - hour, ends_at + hour, at=starts_at)
        return [one for one in (ana, nina) if one.id not in taken][:1]

    def check_in(self, booking: Booking, minutes: int = 4) -> Booking:
        """So long after the time, but not later than now."""
        attendances.check_in(booking, by=self.theo, at=min(booking.starts_at + timedelta(minutes=minutes), self.at))
        return booking


def arrivals(desk: Desk) -> None:
    """Two are late, one has not been confirmed, one never came."""
    desk.book("Luna", "Nail Trim", desk.when(-35))
    desk.book("Bear", "Daycare, half day", desk.when(-15))
    desk.book("Waffles", "Full Groom", desk.when(30))
    desk.book("Hazel", "Daycare, half day", desk.when(60), place="Riverside")
    desk.book("Pepper", "Nail Trim", desk.when(75), requested=True)
    otis = desk.book("Otis", "Nail Trim", desk.when(-75), place="Riverside")
    attendances.miss(
        otis, by=desk.theo, at=desk.at - timedelta(minutes=min(12, (desk.at - otis.starts_at).seconds // 60))
    )


def stays(desk: Desk) -> None:
    desk.check_in(desk.book("Moose", "Boarding", on(desk.at, -1, 15), on(desk.at, 3, 11)))
    cats = desk.book("Tofu & Clover", "Boarding", on(desk.at, -2, 16), on(desk.at, 5, 10), place="Riverside")
    desk.check_in(cats, 20)


def departures(desk: Desk) -> None:
    """One goes home after three nights, one should have been fetched, one has just left."""
    desk.check_in(desk.book("Coco", "Boarding", on(desk.at, -3, 15), desk.when(45)))
    desk.check_in(desk.book("Ruby", "Daycare, half day", desk.when(-180), desk.when(150)))
    desk.check_in(desk.book("Nala", "Daycare, half day", desk.when(-240), desk.when(-30), place="Riverside"))
    archie = desk.check_in(desk.book("Archie", "Full Groom", desk.when(-120), desk.when(-15)), 0)
    attendances.check_out(archie, by=desk.theo, at=desk.ago(2))


def lesson(desk: Desk) -> None:
    """Three of six places are taken, and one of the dogs is here already."""
    agility = session(desk.shop, "Agility for Beginners", desk.when(75))
    for name in ("Duke", "Freya", "Scout"):
        booked = desk.book(name, "Agility for Beginners", agility.starts_at, agility.ends_at, session=agility)
        if name == "Scout":
            attendances.check_in(booked, by=desk.theo, at=desk.ago(3))
    session(desk.shop, "Nose Work Drop-in", desk.when(300))


def full_classes(desk: Desk) -> None:
    """The two that Rosa waits for: six dogs were faster."""
    nose_work = desk.shop.services["Nose Work Drop-in"]
    for days in (4, 11):
        of = ServiceSession.service_id == nose_work.id, ServiceSession.starts_at == on(desk.at, days, 18, 30)
        row = db.session.scalars(select(ServiceSession).where(*of).order_by(ServiceSession.id)).first()
        for name in ("Duke", "Freya", "Scout", "Ruby", "Archie", "Coco"):
            desk.book(name, nose_work.name, on(desk.at, days, 18, 30), session=row)
