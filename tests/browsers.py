"""Chromium, wherever it is; and where it is not, how to get it.

Without a window of its own it asks a third of the processor: that is the headless shell, and it is taken where it is.
Only the whole browser reads a PDF."""

import os
import shutil
import subprocess
import sys
from typing import Any

from playwright.sync_api import sync_playwright

SHELL = "chromium-headless-shell"
SYSTEM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
DEBIAN = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
NONE = """There is no browser for the browser tests.
On Debian, as root: apt-get install -y --no-install-recommends chromium chromium-headless-shell
Elsewhere: .venv/bin/python -m playwright install chromium
Or set BROWSER_PATH to a Chromium or Chrome that is here."""
PATIENCE = 300  # seconds
# Without these Chromium talks to its maker's servers at every start.
ARGUMENTS = [
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--no-pings",
]


class NoBrowser(Exception):
    """The words say how to get one."""


def launch_options(playwrights_own: str, whole: bool = False) -> dict[str, Any]:
    options: dict[str, Any] = {"args": ARGUMENTS}
    if path := find(playwrights_own, whole):
        options["executable_path"] = path
    if os.name == "posix" and os.geteuid() == 0:
        options["chromium_sandbox"] = False
    return options


def find(playwrights_own: str, whole: bool = False) -> str | None:
    """BROWSER_PATH, or Playwright's own (None: it takes its shell), or the system's."""
    if path := os.environ.get("BROWSER_PATH"):
        if os.access(path, os.X_OK):
            return path
        raise NoBrowser(f"BROWSER_PATH is '{path}', which is not a program that can be run.")
    if os.path.exists(playwrights_own):
        return playwrights_own if whole else None
    for name in SYSTEM if whole else (SHELL, *SYSTEM):
        if path := shutil.which(name):
            return path
    if os.path.exists(MAC):
        return MAC
    raise NoBrowser(NONE)


def get() -> str:
    """Install one where none is. What is returned is why there still is none."""
    why = ""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    for install in (nothing, from_debian, from_playwright):
        install()
        try:
            if find(own, whole=True) == find(own) and "BROWSER_PATH" not in os.environ:
                from_debian(SHELL)
            return ""
        except NoBrowser as none:
            why = str(none)
    return why


def nothing() -> None:
    """Perhaps one is here already."""


def from_debian(package: str = "chromium") -> None:
    if os.geteuid() == 0 and shutil.which("apt-get") and quietly([*DEBIAN, package]) != 0:
        quietly(["apt-get", "update", "-qq"])
        quietly([*DEBIAN, package])


def from_playwright() -> None:
    quietly([sys.executable, "-m", "playwright", "install", "chromium"])


def quietly(command: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE).returncode
    except subprocess.TimeoutExpired:
        return 1
