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
    "staff.list_inbox": Role.TEAM,
    "staff.show_inbox_thread": Role.TEAM,
    "staff.answer": Role.TEAM,
    "staff.assign_thread": Role.TEAM,
    "staff.try_message_again": Role.TEAM,
    "staff.choose_client": Role.TEAM,
    "staff.write_to_client": Role.TEAM,
    "staff.send_to_client": Role.TEAM,
    "staff.open_attachment": Role.TEAM,
    "staff.list_customers": Role.TEAM,
    "staff.write_customer": Role.TEAM,
    "staff.add_customer": Role.TEAM,
    "staff.show_customer": Role.TEAM,
    "staff.list_customer_past": Role.TEAM,
    "staff.list_customer_messages": Role.TEAM,
    "staff.list_customer_history": Role.TEAM,
    "staff.show_customer_photo": Role.TEAM,
    "staff.edit_customer": Role.TEAM,
    "staff.change_customer": Role.TEAM,
    "staff.choose_for_customer": Role.TEAM,
    "staff.unsubscribe_customer": Role.TEAM,
    "staff.invite_customer": Role.TEAM,
    "staff.make_client": Role.TEAM,
    "staff.show_pet": Role.TEAM,
    "staff.show_pet_photo": Role.TEAM,
    "staff.write_pet": Role.TEAM,
    "staff.add_pet": Role.TEAM,
    "staff.edit_pet": Role.TEAM,
    "staff.change_pet": Role.TEAM,
    "staff.ask_to_deactivate": Role.TEAM,
    "staff.deactivate_customer": Role.TEAM,
    "staff.reactivate_customer": Role.TEAM,
    "staff.ask_to_delete_customer": Role.MANAGER,
    "staff.delete_customer": Role.MANAGER,
    "staff.ask_to_view": Role.MANAGER,
    "staff.view_as_client": Role.MANAGER,
    "staff.list_settings": Role.TEAM,
    "staff.show_business": Role.OWNER,
    "staff.change_business": Role.OWNER,
    "staff.check_colour": Role.OWNER,
    "staff.list_locations": Role.MANAGER,
    "staff.write_location": Role.MANAGER,
    "staff.add_location": Role.MANAGER,
    "staff.edit_location": Role.MANAGER,
    "staff.change_location": Role.MANAGER,
    "staff.deactivate_location": Role.MANAGER,
    "staff.reactivate_location": Role.MANAGER,
    "staff.remove_location": Role.MANAGER,
    "staff.show_portal_settings": Role.MANAGER,
    "staff.change_portal_settings": Role.MANAGER,
    "staff.sign_out": Role.TEAM,
}


def may(role: Role, endpoint: str | None) -> bool:
    least = LEAST.get(endpoint or "")
    return least is not None and RANK[role] >= RANK[least]
