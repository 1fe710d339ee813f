"""What travels on a first visit and on the next one, as a browser counts it: headers, styles, scripts, pictures."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import BrowserContext, sync_playwright

from bench.pages import PAGES, Page
from bench.visit import Key
from tests import browsers


class Weight(NamedTuple):
    requests: int
    first: int
    again: int


class Scales:
    def __init__(self, context: BrowserContext) -> None:
        self.page = context.new_page()
        self.requests, self.octets = 0, 0
        session = context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self.add)

    def add(self, finished: dict[str, Any]) -> None:
        if finished["encodedDataLength"] > 0:
            self.requests += 1
            self.octets += int(finished["encodedDataLength"])

    def weigh(self, address: str) -> tuple[int, int]:
        self.requests, self.octets = 0, 0
        self.page.goto(address, wait_until="networkidle")
        return self.requests, self.octets


def weighed(key: Key, environment: Mapping[str, str]) -> dict[str, Weight]:
    """Each page as the first one of a fresh browser that is signed in, and then once more."""
    with served(environment) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**browsers.launch_options(playwright.chromium.executable_path))
        weights = {}
        for page in (page for page in PAGES if not page.swap):
            context = browser.new_context(base_url=address)
            context.add_cookies([cookie(pair, address) for pair in key.cookie.split("; ")])
            weights[page.name] = both(Scales(context), address_of(page, key))
            context.close()
        browser.close()
        return weights


def both(scales: Scales, address: str) -> Weight:
    requests, first = scales.weigh(address)
    _, again = scales.weigh(address)
    return Weight(requests, first, again)


def address_of(page: Page, key: Key) -> str:
    return page.calls[0].address.format(**key.rows)


def cookie(pair: str, address: str) -> Any:
    name, _, value = pair.partition("=")
    return {"name": name, "value": value, "url": address}


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """By granian, as in production."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory", "--log-level", "error"]
    server = subprocess.Popen(
        [*granian, "--host", "127.0.0.1", "--port", str(port), "app:create_app"], env={**os.environ, **environment}
    )
    try:
        wait_until_open(port, server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_until_open(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if server.poll() is not None:
            break
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The server did not start; the lines above say why.")
