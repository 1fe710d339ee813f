"""Signing in with a code."""

from functools import partial
from typing import Any

from flask import request, url_for

from portal.answers import Answer, go, show
from portal.db import now
from portal.inputs import Input, asked
from portal.inputs.accounts import AskForCode, EnterCode
from portal.rules import codes
from portal.rules.refused import Refused
from portal.views.doors import browser, filled_in, origin, refused, typed
from portal.views.public.room import room
from portal.views.public.sign_in import LONGEST_WAY, let_in

page = partial(show, "public/ask_for_code")


@room.get("/sign-in/code")
def ask_for_code() -> Answer:
    return page(form=AskForCode())


@room.post("/sign-in/code")
@filled_in(AskForCode, page, beside="login")
def send_code(form: AskForCode) -> Answer:
    codes.ask(typed(form.login), asker=browser(), origin=origin(), at=now())
    return go(entry())


def entry() -> str:
    return url_for(".enter_code", next=asked("next", most=LONGEST_WAY) or None)


def entry_page(form: Input, **names: Any) -> Answer:
    return show("public/enter_code", form=form, sent=codes.sent(browser(), at=now()), **names)


@room.get("/sign-in/code/entry")
def enter_code() -> Answer:
    return entry_page(EnterCode())


@room.post("/sign-in/code/entry")
@filled_in(EnterCode, entry_page, beside="code")
def enter_by_code(form: EnterCode) -> Answer:
    at = now()
    client = codes.recognise(browser(), form.digits, at=at)
    return let_in(client, remember=form.remember.data, at=at)


@room.post("/sign-in/code/another")
def send_another_code() -> Answer:
    by_email = "by_email" in request.form
    try:
        codes.ask_again(browser(), by_email=by_email, origin=origin(), at=now())
    except Refused as no:
        return refused(entry_page, EnterCode(formdata=None), no)
    return go(entry(), said="Another code is on its way. The one before is no longer good.")
