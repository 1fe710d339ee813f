"""Vaccines that clients sent: the certificate beside the date, a tap when it is right, a question when it is not."""

from typing import Any

from flask import make_response, url_for

from portal import wording
from portal.answers import Answer, done, go, show
from portal.db import now
from portal.headers import CONTENT_SECURITY_POLICY
from portal.identity import business
from portal.inputs import asked, number
from portal.inputs.vaccines import AskAgain, CheckInput, UndoCheck
from portal.models import Client, Vaccination
from portal.rules import addresses, vaccine_checks
from portal.rules.refused import Refused
from portal.rules.shelves import opens_in_tab
from portal.views.files import attachment
from portal.views.staff.room import look_again, me, room, the

# A PDF is shown in a frame of our own.
FRAMES = {"Content-Security-Policy": f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"}


@room.get("/vaccines")
def list_unchecked() -> Answer:
    """After a check without JavaScript the address tells what was checked, and the date that stood there before."""
    last = number("checked")
    undo = vaccine_checks.one(the(Vaccination, last, Vaccination.checked_at.is_not(None))) if last else None
    return framed(show("staff/vaccines", "staff/vaccine_queue", **waiting(), undo=undo, was=asked("was")))


@room.get("/vaccines/<int:vaccination_id>")
def show_unchecked(vaccination_id: int) -> Answer:
    chosen = vaccine_checks.one(sent(vaccination_id))
    return framed(show("staff/vaccines", "staff/vaccine_queue", **waiting(chosen)))


def sent(vaccination_id: int) -> Vaccination:
    """One of which there is something to look at."""
    return the(Vaccination, vaccination_id, Vaccination.updated_at.is_not(None))


def framed(answer: Answer) -> Answer:
    response = make_response(answer)
    response.headers.update(FRAMES)
    return response


def waiting(chosen: vaccine_checks.Unchecked | None = None, form: CheckInput | None = None) -> dict[str, Any]:
    """The queue, and the one of it that is looked at: the first where none is chosen."""
    queue = vaccine_checks.queue()
    current = chosen or next(iter(queue), None)
    rest = [row for row in queue if current is None or row.id != current.id]
    if current and form is None:
        form = check_form(formdata=None, expires_on=current.expires_on, seen=current.version)
    return {"section": "Vaccines", "current": current, "rest": rest, "form": form, "at": now()}


def check_form(**more: Any) -> CheckInput:
    return CheckInput(today=wording.today_in(business().time_zone, now()), **more)


@room.post("/vaccines/<int:vaccination_id>/check")
def check_vaccine(vaccination_id: int) -> Answer:
    vaccination, form = sent(vaccination_id), check_form()
    was = vaccine_checks.one(vaccination)
    day = form.expires_on.data if form.validate() else None
    if day is None:
        return framed(show("staff/vaccines", "staff/vaccine_queue", 422, **waiting(was, form)))
    vaccine_checks.check(vaccination, expires_on=day, seen=form.seen.data or "", by=me().actor, at=now())
    before = was.expires_on.isoformat() if was.expires_on else ""
    then = url_for(".list_unchecked", checked=was.id, was=before)
    return moved_up(f"{was.pet}’s {was.vaccine} is checked.", then, undo=was, was=before)


@room.delete("/vaccines/<int:vaccination_id>/check")
@room.post("/vaccines/<int:vaccination_id>/check/undo")
def uncheck_vaccine(vaccination_id: int) -> Answer:
    vaccination, form = sent(vaccination_id), UndoCheck()
    if not form.validate():
        raise Refused("This is not the date that stood there. Open the pet’s page to change what is on file.")
    vaccine_checks.uncheck(vaccination, expires_on=form.expires_on.data, by=me().actor, at=now())
    back = vaccine_checks.one(vaccination)
    then = url_for(".show_unchecked", vaccination_id=back.id)
    return moved_up(f"{back.pet}’s {back.vaccine} waits again.", then, chosen=back)


def moved_up(said: str, then: str, *, chosen: vaccine_checks.Unchecked | None = None, **names: Any) -> Answer:
    """The next one takes the place of the one that is done."""
    look_again()
    names |= {"focus": True, **waiting(chosen)}
    return done("staff/vaccine_queue", "staff/vaccines_link", then=then, said=said, **names)


@room.get("/vaccines/<int:vaccination_id>/question")
def write_question(vaccination_id: int) -> Answer:
    told = vaccine_checks.one(sent(vaccination_id))
    return asking(told, AskAgain(text=vaccine_checks.words_to_ask(told), seen=told.version))


@room.post("/vaccines/<int:vaccination_id>/question")
def ask_again(vaccination_id: int) -> Answer:
    vaccination, form = sent(vaccination_id), AskAgain()
    told = vaccine_checks.one(vaccination)
    if not form.validate():
        return asking(told, form, 422)
    words = {"seen": form.seen.data or "", "key": form.key.data or ""}
    try:
        vaccine_checks.ask_again(vaccination, form.text.data or "", **words, by=me().actor, at=now())
    except Refused as no:
        form.text.errors = [str(no)]
        return asking(told, form, 422)
    return go(url_for(".list_unchecked"), f"{told.first_name} is asked again. What comes stands here then.")


def asking(told: vaccine_checks.Unchecked, form: AskAgain, status: int = 200) -> Answer:
    client = the(Client, told.client_id)
    way = addresses.first_way(client)
    names = {"told": told, "form": form, "client": client, "way": way, "to": addresses.of(client, way)}
    return show("staff/vaccine_question", "staff/vaccine_question_form", status, **names)


@room.get("/vaccines/<int:vaccination_id>/record")
def open_record(vaccination_id: int) -> Answer:
    record = sent(vaccination_id).file
    return attachment(record, inline=record is not None and opens_in_tab(record.type), framed=True)
