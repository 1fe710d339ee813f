"""A part reads the same wherever it is written: into the page's template, or handed over while the page is made."""

import re

import pytest
from flask import Flask

from portal.models import Client, Member
from tests.conftest import Browse
from tests.house import crawl

AT_MOST = 12
EACH_TIME_ANEW = re.compile(r'[0-9a-f]{16,}|csrf[-_]token" (content|value)="[^"]+"|since=[^"]+')


@pytest.mark.only_on("sqlite", because="what is read is written in the same way")
@pytest.mark.parametrize("start", ["/", "/desk/"])
def test_a_part_reads_the_same_wherever_it_is_written(
    start: str, app: Flask, browse: Browse, rosa: Client, nina: Member
) -> None:
    browser, templates = browse(nina if start == "/desk/" else rosa), app.jinja_env

    def read(address: str, by_hand: bool) -> str:
        templates.auto_reload = by_hand
        if templates.cache is not None:
            templates.cache.clear()
        return EACH_TIME_ANEW.sub("", browser.get(address).text)

    addresses = [page.address for page, _ in zip(crawl.walk(browser, start), range(AT_MOST), strict=False)]
    assert len(addresses) == AT_MOST
    for address in addresses:
        assert read(address, True) == read(address, False), address
    assert "{% with %}" in templates.preprocess('{% include "partials/staff/search.html" %}')
