"""One signed cookie for each side of the house, so that neither credential opens the other."""

from flask import Flask, Request, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer


def side() -> str:
    """Which half of the house an address belongs to; each has its own cookie."""
    return "staff" if f"{request.path}/".startswith("/desk/") else "client"


class TwoCookies(SecureCookieSessionInterface):
    """Flask's signed cookie, one per side: a name and a salt of its own. Its age is the sign-in row's affair,
    so that a clock set back by a second signs nobody out."""

    def __init__(self) -> None:
        self.serializers: dict[str, URLSafeTimedSerializer] = {}

    def side(self) -> str:
        return side()

    @property
    def salt(self) -> str:  # type: ignore[override]
        return f"portal-{self.side()}"

    def get_cookie_name(self, app: Flask) -> str:
        return ("__Host-" if app.config["SESSION_COOKIE_SECURE"] else "") + self.side()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Made once for each side, and not with each request."""
        made = self.serializers.get(self.salt)
        if made is None and (made := super().get_signing_serializer(app)):
            self.serializers[self.salt] = made
        return made

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        serializer = self.get_signing_serializer(app)
        value = request.cookies.get(self.get_cookie_name(app))
        if serializer is None or not value:
            return self.session_class()
        try:
            return self.session_class(serializer.loads(value))
        except BadSignature:
            return self.session_class()


class StaffCookie(TwoCookies):
    """Read on the client side, where staff come over to view a portal."""

    def side(self) -> str:
        return "staff"


def key_of_staff() -> str:
    """The key of the desk's sign-in in this browser, wherever it has gone."""
    cookie = StaffCookie().open_session(current_app, request)
    key = cookie.get("_user_id") if cookie else None
    return key if isinstance(key, str) else ""
