"""The front door: build the app, hang the rooms, start nothing else."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import (
    answers,
    assets,
    cli,
    compression,
    db,
    errors,
    headers,
    identity,
    inputs,
    settings,
    vocabulary,
    writer,
)
from portal.gateways import files, mail, sms
from portal.views import client, hooks, public, staff


class Portal(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """All of it is: Flask would look at each function anew before it calls it, some twenty times a page."""
        return func


def create_app(**chosen: Any) -> Flask:
    """Settings come from the environment; `chosen` replaces single ones, as tests do."""
    app = Portal(__name__, template_folder="portal", static_folder=None)
    settings.init_app(app, replace(settings.load(os.environ), **chosen))
    now = app.extensions["portal-settings"]
    if now.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=now.proxies, x_proto=now.proxies)  # type: ignore[method-assign]
    files.init(now.files_url)
    check_channels(now)
    inputs.init_app(app)
    db.init_app(app)
    identity.init_app(app)
    answers.init_app(app)
    compression.init_app(app)
    headers.init_app(app)
    assets.init_app(app)
    writer.init_app(app)
    vocabulary.init_app(app)
    errors.init_app(app)
    cli.init_app(app)
    app.register_blueprint(public.room)
    app.register_blueprint(client.room)
    app.register_blueprint(staff.room, url_prefix="/desk")
    app.register_blueprint(hooks.room)
    return app


def check_channels(chosen: settings.Settings) -> None:
    """A wrong address of the mail or SMS service shows when the app starts, not when the first letter waits."""
    for name, url, check in (("SMTP", chosen.smtp_url, mail.check), ("SMS", chosen.sms_url, sms.check)):
        try:
            if url:
                check(url)
        except ValueError as wrong:
            raise settings.BadSetting(f"PORTAL_{name}_URL is wrong: {wrong}") from None
