"""Texts over a real HTTP connection: what gets through, and which of the three ways it fails."""

import socket
import time

import pytest

from portal.gateways import sms
from portal.gateways.outcome import ChannelDown, NotSent, Refuse, TryAgain
from tests.gateways.sms_server import RECEIPT, SmsServer
from tests.gateways.smtp_server import SmtpServer

ROSA = "+12125550123"


@pytest.fixture
def server():
    with SmsServer() as server:
        yield server


def failure(url, to=ROSA, text="Hi"):
    with pytest.raises(NotSent) as caught:
        sms.send(to, text, url)
    assert caught.value.reason.isprintable()
    assert caught.value.reason.endswith(".")
    assert "biscuit" not in caught.value.reason
    return caught.value


# MSG-4
def test_a_text_gets_through_and_its_receipt_comes_back(server):
    assert sms.send(ROSA, "Zoë, Juno is ready 🐶\n& waiting + happy", server.url) == "SM0123456789"
    assert server.inbox == [
        {
            "path": "/2010-04-01/Accounts/AC123/Messages.json",
            "sign-in": "AC123:biscuit",
            "To": ROSA,
            "Body": "Zoë, Juno is ready 🐶\n& waiting + happy",
            "MessagingServiceSid": "MG456",
        }
    ]


def test_a_number_of_our_own_can_send(server):
    sms.send(ROSA, "Hi", server.url.replace("MG456", "+12125550100"))
    assert server.inbox[0]["From"] == "+12125550100"
    assert "MessagingServiceSid" not in server.inbox[0]


@pytest.mark.parametrize("sender", ["+12125550100", "%2B12125550100"])
def test_a_service_that_copies_twilio_can_send(server, sender):
    address = server.base.replace("http://", "http://project:biscuit@") + f"/api/laml/Messages.json?from={sender}"
    assert sms.send(ROSA, "Hi", address) == "SM0123456789"
    assert server.inbox[0]["path"] == "/api/laml/Messages.json"
    assert server.inbox[0]["sign-in"] == "project:biscuit"
    assert server.inbox[0]["From"] == "+12125550100"


# MSG-4
@pytest.mark.parametrize(
    ("status", "said", "kind", "words"),
    [
        (400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient"}, Refuse, "has unsubscribed"),
        (400, {"code": 21211, "message": "The 'To' number is not valid"}, Refuse, "is not a phone number"),
        (400, {"code": 21614, "message": "Not a mobile number"}, Refuse, "is not a mobile number"),
        (403, {"code": 21408, "message": "Permission not enabled for the region"}, Refuse, "is in a region"),
        (400, {"code": 21612, "message": "Not reachable"}, Refuse, "cannot be reached from our number"),
        (400, {"code": 21602, "message": "Message body is required."}, Refuse, "Message body is required"),
        (400, {"code": 21606, "message": "From is not yours"}, ChannelDown, "From is not yours"),
        (401, {"code": 20003, "message": "Authenticate"}, ChannelDown, "401 Authenticate"),
        (403, {"message": "Suspended"}, ChannelDown, "403 Suspended"),
        (404, {"code": 20404, "message": "Not found"}, ChannelDown, "404 Not found"),
        (302, "", ChannelDown, "302 Found"),
        (200, "<html>Sign in to the network</html>", ChannelDown, "gave no receipt"),
        (200, "[1]", ChannelDown, "gave no receipt"),
        (201, {"status": "queued"}, ChannelDown, "gave no receipt"),
        (429, {"code": 20429, "message": "Too many requests"}, TryAgain, "429 Too many requests"),
        (400, {"code": 21611, "message": "Queue full"}, TryAgain, "Queue full"),
        (500, "oops", TryAgain, "500 Internal Server Error"),
        (503, {"code": [], "message": {"a": 1}}, TryAgain, "503"),
    ],
)
def test_each_answer_has_its_consequence(server, status, said, kind, words):
    server.answer = status, said
    failed = failure(server.url)
    assert type(failed) is kind
    assert words in failed.reason
    assert len(server.inbox) == 1


@pytest.mark.parametrize(("code", "bad"), [(21610, True), (21211, True), (21614, True), (21408, False), (21602, False)])
def test_a_number_is_bad_only_when_it_will_always_be(server, code, bad):
    server.answer = 400, {"code": code, "message": "No"}
    assert failure(server.url).bad_address is bad


def test_a_silent_service_is_not_waited_for(server, monkeypatch):
    assert max(sms.TIMEOUTS) <= 10
    monkeypatch.setattr(sms, "TIMEOUTS", (0.3, 0.3))
    server.answer = None
    began = time.monotonic()
    failed = failure(server.url)
    assert time.monotonic() - began < 2
    assert type(failed) is TryAgain
    assert "did not answer in time" in failed.reason


def test_a_port_where_nobody_listens_is_tried_again():
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    assert type(failure(f"twilio://AC123:biscuit@MG456?base=http://127.0.0.1:{port}")) is TryAgain


def test_a_certificate_that_nobody_vouches_for_stops_the_channel():
    with SmtpServer("tls") as other:
        failed = failure(f"twilio://AC123:biscuit@MG456?base=https://localhost:{other.port}")
    assert type(failed) is ChannelDown


def test_the_longest_text_goes_and_one_more_character_does_not(server):
    sms.send(ROSA, "ë" * 1600, server.url)
    assert type(failure(server.url, text="ë" * 1601)) is Refuse
    assert len(server.inbox) == 1


@pytest.mark.parametrize(
    "to", ["", "2125550123", "+0125550123", "+1 212 555 0123", "+1212555012a", "+1", "+12125550123\n"]
)
def test_what_is_no_number_is_refused_before_anything_is_sent(server, to):
    refused = failure(server.url, to=to)
    assert type(refused) is Refuse
    assert refused.bad_address
    assert server.inbox == []


def test_a_wrong_setting_stops_the_channel():
    assert type(failure("")) is ChannelDown


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must begin with twilio://"),
        ("twilio://", "name a host"),
        ("twilio://AC123@MG456", "go together"),
        ("twilio://MG456", "no name and password"),
        ("twilio://AC123:sec/ret@MG456", "/ as %2F"),
        ("twilio://AC123:sec#ret@MG456", "# as %23"),
        ("twilio://AC123:secret@MG456/path", "not an account, a token and a sender"),
        ("twilio://AC%2F..:secret@MG456", "not an account, a token and a sender"),
        ("twilio://AC123:secret@MG456?bose=x", "the options are base"),
        ("twilio://AC123:secret@MG456?base=http://sms.example.com", "must be reached by https://"),
        ("twilio://AC123:secret@MG456?base=nonsense", "must be reached by https://"),
        ("http://a:secret@sms.example.com/x?from=1", "must be reached by https://"),
        ("https://a:secret@sms.example.com/x", "add ?from="),
        ("https://sms.example.com/x?from=1", "no name and password"),
    ],
)
def test_a_wrong_setting_is_named_without_its_password(url, words):
    with pytest.raises(ValueError, match="PORTAL_SMS_URL") as caught:
        sms.check(url)
    assert words in str(caught.value)
    assert "sec" not in str(caught.value)


def test_twilio_itself_is_the_default():
    service = sms.check("twilio://AC123:biscuit@MGaBc")
    assert service.address == "https://api.twilio.com/2010-04-01/Accounts/AC123/Messages.json"
    assert service.sender == {"MessagingServiceSid": "MGaBc"}
    assert "biscuit" not in repr(service)


def test_the_receipt_is_the_providers_own(server):
    server.answer = 200, {**RECEIPT, "sid": "SM-other"}
    assert sms.send(ROSA, "Hi", server.url) == "SM-other"
