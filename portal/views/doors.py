"""What both doors do alike: say a no on the page of the form, and know who knocks."""

from collections.abc import Callable
from functools import wraps
from secrets import token_urlsafe
from typing import TypeVar

from flask import make_response, request, session
from wtforms import Field

from portal.answers import Answer
from portal.inputs import Input
from portal.rules.refused import Refused
from portal.rules.throttles import TooMany, seconds_of

F = TypeVar("F", bound=Input)
Page = Callable[..., Answer]


def filled_in(
    blank: Callable[[], F], page: Page, beside: str = ""
) -> Callable[[Callable[[F], Answer]], Callable[[], Answer]]:
    """The view gets a well-formed form. What is wrong, or a rule's no, is said on the page; what was typed stays."""

    def given(view: Callable[[F], Answer]) -> Callable[[], Answer]:
        @wraps(view)
        def answered() -> Answer:
            form = blank()
            if not form.validate():
                return page(form=form, status=422)
            try:
                return view(form)
            except Refused as no:
                return refused(page, form, no, beside)

        return answered

    return given


def refused(page: Page, form: Input, no: Refused, beside: str = "") -> Answer:
    """A no that ends by itself says when; another stands beside the field that it is about, if it is about one."""
    if isinstance(no, TooMany):
        answer = make_response(page(form=form, no=no, status=429))
        answer.headers["Retry-After"] = str(seconds_of(no.wait))
        return answer
    if beside:
        form[beside].errors = [str(no)]
    return page(form=form, no="" if beside else no, status=422)


def typed(field: Field) -> str:
    """What stands in a field of a well-formed form."""
    return field.data or ""


def origin() -> str:
    return request.remote_addr or ""


def browser() -> str:
    """A name of this browser's own, which nobody else learns."""
    name: str = session.setdefault("browser", token_urlsafe(16))
    return name
