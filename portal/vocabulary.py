"""The words templates may use: the same questions the rules ask."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from flask import Flask
from jinja2.ext import Extension
from markupsafe import Markup, escape

from portal import colours, devices, marks, wording
from portal.assets import asset
from portal.db import now
from portal.identity import business, here
from portal.prose import prose
from portal.rules import cancelling, customers, desk_rows, inboxes, moves, standing, thread_lists, wishes
from portal.rules.turns import Waiting


@cache
def icon(name: str, extra: str = "") -> Markup:
    """A drawn sign from the sprite; always beside a word or inside something that has a name."""
    kind = f"icon {extra}".strip()
    return Markup(f'<svg class="{kind}" aria-hidden="true"><use href="{asset("sprite.svg")}#{name}"/></svg>')


@cache
def drawing(name: str, box: str = "0 0 64 64") -> Markup:
    return Markup(f'<svg viewBox="{box}" aria-hidden="true"><use href="{asset("sprite.svg")}#{name}"/></svg>')


def silhouette(name: str) -> Markup:
    """A drawing that fills the round it stands in, and so needs no box of its own."""
    return Markup(f'<svg aria-hidden="true"><use href="{asset("sprite.svg")}#{name}"/></svg>')


# Nobody but the template itself has a say in these, so they are the same each time.
SAID: dict[str, Callable[..., str]] = {"icon": icon, "drawing": drawing, "asset": asset}
NAMED = re.compile(r'\{\{ (icon|drawing|asset)\(("[^"]*"(?:, "[^"]*")*)\) \}\}')
INCLUDED = re.compile(r'\{% include "(partials/[^"]+)" %\}')
INDENTED = re.compile(r"^[ \t]+(?=<)", re.MULTILINE)


class Drawn(Extension):
    """Writes them into a template as it is read, not into each page as it is made, and leaves out what only we see."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        whole = source if self.environment.auto_reload else self.with_parts(source)
        drawn = NAMED.sub(lambda found: escape(SAID[found[1]](*re.findall('"(.*?)"', found[2]))), whole)
        return INDENTED.sub("", drawn) if name and name.endswith(".html") else drawn

    def with_parts(self, source: str) -> str:
        """Each part where it is included: to hand it all that a page knows takes longer than to write it."""
        return INCLUDED.sub(lambda found: f"{{% with %}}{self.with_parts(self.part(found[1]))}{{% endwith %}}", source)

    def part(self, name: str) -> str:
        assert self.environment.loader
        return self.environment.loader.get_source(self.environment, name)[0].removesuffix("\n")


def tint(id: int) -> str:
    """A pet's own colour, the same everywhere."""
    return f"tint-{id % 8 + 1}"


PIXELS = {"xs": 24, "s": 32, "": 40, "v": 48, "m": 64, "l": 128}


@lru_cache(4_096)
def pet_avatar(id: int, drawn: str, photo_id: int | None, size: str = "", address: str = "", place: str = "") -> Markup:
    """A pet's round photo, or its drawn animal. The name stands beside it, so the picture has none."""
    kind = f"{place}avatar avatar--{size}" if size else f"{place}avatar"
    if not photo_id:
        return Markup(f'<span class="{kind} {tint(id)}">{silhouette(drawn)}</span>')
    address = address or f"/pets/{id}/photo?v={photo_id}"
    side = PIXELS[size]
    picture = f'<img src="{escape(address)}" alt="" width="{side}" height="{side}" loading="lazy">'
    return Markup(f'<span class="{kind}">{picture}</span>')


def desk_face(pet: Any, size: str = "", place: str = "") -> Markup:
    """The same at the desk, where photos are under an address of its own."""
    address = f"/desk/pets/{pet.id}/photo?v={pet.photo_id}" if pet.photo_id else ""
    return pet_avatar(pet.id, pet.drawing, pet.photo_id, size, address, place)


# By the kind of service: its sign, and what its price is for.
KINDS = {
    "individual": ("user", "an appointment"),
    "group": ("users", "a class"),
    "series": ("repeat", "a date"),
    "day": ("house", "a day"),
    "stay": ("moon", "a night"),
}


def service_price(service: Any) -> str:
    """$85.00 for 1 h 30 min; $42.00 a day; each for one pet."""
    price = wording.money(service.price, business().currency) if service.price else "Free"
    if service.kind == "individual":
        return f"{price} for {wording.lasting(timedelta(minutes=service.minutes))}"
    return f"{price} {KINDS[service.kind][1]}" if service.price else price


def booking_span(row: Any, at: datetime) -> str:
    return wording.span(row.starts_at, row.ends_at, row.zone, at)


def booking_starts(row: Any, at: datetime) -> str:
    return wording.moment(row.starts_at, row.zone, at)


def on_day(moment: datetime, at: datetime) -> str:
    """The day as the business sees it: Today, Tue 24 Nov."""
    zone = business().time_zone
    return wording.day(wording.local(moment, zone).date(), wording.today_in(zone, at))


def initials(name: str) -> str:
    parts = [part[0] for part in name.split() if part[0].isalnum()]
    return "".join(parts[:1] + parts[1:][-1:]).upper()


def dom_id(part: str, row: Any) -> str:
    return f"{part}-{row.id}"


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        icon=icon,
        drawing=drawing,
        tint=tint,
        pet_avatar=pet_avatar,
        initials=initials,
        dom_id=dom_id,
        now=now,
        counted=wording.counted,
        contrast=colours.contrast,
        readable=colours.readable,
    )
    app.jinja_env.filters.update(
        desk_face=desk_face,
        rows_in=desk_rows.rows,
        listed=wording.listed,
        grouped=wording.grouped,
        size=wording.size,
        full_day=wording.full_day,
        spoken_day=wording.spoken_day,
        day_of_month=wording.day_of_month,
        month_name=wording.month_name,
        time_of_day=wording.clock,
        kind_sign=lambda kind: KINDS[kind][0],
        service_price=service_price,
        clock=lambda at, zone: wording.clock(wording.local(at, zone)),
        money=lambda minor: wording.money(minor, business().currency),
        in_zone=wording.local,
        month=lambda when: wording.MONTHS[when.month],
        span=booking_span,
        hours=wording.hours,
        between=wording.between,
        to_the_minute=wording.to_the_minute,
        starts=booking_starts,
        machine_start=lambda row: wording.machine(row.starts_at, row.zone),
        moment=wording.moment,
        moment_with_zone=wording.moment_with_zone,
        midway=wording.midway,
        cut_off=cancelling.cut_off,
        why_not_cancel=cancelling.why_not_cancel,
        move_cut_off=moves.move_cut_off,
        why_not_move=moves.why_not_move,
        status=standing.status,
        state_mark=marks.MARKS.__getitem__,
        pet_names=standing.pet_names,
        after_cancelling=cancelling.after_cancelling,
        wish_when=wishes.when,
        faces=marks.faces,
        cells=marks.cells,
        weekday=lambda when: wording.DAYS[when.weekday()],
        phone=wording.phone_words,
        since=wording.since,
        machine=wording.machine,
        lasting=wording.lasting,
        greeting=lambda at: wording.greeting(at, business().time_zone),
        prose=prose,
        glance=thread_lists.glance,
        preview=inboxes.preview,
        ending=lambda name: name.rpartition(".")[2].upper(),
        on_day=on_day,
        device=devices.words,
        account_number=wording.account_number,
        address_lines=lambda client: wording.address_lines(client.street, client.city, client.region, client.postcode),
    )
    app.jinja_env.tests.update(
        cancellable=cancelling.cancellable,
        restorable=cancelling.restorable,
        movable=lambda booking, at: business().moves_open and moves.movable(booking, at),
        readable=colours.is_readable,
        waiting=lambda row: isinstance(row, Waiting),
        new=lambda row, at: customers.is_new(row.created_at, at),
    )
    app.jinja_env.cache = {}  # there are as many templates as there are, so none has to make room
    app.jinja_env.add_extension(Drawn)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(people)


def people() -> dict[str, Any]:
    return {"business": business(), "me": here()}
