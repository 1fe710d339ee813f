"""The mail server's address in the settings: understood, or wrong by name and without its password."""

import pytest

from portal.gateways.smtp_url import check


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "security"),
    [
        ("smtp://localhost:1025", "localhost", 1025, "", "", "none"),
        ("smtp://mail.example.com", "mail.example.com", 25, "", "", "none"),
        ("smtp://a:b@mail.example.com", "mail.example.com", 587, "a", "b", "starttls"),
        ("smtp://a:b@mail.example.com:587?starttls=1", "mail.example.com", 587, "a", "b", "starttls"),
        ("smtp://a:b@mail.example.com?starttls=0", "mail.example.com", 25, "a", "b", "none"),
        ("smtp://mail.example.com?starttls=1", "mail.example.com", 587, "", "", "starttls"),
        ("smtps://a%40x.com:p%23%2F%3F%3A@mail.example.com", "mail.example.com", 465, "a@x.com", "p#/?:", "tls"),
        ("smtps://a:b:c@[::1]:4650/", "::1", 4650, "a", "b:c", "tls"),
    ],
)
def test_the_setting_is_understood(url, host, port, user, password, security):
    server = check(url)
    assert (server.host, server.port, server.security) == (host, port, security)
    assert (server.user, server.password) == (user, password)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "must begin with smtp:// or smtps://"),
        ("localhost:25", "must begin with"),
        ("https://mail.example.com", "must begin with"),
        ("smtp://", "name a host"),
        ("smtp://a:secret@:587", "name a host"),
        ("smtp://mail.example.com:99999", "no usable host or port"),
        ("smtp://mail.example.com:0", "no usable host or port"),
        ("smtp://a:sec#ret@mail.example.com", "# as %23"),
        ("smtp://a:sec/ret@mail.example.com", "/ as %2F"),
        ("smtp://a:sec?ret@mail.example.com", "? as %3F"),
        ("smtp://a:sec@ret@mail.example.com", "@ as %40"),
        ("smtp://a:secret\uff0f@mail.example.com", "no usable host or port"),
        ("smtp://a:secrét@mail.example.com", "only ASCII"),
        ("smtp://a@mail.example.com", "go together"),
        ("smtp://:secret@mail.example.com", "go together"),
        ("smtp://[::1", "no usable host or port"),
        ("smtp://" + "a" * 70 + ".com", "no usable host or port"),
        ("smtp://mail.example.com?startls=1", "the options are starttls and cafile"),
        ("smtp://mail.example.com?starttls=yes", "starttls is 1 or 0"),
        ("smtps://mail.example.com?starttls=1", "encrypted from the start"),
        ("smtp://mail.example.com?cafile=/nowhere.pem", "'/nowhere.pem' is not there"),
    ],
)
def test_a_wrong_setting_is_named_without_its_password(url, words):
    with pytest.raises(ValueError, match="PORTAL_SMTP_URL") as caught:
        check(url)
    assert words in str(caught.value)
    assert "sec" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_does_not_show_its_password():
    assert "biscuit" not in repr(check("smtp://latchkey:biscuit@mail.example.com"))
