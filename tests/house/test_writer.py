"""What stands in a page is what was meant, and never a piece of the page itself."""

from datetime import UTC, datetime
from enum import StrEnum

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, UndefinedError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from portal.writer import escaped

WILD = "<b onclick='x(\"&\")'>"


class Kind(StrEnum):
    WILD = "<i>"


class Html(str):
    def __html__(self) -> str:
        return "<hr>"


@given(st.text())
def test_words_are_escaped_as_everywhere(told: str) -> None:
    assert escaped(told) == str(escape(told))


@pytest.mark.parametrize(
    "told",
    [WILD, Markup(WILD), 7, -1, True, None, 1.5, Kind.WILD, Html("<i>"), datetime(2026, 11, 22, tzinfo=UTC), [WILD]],
)
def test_whatever_is_told_is_escaped_as_everywhere(told: object) -> None:
    assert escaped(told) == str(escape(told))


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("{{ wild }}", "&lt;i&gt;"),
        ("{{ wild | safe }}", "<i>"),
        ("{{ wild ~ '<' }}{{ 1 }}", "&lt;i&gt;&lt;1"),
        ("{% set kept %}{{ wild }}{% endset %}{{ kept }}", "&lt;i&gt;"),
        ("{% macro say(word) %}<p>{{ word }}</p>{% endmacro %}{{ say(wild) }}", "<p>&lt;i&gt;</p>"),
        ("{% macro say() %}{{ caller() }}{% endmacro %}{% call say() %}{{ wild }}{% endcall %}", "&lt;i&gt;"),
        ("{% filter upper %}{{ wild }}{% endfilter %}", "&LT;I&GT;"),
        ("{% autoescape false %}{{ wild }}{% endautoescape %}", "<i>"),
        ("{% autoescape on %}{{ wild }}{% endautoescape %}", "&lt;i&gt;"),
        ("{{ nothing }}", ""),
    ],
)
def test_a_page_escapes_what_it_is_told_once(app: Flask, page: str, shown: str) -> None:
    assert render_template_string(page, wild="<i>", on=True) == shown


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("a{% block one %}b{{ wild }}{% endblock %}c", "ab&lt;i&gt;c"),
        ("{% for word in 'xy' %}{% block one scoped %}{{ word }}{% endblock %}{% endfor %}", "xy"),
        ("{% for word in [['a'], 'b'] recursive %}{{ word if word is string else loop(word) }}{% endfor %}", "ab"),
        ("{% for word in 'xy' %}{% if loop.first %}{{ word }}{% endif %}{% else %}none{% endfor %}", "x"),
        ("{% block one %}{% if not wild %}a{% endif %}{% endblock %}", ""),
        ("{% block one %}{{ self.two() }}{% endblock %}{% block two %}<b>{% endblock %}", "<b><b>"),
    ],
)
def test_a_page_is_written_in_one_piece(app: Flask, page: str, shown: str) -> None:
    assert list(app.jinja_env.from_string(page).generate(wild="<i>")) == [shown]


@pass_context
def section(context: Context, more: str = "") -> str:
    return f"{context['wild']}{context.get('one', '')}{more}"


class Greeting:
    word = "hello"

    def __call__(self, more: str = "") -> str:
        return f"called{more}"

    def __getitem__(self, name: str) -> str:
        return f"[{name}]"

    def say(self, more: str = "") -> str:
        return f"said{more}"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("{{ section() }}", "&lt;i&gt;"),
        ("{% for it in 'xy' %}{% set one = it %}{{ section(more='!') }}{% endfor %}", "&lt;i&gt;x!&lt;i&gt;y!"),
        ("{{ greeting() }}{{ greeting('<') }}{{ greeting.say(more='<') }}", "calledcalled&lt;said&lt;"),
        ("{% for one in 'x' %}{{ greeting(one) }}{{ {one: wild}.get(one) }}{% endfor %}", "calledx&lt;i&gt;"),
        ("{% autoescape false %}{% macro say() %}{{ wild }}{% endmacro %}{{ say() }}{% endautoescape %}", "<i>"),
        ("{% macro say(a, b='<') %}{{ a }}{{ b }}{% endmacro %}{{ say('>', b=1) }}{{ say('>') }}", "&gt;1&gt;&lt;"),
        ("{{ greeting.word }}{{ greeting.none_such }}{{ {'a': 1}.a }}{{ greeting.word.title() }}", None),
        ("{{ nothing.word is defined }}", None),
        ("{{ greeting.word.none_such is defined }}{{ greeting.say.none_such }}", "False"),
    ],
)
def test_what_is_called_and_what_it_has_is_found_as_everywhere(app: Flask, page: str, shown: str | None) -> None:
    told = {"wild": "<i>", "section": section, "greeting": Greeting()}
    plain = Environment(autoescape=True, undefined=app.jinja_env.undefined)
    answers = []
    for environment in (plain, app.jinja_env):
        try:
            answers.append(environment.from_string(page).render(told))
        except UndefinedError as error:
            answers.append(str(error))
    assert answers[0] == answers[1]
    assert shown in (None, answers[1])


def test_a_layout_has_what_its_pages_add(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {
        "layout.html": "<{% block one %}a{% endblock %}>",
        "middle.html": "{% extends 'layout.html' %}"
        "{% block one %}{{ super() }}b{% block two %}{% endblock %}{% endblock %}",
        "page.html": "{% extends 'middle.html' %}never{% block one %}{{ super() }}{{ wild }}{% endblock %}"
        "{% block two %}c{% endblock %}",
    }
    monkeypatch.setattr(app.jinja_env, "loader", DictLoader(pages))
    assert app.jinja_env.get_template("page.html").render(wild="&") == "<abc&amp;>"
