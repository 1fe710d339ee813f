"""What people write, as they meant it: paragraphs, line ends and links, and nothing of it is markup."""

import re

from jinja2.utils import urlize
from markupsafe import Markup, escape

LIKE_AN_ADDRESS = re.compile(r"[.:@]\S")
PARAGRAPHS = re.compile(r"\n[ \t]*\n+")


def prose(text: str) -> Markup:
    """Each paragraph a <p>, each line end a <br>, each address a link."""
    parts = (part for part in PARAGRAPHS.split(text) if part.strip())
    return Markup("".join(f'<p dir="auto">{lines(part)}</p>' for part in parts))


def lines(part: str) -> str:
    return "<br>".join(map(linked, part.strip("\n").split("\n")))


def linked(line: str) -> str:
    """Looking for addresses is the slow part, and most lines have nothing that could be one."""
    return str(urlize(line, rel="noopener nofollow") if LIKE_AN_ADDRESS.search(line) else escape(line))
