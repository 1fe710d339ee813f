"""First steps, on Today: shown to owners of a new business until all are done, or put away."""

from flask import url_for

from portal import identity
from portal.answers import Answer, go
from portal.rules import business, first_steps
from portal.views.staff.roles import may
from portal.views.staff.room import me, room


def steps_ahead() -> first_steps.Steps | None:
    if identity.business().first_steps and may(me().role, "staff.dismiss_first_steps"):
        return first_steps.steps()
    return None


@room.post("/first-steps/dismissal")
def dismiss_first_steps() -> Answer:
    business.change(business.the_business(), first_steps=False)
    return go(url_for(".today"), said="All of it is in the settings.")
