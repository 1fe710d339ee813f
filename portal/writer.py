"""How templates become functions: what a page is told is escaped as it is written, and its words gathered in one list.

They are joined at once, so nothing needs to remember that it was escaped. And they are not handed one by one through
each layout and block around them, so that a part in a long list costs what it says and no more.
"""

from datetime import date
from types import BuiltinMethodType, FunctionType, MethodType
from typing import Any

from flask import Flask
from jinja2 import Template
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import EvalContext, Getattr
from jinja2.runtime import Context, Macro
from markupsafe import Markup, _escape_inner, escape  # type: ignore[attr-defined]

# What is never written with a sign that means something on a page.
PLAIN = frozenset({int, date})
FUNCTIONS = FunctionType, MethodType, BuiltinMethodType


def escaped(told: Any) -> str:
    """As `escape` has it, which makes a Markup of each word: hundreds on a page."""
    kind = type(told)
    if kind is str:
        return _escape_inner(told)
    if kind is Markup:
        return told  # type: ignore[no-any-return]
    return str(told) if kind in PLAIN else escape(told)


class Writer(CodeGenerator):
    def _output_child_pre(self, node: Any, frame: Any, finalize: Any) -> None:
        settled: EvalContext = frame.eval_ctx
        if settled.autoescape and not settled.volatile and finalize.src is None:
            self.write("environment.escaped(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:  # noqa: N802
        """In one step where it is there, as it is hundreds of times on a page; else as everywhere."""
        self.write("(told if (told := getattr((of := ")
        self.visit(node.node, frame)
        name = repr(node.attr)
        self.write(f"), {name}, missing)) is not missing else environment.getattr(of, {name}))")

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        if is_whole(frame):
            self.buffer(frame)

    def leave_frame(self, frame: Frame, with_python_scope: bool = False) -> None:
        if is_whole(frame):
            self.simple_write(f"concat({frame.buffer})", Frame(frame.eval_ctx))
        super().leave_frame(frame, with_python_scope)


class Words(Context):
    def call(self, what: Any, /, *told: Any, _loop_vars: Any = None, _block_vars: Any = None, **named: Any) -> Any:
        """As everywhere, without looking long at each for what it might want to be told besides: a macro wants to know
        whether it escapes, and functions nothing that do not say so."""
        kind = type(what)
        if kind in FUNCTIONS and not hasattr(what, "jinja_pass_arg"):
            return what(*told, **named)
        if kind is Macro:
            return what(self.eval_ctx, *told, **named)
        return super().call(what, *told, _loop_vars=_loop_vars, _block_vars=_block_vars, **named)


class Page(Template):
    def _get_default_module(self, _: Context | None = None) -> Any:
        """Macros, made once: no page has words of its own for all. Else at each import they would all be compared."""
        return super()._get_default_module()


def is_whole(frame: Frame) -> bool:
    """A template, or a block of one."""
    return frame.toplevel or frame.block_frame


def init_app(app: Flask) -> None:
    app.jinja_env.code_generator_class = Writer
    app.jinja_env.template_class = Page
    app.jinja_env.context_class = Words
    app.jinja_env.escaped = escaped  # type: ignore[attr-defined]
