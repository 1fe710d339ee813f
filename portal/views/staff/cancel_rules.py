"""Cancellation rules, in the settings: one for each service."""

from datetime import datetime

from flask import url_for

from portal.answers import Answer, done, show
from portal.db import now
from portal.identity import business
from portal.inputs.catalogue import CancelRuleInput
from portal.models import Service
from portal.rules import cancel_rules
from portal.views.staff.room import room, the


@room.get("/settings/cancellation")
def list_cancel_rules() -> Answer:
    rows = [(service, cancel_rules.both(service)) for service in cancel_rules.every()]
    return show("staff/settings/cancel_rules", rows=rows)


@room.get("/settings/cancellation/<int:service_id>")
def edit_cancel_rule(service_id: int) -> Answer:
    service = the(Service, service_id)
    return written(filled_in(service), service, now())


@room.post("/settings/cancellation/<int:service_id>")
def change_cancel_rule(service_id: int) -> Answer:
    service, form, at = the(Service, service_id), CancelRuleInput(), now()
    if not form.validate():
        return written(form, service, at, 422)
    cancel, move = (cancel_rules.Limits(*form.limits(verb)) for verb in ("cancel", "move"))
    cancel_rules.change(service, cancel=cancel, move=move)
    then, reads = url_for(".edit_cancel_rule", service_id=service.id), reading(service, at)
    names = {"form": filled_in(service), "service": service, "reads": reads}
    return done("staff/cancel_rule_form", then=then, said="Saved.", toast=True, **names)


def written(form: CancelRuleInput, service: Service, at: datetime, status: int = 200) -> Answer:
    names = {"form": form, "service": service, "reads": reading(service, at)}
    return show("staff/settings/cancel_rule", "staff/cancel_rule_form", status, **names)


def reading(service: Service, at: datetime) -> str:
    return cancel_rules.reads(service, business().time_zone, at)


def filled_in(service: Service) -> CancelRuleInput:
    words: dict[str, object] = {}
    for verb, limits in (("cancel", cancel_rules.to_cancel(service)), ("move", cancel_rules.to_move(service))):
        allowed, hours, at = limits
        words |= {f"{verb}_allowed": allowed, f"{verb}_hours": "" if hours is None else str(hours)}
        words[f"{verb}_day_before_at"] = f"{at:%H:%M}" if at else ""
    return CancelRuleInput(formdata=None, data=words)
