"""Who gives a class, or a booking: their names, packed."""

from sqlalchemy import select

from portal.models import Booking, BookingProvider, Provider, ServiceSession, SessionProvider
from portal.rules.packing import packed

OF_SESSION = (
    select(packed(Provider.name))
    .join(SessionProvider, SessionProvider.provider_id == Provider.id)
    .where(SessionProvider.service_session_id == ServiceSession.id)
    .scalar_subquery()
)
OF_BOOKING = (
    select(packed(Provider.name))
    .join(BookingProvider, BookingProvider.provider_id == Provider.id)
    .where(BookingProvider.booking_id == Booking.id)
    .scalar_subquery()
)
