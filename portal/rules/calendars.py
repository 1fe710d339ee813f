"""Bookings as other people's calendars understand them."""

from datetime import datetime

from icalendar import Calendar, Event

from portal.links import public
from portal.models import Booking
from portal.rules.business import the_business
from portal.rules.standing import standing, status
from portal.wording import listed

STATUS = {"Requested": "TENTATIVE", "Declined": "CANCELLED", "Cancelled": "CANCELLED"}


def one(booking: Booking, *, at: datetime) -> bytes:
    """One booking as a calendar file. The times are in UTC, which every calendar shows in the zone of its owner."""
    pets = listed([pet.name for pet in booking.pets])
    calendar = Calendar()
    calendar.add("prodid", "-//Latchkey//Portal//EN")
    calendar.add("version", "2.0")
    event = Event()
    event.add("uid", f"booking-{booking.id}@latchkey")
    event.add("dtstamp", at)
    event.add("dtstart", booking.starts_at)
    event.add("dtend", booking.ends_at)
    event.add("summary", f"{booking.service.name} for {pets}")
    event.add("location", f"{booking.location.name}, {booking.location.address}".strip(", "))
    event.add("description", f"{the_business().name}\n{public(f'/bookings/{booking.id}')}")
    event.add("status", STATUS.get(status(standing(booking.id), at), "CONFIRMED"))
    calendar.add_component(event)
    told: bytes = calendar.to_ical()
    return told
