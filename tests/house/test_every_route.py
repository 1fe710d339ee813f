"""What holds at every address: a token, the headers, reading changes nothing, nothing is indexed by a wrong number."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from portal.db import Base, db
from portal.models import Client, Member
from tests.conftest import Browse, Browser
from tests.house.test_ownership import address, sample

# The browser’s own reports; the ticket of staff who come over, which is a token; what machines send, which is signed.
UNTOKENED = {"public.report", "public.enter_as_client", "hooks.inbound_mail"}
# What a GET may write: that somebody was here, and that something has been seen.
SEEN = {"sign_in", "message", "document", "told"}


def everywhere(app: Flask, owner: Client) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) with the owner's own rows in it."""
    found = []
    for rule in app.url_map.iter_rules():
        lettered = rule.endpoint.startswith("public.") or "token" in rule.arguments
        values = dict.fromkeys(rule.arguments, "odd") if lettered else sample(app, rule, owner)
        if rule.endpoint == "public.brand":
            values = {"colour": "2f6f6b"}
        if "id" in rule.rule and rule.endpoint.startswith("public.") and "<int:" in rule.rule:
            values = dict.fromkeys(rule.arguments, 1)
        path = address(rule, values)
        found += [(rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def someone_for(endpoint: str, browse: Browse, rosa: Client, nina: Member) -> Browser:
    return browse({"client": rosa, "staff": nina}.get(endpoint.split(".")[0]))


@pytest.mark.only_on("sqlite", because="tokens are looked at before a database is asked")
def test_every_unsafe_request_needs_its_token(app: Flask, browse: Browse, rosa: Client, nina: Member) -> None:
    refused = 0
    for endpoint, method, path in everywhere(app, rosa):
        if method == "GET" or endpoint in UNTOKENED:
            continue
        browser, other = someone_for(endpoint, browse, rosa, nina), browse()
        foreign = other.csrf()
        for headers in ({}, {"HX-Request": "true"}, {"X-CSRFToken": foreign}, {"X-CSRFToken": "odd"}):
            answer = browser.open(path, method=method, headers=headers)
            assert answer.status_code == 400, (method, path, headers)
            refused += 1
    assert refused > 50


def test_a_request_from_another_site_is_refused_even_with_a_token(browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    headers = {"X-CSRFToken": browser.csrf(), "Sec-Fetch-Site": "cross-site"}
    assert browser.open("/sign-out", method="POST", headers=headers).status_code == 403
    assert browser.get("/").status_code == 200, "still signed in"


@pytest.mark.only_on("sqlite", because="headers are written after a database is asked")
def test_every_answer_carries_the_headers(app: Flask, browse: Browse, rosa: Client, nina: Member) -> None:
    paths = [(end, path) for end, method, path in everywhere(app, rosa) if method == "GET"]
    for endpoint, path in [
        *paths,
        ("public.x", "/nowhere"),
        ("public.x", "/pets/99999999999999999999"),
        ("client.x", "/nowhere"),
    ]:
        for part in ({}, {"HX-Request": "true"}):
            answer = someone_for(endpoint, browse, rosa, nina).get(path, headers=part)
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe-inline" not in policy.replace(
                "style-src 'unsafe-inline'", "" if "sandbox" in policy else "!"
            )
            assert "unsafe-eval" not in policy
            assert "*" not in policy
            assert "default-src 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert answer.headers["X-Frame-Options"] == "DENY"
            assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
            assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert "Permissions-Policy" in answer.headers
            assert "Access-Control-Allow-Origin" not in answer.headers
            kept = answer.headers["Cache-Control"]
            assert "no-store" in kept or "immutable" in kept, path
            if "no-store" in kept:
                assert {"HX-Request", "Cookie"} <= set(answer.headers["Vary"].split(", ")), path


def rows_of(table: str) -> list[Any]:
    return [tuple(row) for row in db.session.execute(text(f'SELECT * FROM "{table}" ORDER BY 1'))]


def test_reading_changes_nothing(app: Flask, browse: Browse, rosa: Client, nina: Member) -> None:
    paths = [(end, path) for end, method, path in everywhere(app, rosa) if method == "GET"]
    browsers = {"client": browse(rosa), "staff": browse(nina), "public": browse()}
    before = {name: rows_of(name) for name in Base.metadata.tables}
    for endpoint, path in paths:
        browsers[endpoint.split(".")[0]].get(path)
    after = {name: rows_of(name) for name in Base.metadata.tables}
    assert [name for name in before if before[name] != after[name] and name not in SEEN] == []
    for name in SEEN:
        assert len(before[name]) == len(after[name])


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "9" * 40, "1e9", "٣", "%00", "1%0d%0a"])
def test_a_number_that_is_none_is_not_found(app: Flask, browse: Browse, rosa: Client, number: str) -> None:
    browser = browse(rosa)
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("client.") and rule.arguments and "GET" in (rule.methods or set()):
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<int:{argument}>", number)
            assert browser.get(path).status_code == 404, path


def test_a_method_nobody_offers_is_refused_in_words(app: Flask, browse: Browse, rosa: Client) -> None:
    browser = browse(rosa)
    for method in ("TRACE", "PATCH", "BREW"):
        assert browser.open("/bookings/1", method=method, headers={"X-CSRFToken": browser.csrf()}).status_code == 405


def test_a_form_of_600_kilobytes_is_too_large_whatever_its_shape(app: Flask, browse: Browse, rosa: Client) -> None:
    browser, much = browse(rosa), "x" * 600_000
    assert browser.post("/sign-out", data={"text": much}).status_code == 413
    assert browser.post("/sign-out", data=much, content_type="application/json").status_code == 413
    parts = {"text": much, "file": (io.BytesIO(b"x"), "x.txt")}
    assert browser.post("/messages", data=parts, content_type="multipart/form-data").status_code == 413
    many = {f"field{number}": "x" for number in range(5_000)} | {"file": (io.BytesIO(b"x"), "x.txt")}
    assert browser.post("/messages", data=many, content_type="multipart/form-data").status_code == 413
    assert browser.get("/").status_code == 200
