"""What clients ask for in words: scheduled by booking it, or declined with a reason."""

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.cursors import after
from portal.inputs.service_requests import Declining
from portal.models import Client, ServiceRequest
from portal.rules import service_requests
from portal.views.staff.room import me, room, the


@room.get("/requests/services")
def list_service_requests() -> Answer:
    start = after()
    stretch, answered = service_requests.waiting(start), [] if start else service_requests.answered()
    return show("staff/service_requests", "staff/service_request_rows", at=now(), stretch=stretch, answered=answered)


@room.post("/requests/services/<int:service_request_id>/scheduling")
def schedule_service_request(service_request_id: int) -> Answer:
    asked = the(ServiceRequest, service_request_id)
    service_requests.schedule(asked, by=me().actor, at=now())
    return go("/desk/requests/services", said="Done: it is taken off the list.")


@room.get("/requests/services/<int:service_request_id>/answer")
def write_service_answer(service_request_id: int) -> Answer:
    return answering(the(ServiceRequest, service_request_id), Declining())


@room.post("/requests/services/<int:service_request_id>/answer")
def decline_service_request(service_request_id: int) -> Answer:
    asked, form = the(ServiceRequest, service_request_id), Declining()
    if not form.validate():
        return answering(asked, form, 422)
    tell = not form.quiet.data
    service_requests.decline(asked, form.answer.data or "", tell=tell, by=me().actor, at=now())
    said = "Your answer is on its way to the client." if tell else "Declined. The client reads why in the portal."
    return go("/desk/requests/services", said=said)


def answering(asked: ServiceRequest, form: Declining, status: int = 200) -> Answer:
    client = the(Client, asked.client_id)
    names = {"asked": asked, "client": client, "form": form}
    return show("staff/service_answer", "staff/service_answer_form", status, **names)
