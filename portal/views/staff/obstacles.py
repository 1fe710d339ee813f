"""“Why can’t they book?”: the same reasons that the client reads, for one service."""

from typing import Any

from portal.answers import Answer, show
from portal.db import now
from portal.inputs import asked, id_of
from portal.inputs.book import day_of
from portal.models import Client, Service
from portal.rules import desk_obstacles
from portal.views.staff.room import room, the


@room.get("/customers/<int:client_id>/obstacles")
def show_obstacles(client_id: int) -> Answer:
    client, id, day = the(Client, client_id), id_of(asked("service")), day_of(asked("day"))
    service = the(Service, id) if id else None
    found = desk_obstacles.reasons(client, service, day, at=now()) if service else []
    names: dict[str, Any] = {"service": service, "day": day, "found": found, "stops": desk_obstacles.all_stop(found)}
    return show("staff/customer_obstacles", client=client, services=desk_obstacles.services(), **names)
