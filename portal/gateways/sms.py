"""Texts through Twilio, or a service that copies its interface: one handed over, or one of three reasons why not."""

import re
from typing import Any

import requests

from portal.gateways.outcome import ChannelDown, NotSent, Refuse, TryAgain, quoted
from portal.gateways.sms_url import Service, check

__all__ = ["check", "send"]

TIMEOUTS = (5, 10)
LONGEST = 1600
E164 = re.compile(r"\+[1-9][0-9]{6,14}")

# Twilio's own error codes.
BAD_NUMBER = {
    "21211": "is not a phone number",
    "21610": "has unsubscribed from our texts (STOP)",
    "21614": "is not a mobile number",
}
NOT_THIS_ONE = {
    "21408": "is in a region that our SMS account may not write to",
    "21612": "cannot be reached from our number",
}
# Wrong about our account, the sending number or the messaging service.
OUR_SIDE = {"20003", "20005", "21603", "21606", "21659", "21660", "21701", "21703", "21704"}
BUSY = {"20429", "21611"}


def send(to_e164: str, text: str, url: str) -> str:
    """Returns the provider's own id of the text."""
    if not E164.fullmatch(to_e164):
        raise Refuse(f"{quoted(to_e164)} is not a phone number with its country code.", bad_address=True)
    if len(text) > LONGEST:
        raise Refuse(f"The text has {len(text)} characters; at most {LONGEST} can be sent.")
    try:
        service = check(url)
    except ValueError as error:
        raise ChannelDown(str(error)) from error
    answer = post(service, {"To": to_e164, "Body": text, **service.sender})
    said = read(answer)
    if answer.status_code >= 300:
        raise in_words(answer, said, to_e164)
    if not said.get("sid"):
        raise ChannelDown("The SMS service gave no receipt; its address in PORTAL_SMS_URL may be wrong.")
    return str(said["sid"])


def post(service: Service, fields: dict[str, str]) -> requests.Response:
    credentials = service.user, service.password
    try:
        return requests.post(service.address, fields, auth=credentials, timeout=TIMEOUTS, allow_redirects=False)
    except requests.exceptions.SSLError as error:
        raise ChannelDown("The certificate of the SMS service cannot be trusted.") from error
    except requests.exceptions.Timeout as error:
        raise TryAgain("The SMS service did not answer in time.") from error
    except requests.exceptions.RequestException as error:
        raise TryAgain("The SMS service cannot be reached.") from error


def read(answer: requests.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def in_words(answer: requests.Response, said: dict[str, Any], to: str) -> NotSent:
    status, code = answer.status_code, str(said.get("code"))
    words = quoted(f"{status} {said.get('message') or answer.reason}")
    if code in BAD_NUMBER:
        return Refuse(f"{to} {BAD_NUMBER[code]}.", bad_address=True)
    if code in NOT_THIS_ONE:
        return Refuse(f"{to} {NOT_THIS_ONE[code]}.")
    if code in BUSY or status in (408, 429) or status >= 500:
        return TryAgain(f"The SMS service asks us to wait: {words}.")
    if code in OUR_SIDE or status in (401, 403, 404) or status < 400:
        return ChannelDown(f"The SMS service does not take texts from us: {words}.")
    return Refuse(f"The text was refused: {words}.")
