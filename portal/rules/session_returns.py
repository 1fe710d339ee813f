"""Dates of a class that were called off are brought back: it takes place after all, for whoever books it now."""

from datetime import datetime

from portal.db import atomic, db
from portal.models import Series, ServiceSession
from portal.rules import places, queues, series_additions, session_bookings, session_drafts
from portal.rules.actors import Actor
from portal.rules.places import Wanted
from portal.rules.refused import Refused, stale
from portal.rules.session_drafts import Draft
from portal.rules.session_plans import plan_of


def must_be_returnable(session: ServiceSession, at: datetime) -> None:
    if session.called_off_at is None:
        raise stale("This class takes place: it is not called off.")
    if session.starts_at <= at:
        raise Refused("That time is over, so it stays called off. Add a class at another time.")
    if session.service.retired_at or session.location.deactivated_at:
        closed = session.service if session.service.retired_at else session.location
        raise Refused(f"{closed.name} is not open any more, so it stays called off.")


def against(session: ServiceSession, at: datetime) -> list[str]:
    """What has come up for that time since: who gives it is busy, the house is closed."""
    plan = plan_of(session)
    draft = Draft(session.service, plan.location, *plan[:4], plan.providers)
    return [words for date in session_drafts.dates(draft, at=at, apart=[session.id]) for words in date.against]


@atomic
def bring_back(session: ServiceSession, *, registered: bool = False, tell: bool = True, by: Actor, at: datetime) -> int:
    """This date alone. Nobody is booked again by itself; who has registered for its series only if staff want it so.
    Given out: how many bookings that makes."""
    series = db.session.get_one(Series, session.series_id) if registered and session.series_id else None
    if series:
        series_additions.lock_clients(series)
    places.lock(Wanted(session.service, session.location, 1, session.starts_at, session.ends_at, session))
    db.session.refresh(session)
    must_be_returnable(session, at)
    session.called_off_at, session.called_off_why = None, ""
    db.session.flush()
    if series:
        series_additions.put_in_registered(session, series, tell=tell, by=by, at=at)
    else:
        queues.check(session.service_id, session.location_id, session_id=session.id, due_at=at)
    return len(session_bookings.held([session], at))
