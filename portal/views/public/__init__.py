"""The open room."""

from portal.views.public import frame, sign_in
from portal.views.public.room import room

__all__ = ["frame", "room", "sign_in"]
