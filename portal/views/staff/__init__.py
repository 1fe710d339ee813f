"""The front desk."""

from portal.views.staff import sign_in, today
from portal.views.staff.room import room

__all__ = ["room", "sign_in", "today"]
