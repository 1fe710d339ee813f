"""Who may use which address of the desk: the reviewed table. An address that is not here opens to nobody."""

from portal.models import Role

RANK = {Role.TEAM: 0, Role.MANAGER: 1, Role.OWNER: 2}

# The least role that each address asks for.
LEAST = {
    "staff.today": Role.TEAM,
    "staff.check_in": Role.TEAM,
    "staff.undo_check_in": Role.TEAM,
    "staff.check_out": Role.TEAM,
    "staff.undo_check_out": Role.TEAM,
    "staff.miss": Role.TEAM,
    "staff.undo_miss": Role.TEAM,
    "staff.sign_out": Role.TEAM,
}


def may(role: Role, endpoint: str | None) -> bool:
    least = LEAST.get(endpoint or "")
    return least is not None and RANK[role] >= RANK[least]
