"""The front desk."""

from portal.views.staff import customer, customer_pets, customers, inbox, settings, sign_in, today, viewing
from portal.views.staff.room import room

__all__ = ["customer", "customer_pets", "customers", "inbox", "room", "settings", "sign_in", "today", "viewing"]
