"""What is said of services: their kinds, who may book them, what is asked of vaccines."""

KINDS = {
    "individual": "Individual appointment",
    "group": "Group class",
    "series": "Series of classes",
    "day": "Day booking",
    "stay": "Stay",
}
KINDS_MEAN = {
    "individual": "One pet, or one family, in the time of a provider",
    "group": "Dates with places; each date is booked by itself",
    "series": "Dates with places that are booked as a whole",
    "day": "Daycare and the like: so many pets a day",
    "stay": "Boarding and the like: from one day to another",
}
ACCESS = {
    "public": "Everybody: it is listed, also for people who are not clients yet",
    "members": "Members: only clients with a membership that opens it see it and can book it",
    "link": "Whoever has the direct link: it is not listed, but everybody with the link can book it",
    "staff": "Staff only: clients cannot book it themselves",
}
ACCESS_SHORT = {"public": "", "members": "Members", "link": "By link", "staff": "Staff only"}
CHECKS = {
    "none": "Not asked",
    "warn": "Tell the client what is missing, but let them book",
    "stop": "Do not let them book until it is on file",
}
# How many minutes each is.
UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60}
GRID = (5, 10, 15, 20, 30, 45, 60, 90, 120)
# Which kinds a field is for; one that is not here is for all.
ONLY_FOR = {
    "minutes": {"individual", "group", "series"},
    "buffer_before": {"individual"},
    "buffer_after": {"individual"},
    "every_minutes": {"individual"},
    "together": {"individual"},
    "arrives_at": {"day", "stay"},
    "leaves_at": {"day", "stay"},
    "least_nights": {"stay"},
    "most_nights": {"stay"},
    "places": {"day", "stay"},
    "providers": {"individual", "group", "series"},
}


def fits(field: str, kind: str) -> bool:
    return kind in ONLY_FOR.get(field, KINDS)


def in_units(minutes: int) -> tuple[int, str]:
    """As people say it: 2880 minutes are 2 days."""
    for unit in ("days", "hours"):
        if minutes % UNITS[unit] == 0:
            return (minutes // UNITS[unit], unit) if minutes else (0, "hours")
    return minutes, "minutes"
