"""Settings: the list of sections, and what clients find in the portal."""

from typing import Any

from flask import url_for

from portal.answers import Answer, done, show
from portal.inputs.business import PortalInput
from portal.rules import business
from portal.views.staff.room import room


@room.get("/settings")
def list_settings() -> Answer:
    return show("staff/settings/index")


@room.get("/settings/portal")
def show_portal_settings() -> Answer:
    return show("staff/settings/portal", form=PortalInput(obj=business.the_business()))


@room.post("/settings/portal")
def change_portal_settings() -> Answer:
    form = PortalInput()
    if not form.validate():
        return show("staff/settings/portal", "staff/settings_portal", 422, form=form)
    business.change(business.the_business(), **form.data)
    return saved("staff/settings_portal", url_for(".show_portal_settings"), form=form)


def saved(part: str, then: str, **names: Any) -> Answer:
    return done(part, then=then, said="Saved.", toast=True, **names)
