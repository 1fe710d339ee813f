"""What people write, as they meant it: paragraphs, line ends and links, and nothing of it is markup."""

import re

from jinja2.utils import urlize
from markupsafe import Markup

PARAGRAPHS = re.compile(r"\n[ \t]*\n+")


def prose(text: str) -> Markup:
    """Each paragraph a <p>, each line end a <br>, each address a link."""
    parts = (part for part in PARAGRAPHS.split(text) if part.strip())
    return Markup("").join(Markup('<p dir="auto">{}</p>').format(lines(part)) for part in parts)


def lines(part: str) -> Markup:
    return Markup("<br>").join(Markup(urlize(line, rel="noopener nofollow")) for line in part.strip("\n").split("\n"))
