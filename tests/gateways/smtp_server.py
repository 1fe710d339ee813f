"""A real mail server on loopback, with a certificate made for the run, that misbehaves when told to."""

import asyncio
import atexit
import socket
import ssl
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from functools import cache
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

DROP, DROP_BUT_KEEP, HANG = "drop the connection", "take the letter, then drop the connection", "never answer"


@dataclass(frozen=True)
class Received:
    sender: str
    recipients: list
    options: list
    raw: bytes
    encrypted: bool
    introduced_as: str

    @property
    def message(self):
        return message_from_bytes(self.raw, policy=policy.default)


class SmtpServer:
    """server.url is the setting, server.inbox what came; server.on["RCPT"] = "550 No" or DROP or HANG."""

    def __init__(self, security="starttls", password="biscuit", smtputf8=True):
        self.security, self.password = security, password
        self.inbox, self.on = [], {}
        tls = context() if security != "none" else None
        self.controller = OnAnyPort(
            self,
            hostname="127.0.0.1",
            port=0,
            enable_SMTPUTF8=smtputf8,
            authenticator=self.authenticate,
            auth_require_tls=security == "starttls",
            ssl_context=tls if security == "tls" else None,
            tls_context=tls if security == "starttls" else None,
            require_starttls=security == "starttls",
        )

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    @property
    def port(self):
        return self.controller.port

    @property
    def url(self):
        if self.security == "none":
            return f"smtp://localhost:{self.port}"
        scheme = "smtps" if self.security == "tls" else "smtp"
        return f"{scheme}://latchkey:biscuit@localhost:{self.port}?cafile={quote(str(certificate()))}"

    def authenticate(self, server, session, envelope, mechanism, login):
        if login.password.decode() == self.password:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=self.on.get("AUTH"))

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.security != "none" and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return await self.behave("MAIL", server)

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        envelope.rcpt_tos.append(address)
        return await self.behave("RCPT", server)

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.on.get("DATA", DROP_BUT_KEEP) == DROP_BUT_KEEP:
            encrypted = session.ssl is not None or self.security == "tls"
            letter = envelope.mail_from, envelope.rcpt_tos, envelope.mail_options, envelope.original_content
            self.inbox.append(Received(*letter, encrypted, session.host_name))
        return await self.behave("DATA", server)

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802
        return await self.behave("QUIT", server)

    async def behave(self, step, server):
        answer = self.on.get(step, "221 Bye" if step == "QUIT" else "250 OK")
        if answer == HANG:
            await asyncio.sleep(60)
        if answer in (DROP, DROP_BUT_KEEP):
            server.transport.abort()
        return answer


class OnAnyPort(Controller):
    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@cache
def certificate():
    """For localhost, signed by itself: its own certificate authority."""
    folder = tempfile.TemporaryDirectory(prefix="latchkey-smtp-")
    atexit.register(folder.cleanup)
    pem = Path(folder.name) / "localhost.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost"
    names = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(pem.with_suffix(".key")), "-out", str(pem)]
    subprocess.run([*command.split(), *names, *files], check=True, capture_output=True)
    return pem


def context():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate(), certificate().with_suffix(".key"))
    return tls


@contextmanager
def canned(*replies):
    """A server that says one line when it is called and one to each line it hears, then hangs up; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        caller, _ = listener.accept()
        with caller, caller.makefile("rb") as heard:
            for reply in replies:
                caller.sendall(reply.encode() + b"\r\n")
                heard.readline()

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.join(5)
        listener.close()
