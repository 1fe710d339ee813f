"""What a stranger may cost us: a request that is cheap to send is cheap to answer."""

import time

import pytest

from portal.composed import composed
from portal.gateways.files.names import plain
from portal.models import Client
from tests.conftest import Browse, Browser

MARKS = "a" + "\u0301\u0316" * 100_000
# They count as letters, and come apart into marks.
HIDDEN = "a" + "\u0f73\u0f75" * 100_000


@pytest.mark.parametrize("text", [MARKS, HIDDEN])
def test_long_runs_of_marks_take_no_time(text: str) -> None:
    began = time.monotonic()
    assert composed(text) == text
    assert plain(text)
    assert time.monotonic() - began < 2


def test_what_people_write_is_composed() -> None:
    assert composed("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize("login", ["a" * 100_000 + MARKS[:60_000], " a" * 100_000 + "@b.com", '"' + '\\"' * 100_000])
def test_a_huge_login_is_refused_at_once(browse: Browse, login: str) -> None:
    browser = browse()
    began = time.monotonic()
    for path, name in (("/sign-in", "login"), ("/password", "email")):
        sent = {name: login, "password": "x"}
        assert browser.post(path, data=sent, content_type="multipart/form-data").status_code == 422
    assert time.monotonic() - began < 2.5


def test_nobody_but_who_has_signed_in_sends_files(browse: Browse, rosa: Client) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="x"; filename="x.txt"\r\n\r\n%s\r\n--b--\r\n' % (
        b"x" * 501_000
    )

    def sent(browser: Browser, path: str) -> int:
        code: int = browser.post(path, data=part, content_type="multipart/form-data; boundary=b").status_code
        return code

    for path in ("/sign-in", "/password", "/documents", "/desk/sign-in", "/nowhere"):
        assert sent(browse(), path) == 413
    assert sent(browse(rosa), "/documents") == 422
