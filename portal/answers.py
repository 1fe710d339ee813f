"""Two answers serve every view: show a page or its part; say a change is done."""

from typing import Any

from flask import Flask, Response, abort, flash, redirect, render_template
from flask_wtf import CSRFProtect
from htmx_flask import Htmx, request
from werkzeug.wrappers import Response as AnyResponse

from portal.db import SAFE
from portal.links import own_path

csrf = CSRFProtect()
Answer = str | tuple[str, int] | AnyResponse


def wants_part() -> bool:
    return bool(request.htmx and not request.htmx.boosted and not request.htmx.history_restore_request)


def asked_on(path: str) -> bool:
    """Whether htmx asks from the page of this path: only what is on a page can be swapped there."""
    return own_path(request.htmx.current_url or "", path).partition("?")[0] == path


def show(page: str, part: str | None = None, status: int = 200, **names: Any) -> Answer:
    """The whole page, or for htmx just the part of it that the page includes."""
    template = f"partials/{part}.html" if part and wants_part() else f"pages/{page}.html"
    return render_template(template, **names), status


def done(part: str, *others: str, then: str, said: str, toast: bool = False, **names: Any) -> Answer:
    """After a change: htmx gets the parts (others out of band); a plain form goes on to a page, which says it.

    With `toast` htmx says it too: for changes that do not show where the finger was.
    """
    if not wants_part():
        flash(said)
        return redirect(then, 303)
    parts = [render_template(f"partials/{part}.html", **names)]
    parts += [render_template(f"partials/{other}.html", oob=True, **names) for other in others]
    if toast:
        parts.append(render_template("partials/shared/toast.html", says=said, oob=True))
    return "\n".join(parts)


def go(then: str, said: str = "") -> AnyResponse:
    """On to another page, for htmx and plain forms alike."""
    if said:
        flash(said)
    if wants_part():
        return Response("", 200, {"HX-Redirect": then})
    return redirect(then, 303)


def asked_page(home: str) -> str | None:
    """The page they were on, or wanted, when they had to sign in; none where they come out at home anyway."""
    if wants_part():
        page = own_path(request.headers.get("HX-Current-URL", ""), home)
    elif request.method == "GET":
        page = request.full_path.rstrip("?")
    else:
        page = own_path(request.referrer or "", home)
    return None if page == home else page


def to_door(door: str) -> AnyResponse:
    """Their sign-in has run out. What they sent was not done, and they are told so where they sign in."""
    if request.method not in SAFE:
        flash("You were signed out, so nothing was changed. Sign in, then do it once more.")
    return Response("", 401, {"HX-Redirect": door}) if wants_part() else redirect(door)


def init_app(app: Flask) -> None:
    csrf.init_app(app)
    Htmx(app)

    @app.before_request
    def only_from_here() -> None:
        """The browser itself says where a request comes from: a second lock beside the token."""
        if request.method not in SAFE and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            abort(403)
