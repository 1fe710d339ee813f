"""The front desk."""

from portal.views.staff import (
    customer,
    customer_pets,
    customers,
    inbox,
    locations,
    mergers,
    settings,
    sign_in,
    today,
    viewing,
)
from portal.views.staff.room import room

__all__ = [
    "customer",
    "customer_pets",
    "customers",
    "inbox",
    "locations",
    "mergers",
    "room",
    "settings",
    "sign_in",
    "today",
    "viewing",
]
