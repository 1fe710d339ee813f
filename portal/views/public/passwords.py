"""Set/Reset Password: asking for a link, and the page that it opens."""

from functools import partial

from flask import url_for

from portal import identity
from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs.accounts import AskForLink, NewPassword
from portal.rules import accounts, links
from portal.views.doors import filled_in, origin, typed
from portal.views.public.room import room

page = partial(show, "public/ask_for_link")


@room.get("/password")
def ask_for_link() -> Answer:
    return page(form=AskForLink())


@room.post("/password")
@filled_in(AskForLink, page, beside="email")
def send_link(form: AskForLink) -> Answer:
    accounts.ask_for_link(typed(form.email), origin=origin(), at=now())
    return go(url_for(".link_sent"))


@room.get("/password/sent")
def link_sent() -> Answer:
    return show("public/link_sent", neutral=accounts.neutral(now()), good_for=links.SPOKEN[links.Purpose.RESET])


@room.get("/password/<token>")
def choose_password(token: str) -> Answer:
    client, _ = links.opened(token, at=now())
    return show("public/new_password", client=client, form=NewPassword(accounts.forbidden_words(client)))


@room.post("/password/<token>")
def set_password(token: str) -> Answer:
    at = now()
    client, _ = links.opened(token, at=at)
    form = NewPassword(accounts.forbidden_words(client))
    if not form.validate():
        return show("public/new_password", status=422, client=client, form=form)
    accounts.set_password_by_link(token, typed(form.password), at=at)
    identity.sign_in_client(client, at=at)
    return go(url_for("client.list_bookings"), said="Your password is set, and you are signed in.")


@room.errorhandler(links.DeadLink)
def dead_link(no: links.DeadLink) -> Answer:
    return show("public/dead_link", status=410, no=no)
