"""Who may book, answer requests and look after the waitlists: this part of the reviewed table of roles."""

from portal.models import Role

BOOKINGS = {
    "staff.choose_booker": Role.TEAM,
    "staff.add_booker": Role.TEAM,
    "staff.write_booking": Role.TEAM,
    "staff.show_booking": Role.TEAM,
    "staff.show_obstacles": Role.TEAM,
    "staff.ask_to_cancel_booking": Role.TEAM,
    "staff.cancel_booking": Role.TEAM,
    "staff.restore_booking": Role.TEAM,
    "staff.list_requests": Role.TEAM,
    "staff.list_service_requests": Role.TEAM,
    "staff.schedule_service_request": Role.TEAM,
    "staff.write_service_answer": Role.TEAM,
    "staff.decline_service_request": Role.TEAM,
    "staff.confirm_request": Role.TEAM,
    "staff.write_decline": Role.TEAM,
    "staff.decline_request": Role.TEAM,
    "staff.write_move": Role.TEAM,
    "staff.move_booking": Role.TEAM,
    "staff.add_booking": Role.TEAM,
    "staff.list_waitlists": Role.TEAM,
    "staff.show_line": Role.TEAM,
    "staff.choose_offer": Role.TEAM,
    "staff.offer_place": Role.TEAM,
    "staff.ask_to_remove_waiting": Role.TEAM,
    "staff.remove_waiting": Role.TEAM,
    "staff.choose_who_waits": Role.TEAM,
    "staff.write_waiting": Role.TEAM,
    "staff.add_waiting": Role.TEAM,
}
