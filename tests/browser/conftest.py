"""A browser that forgives nothing, in front of a portal of its own for every test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests import browsers, stage
from tests.browser import axe, console, steps

NewContext = Callable[..., BrowserContext]
expect.set_options(timeout=console.PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Playwright) -> dict[str, Any]:
    try:
        return {**browser_type_launch_args, **browsers.launch_options(playwright.chromium.executable_path)}
    except browsers.NoBrowser as none:
        pytest.exit(str(none), returncode=3)


@pytest.fixture(scope="session")
def open_stage() -> Iterator[stage.Stage]:
    with stage.raised() as raised:
        yield raised


@pytest.fixture(scope="session")
def base_url(open_stage: stage.Stage) -> str:
    return open_stage.address


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> stage.Demo:
    return stage.Demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(autouse=True)
def app(open_stage: stage.Stage, demo: stage.Demo) -> Iterator[Flask]:
    """The portal behind the browser, for a look into its database."""
    with demo.copy(open_stage.address) as portal, open_stage.shows(portal):
        yield portal


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> str:
    """A phone, unless the test says `@every_screen` or `@on("tablet", …)`."""
    return getattr(request, "param", "phone")


@pytest.fixture
def scripts(request: pytest.FixtureRequest) -> bool:
    """JavaScript runs, unless the test says `@without_javascript`, or `@both_ways`."""
    return getattr(request, "param", True)


@pytest.fixture(autouse=True)
def clean_console(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """Errors, CSP violations, broken and foreign requests fail the test, but for what @allow_console("…") expects."""
    heard: list[str] = []
    yield heard
    expected = [marker.args[0] for marker in request.node.iter_markers("allow_console")]
    left = [line for line in heard if not any(words in line for words in expected)]
    if left:
        pytest.fail("the browser reported:\n  " + "\n  ".join(left), pytrace=False)


@pytest.fixture
def new_context(
    new_context: NewContext, screen: str, scripts: bool, clean_console: list[str], base_url: str
) -> NewContext:
    def watched(**options: Any) -> BrowserContext:
        context = new_context(**{**steps.SCREENS[screen], "java_script_enabled": scripts, **options})
        console.listen(context, base_url, clean_console)
        if scripts:
            axe.at_hand(context)
        else:
            steps.without_scripts.add(context)
        return context

    return watched


@pytest.fixture
def another(new_context: NewContext) -> Page:
    """A second person, on a device of their own."""
    return new_context().new_page()
