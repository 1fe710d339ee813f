"""E-mail over SMTP: one letter handed over, or one of three reasons why not."""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from portal.gateways.letter import BadAddress, Letter, address, compose
from portal.gateways.outcome import ChannelDown, NotSent, Refuse, TryAgain, quoted
from portal.gateways.smtp_url import Server, check

__all__ = ["Letter", "check", "compose", "send"]

WANTS_SIGN_IN = {530, 534, 535, 538}
# Enhanced status codes (RFC 3463) of a full mailbox, a size limit, the network, the protocol, the content or a policy.
NOT_THE_ADDRESS = re.compile(rb"\b5\.(2\.[234]|[34567]\.\d)")


def send(letter: Letter, url: str, timeout: float = 10) -> None:
    """Returns when the mail server has taken the letter; waits at most `timeout` seconds for each of its answers."""
    try:
        server, sender = check(url), address(letter.from_address)
    except ValueError as error:
        raise ChannelDown(str(error)) from error
    try:
        to, raw = address(letter.to), compose(letter).as_bytes()
    except BadAddress as error:
        raise Refuse(str(error), bad_address=error.text == letter.to) from error
    options = [] if raw.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    try:
        with connected(server, sender.rpartition("@")[2], timeout) as connection:
            connection.sendmail(sender, [to], raw, options)
    except OSError as error:
        raise in_words(error, server) from error


@contextmanager
def connected(server: Server, our_domain: str, timeout: float) -> Iterator[smtplib.SMTP]:
    tls = ssl.create_default_context(cafile=server.cafile)
    if server.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, our_domain, timeout=timeout, context=tls)
    else:
        connection = smtplib.SMTP(server.host, server.port, our_domain, timeout=timeout)
    try:
        if server.security == "starttls":
            insist(connection, server, "starttls")
            connection.starttls(context=tls)
        if server.user:
            insist(connection, server, "auth")
            connection.login(server.user, server.password)
        yield connection
    finally:
        # The letter is over by now: a server that says goodbye badly must not cause a second copy.
        with suppress(OSError):
            connection.quit()
        connection.close()


def insist(connection: smtplib.SMTP, server: Server, feature: str) -> None:
    connection.ehlo_or_helo_if_needed()
    if not connection.has_extn(feature):
        missing = {"starttls": "encryption (STARTTLS)", "auth": "sign-in (AUTH)"}[feature]
        raise ChannelDown(f"The mail server {server.host} does not offer {missing}.")


def in_words(error: OSError, server: Server) -> NotSent:
    match error:
        case smtplib.SMTPRecipientsRefused():
            [(to, (code, answer))] = error.recipients.items()
            return recipient_refused(to, code, answer, server)
        case smtplib.SMTPResponseException():
            return answered(error, error.smtp_code, server.host)
        case smtplib.SMTPNotSupportedError():
            return Refuse(f"The mail server {server.host} cannot write to addresses with letters outside ASCII.")
        case smtplib.SMTPServerDisconnected() if "timed out" in str(error):
            return TryAgain(f"The mail server {server.host} did not answer in time.")
        case smtplib.SMTPServerDisconnected() | ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return TryAgain(f"The mail server {server.host} broke off the conversation.")
        case smtplib.SMTPException():
            return ChannelDown(f"We do not get on with the mail server {server.host}: {quoted(str(error))}.")
        case ssl.SSLCertVerificationError():
            return ChannelDown(f"The certificate of {server.host} cannot be trusted: {quoted(error.verify_message)}.")
        case ssl.SSLError():
            return ChannelDown(f"No encrypted connection to {server.host}: {quoted(error.reason or str(error))}.")
        case socket.gaierror() if error.errno == socket.EAI_NONAME:
            return ChannelDown(f"There is no mail server {server.host}.")
        case TimeoutError():
            return TryAgain(f"The mail server {server.host} did not answer in time.")
        case _:
            return TryAgain(f"The mail server {server.host} cannot be reached: {quoted(error.strerror or str(error))}.")


def recipient_refused(to: str, code: int, answer: bytes, server: Server) -> NotSent:
    said = f"{code} {quoted(answer)}"
    if code in WANTS_SIGN_IN or (code >= 500 and not server.user and b"relay" in answer.lower()):
        return ChannelDown(f"The mail server {server.host} takes no mail from us: {said}.")
    if code >= 500:
        return Refuse(f"{to} was refused: {said}.", bad_address=code != 552 and not NOT_THE_ADDRESS.search(answer))
    return TryAgain(f"{to} cannot be reached just now: {said}.")


def answered(error: smtplib.SMTPResponseException, code: int, host: str) -> NotSent:
    said = f"{code} {quoted(error.smtp_error)}" if code > 0 else "it speaks no SMTP"
    if 400 <= code < 500:
        return TryAgain(f"The mail server {host} asks us to wait: {said}.")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return ChannelDown(f"The mail server {host} does not accept our name and password: {said}.")
    about_message = isinstance(error, smtplib.SMTPDataError) and code not in WANTS_SIGN_IN
    if about_message or (isinstance(error, smtplib.SMTPSenderRefused) and code == 552):
        return Refuse(f"The message was refused: {said}.")
    if isinstance(error, smtplib.SMTPSenderRefused) and code >= 500:
        return ChannelDown(f"The mail server {host} takes no mail from {error.sender}: {said}.")
    return ChannelDown(f"The mail server {host} turned us away: {said}.")
