"""What a person sees when something says no."""

import logging
import sqlite3
from secrets import token_hex

from flask import Flask, Response, current_app, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from portal.answers import Answer, wants_part
from portal.db import db
from portal.gateways import files
from portal.links import own_path
from portal.rules.refused import Refused
from portal.rules.throttles import TooMany, seconds_of
from portal.rules.viewing import NotWhileViewing

log = logging.getLogger("portal")

WORDS = {
    400: ("That did not work", "Something in the address or the form was not understood. Go back and try once more."),
    403: ("Not allowed", "This is not open to you. If you think it should be, contact us."),
    404: ("This page has rolled away", "The address may be old, or it belongs to somebody else."),
    405: ("That did not work", "This address cannot be used in that way. Go back and use the buttons of the page."),
    413: ("Too large", "What you sent is larger than we take: 25 MB for a file. Nothing was saved."),
    429: ("Too many tries", "Please wait a few minutes, then try once more."),
    503: ("Just a moment", "We are very busy or being mended. Nothing was changed; try again in a minute."),
}
# To who is still on a page that stays as it is: nobody has gone anywhere, and what is shown may be old.
BRIEFLY = {
    400: "That was not understood. Reload the page and try again.",
    403: "This is not open to you. Reload the page to see what is.",
    404: "This is no longer here. Reload the page to see what is.",
    405: "That cannot be done in this way. Reload the page and try again.",
    413: "That is too large to send: a file may have 25 MB. Nothing was changed.",
    429: "Too many tries. Wait a few minutes, then try again.",
    503: WORDS[503][1],
}


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, refused)
    app.register_error_handler(TooMany, too_many)
    app.register_error_handler(NotWhileViewing, not_theirs)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, failed)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(sqlite3.OperationalError, unavailable)
    app.register_error_handler(files.Unavailable, unavailable)
    app.register_error_handler(Exception, broken)


def refused(no: Refused) -> Answer:
    if wants_part():
        toast = render_template("partials/shared/toast.html", says=str(no), oob=True)
        return Response(toast, 422, {"HX-Reswap": "none"})
    return page(422, "That cannot be done", str(no))


def too_many(no: TooMany) -> Answer:
    answer = make_response(refused(no))
    answer.status_code = 429
    answer.headers["Retry-After"] = str(seconds_of(no.wait))
    return answer


def not_theirs(no: NotWhileViewing) -> Answer:
    return page(403, "Not while you are viewing", str(no))


def stale_form(error: CSRFError) -> Answer:
    why = "This page was open for too long, or you have signed in or out since."
    briefly = f"{why} Reload it and try again."
    return page(400, "This page is no longer fresh", f"{why} Go back, reload it and try again.", briefly)


def failed(error: HTTPException) -> Answer:
    if isinstance(error.response, Response):
        return error.response
    code = error.code or 500
    title, words = WORDS.get(code, WORDS[400])
    if code == 403 and request.path.startswith("/desk"):
        words = "Your role does not open this. If you need it, ask an owner or a manager."
    answer = page(code, title, words, BRIEFLY.get(code, BRIEFLY[400]))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            answer.headers[name] = value
    return answer


def unavailable(error: DBAPIError | sqlite3.OperationalError | files.Unavailable) -> Answer:
    """The database or the store of files is down, full or too busy."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    log.error("unavailable: %s", type(cause).__name__)
    db.session.rollback()
    answer = page(503, *WORDS[503])
    answer.headers["Retry-After"] = "30"
    return answer


def broken(error: Exception) -> Answer:
    reference = token_hex(4)
    log.exception("failed, reference %s", reference)
    db.session.rollback()
    title, words = "Something broke on our side", f"It is written down under {reference}. Nothing was changed."
    return page(500, title, words, f"{title}. {words}")


def page(code: int, title: str, words: str, briefly: str = "") -> Response:
    """A page of its own that asks the database for nothing; htmx gets words alone, which the toast says."""
    if wants_part():
        return Response(briefly or words, code, {"HX-Reswap": "none", "Content-Type": "text/plain; charset=utf-8"})
    staff = request.path.startswith("/desk")
    home = url_for("staff.today") if staff else url_for("client.list_bookings")
    back = own_path(request.referrer or "", home) if request.method != "GET" else home
    sheet = current_app.jinja_env.get_template("pages/error.html")
    return Response(sheet.render(title=title, words=words, back=back), code)
