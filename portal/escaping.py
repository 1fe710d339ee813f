"""What a page is told is escaped as it is written. It is joined at once, so nothing needs to remember that it was."""

from typing import Any

from flask import Flask
from jinja2.compiler import CodeGenerator
from jinja2.nodes import EvalContext
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]


def escaped(told: Any) -> str:
    """As `escape` has it, which makes a Markup of each word: hundreds on a page."""
    kind = type(told)
    if kind is str:
        return _escape_inner(told)
    if kind is Markup:
        return told  # type: ignore[no-any-return]
    return str(told) if kind is int else escape(told)


class Writer(CodeGenerator):
    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        settled: EvalContext = frame.eval_ctx
        if settled.autoescape and not settled.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)


def init_app(app: Flask) -> None:
    app.jinja_env.code_generator_class = Writer
    app.jinja_env.escaped = escaped  # type: ignore[attr-defined]
