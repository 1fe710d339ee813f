"""The words of a letter without their dress, and without what is only repeated from an earlier letter."""

import re
from html import unescape

# Our letters carry it on top, so that whatever stands below it in an answer is known to be ours.
MARKER = "Write above this line"

# Read from left to right and never back, however broken it is.
MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^>]*>?|<(?P<end>/?)(?P<tag>[a-z][a-z0-9]*)(?:\"[^\"]*+\"|'[^']*+'|[^>\"'])*+>?|[^<]++|<",
    re.IGNORECASE | re.DOTALL,
)
UNSEEN = {"head", "script", "style", "template", "title"}
BLOCKS = {"address", "blockquote", "div", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "table", "tr", "ul"}

DAY_AND_HOUR = r"(?=.*\d).{4,300}"
WROTE = re.compile(
    rf"(On\b{DAY_AND_HOUR}\bwrote|Am\b{DAY_AND_HOUR}\bschrieb\b.{{0,99}}|Le\b{DAY_AND_HOUR}\ba écrit"
    rf"|El\b{DAY_AND_HOUR}\bescribió|Il\b{DAY_AND_HOUR}\bha scritto|Op\b{DAY_AND_HOUR}\bschreef\b.{{0,99}}"
    rf"|Em\b{DAY_AND_HOUR}\bescreveu|W dniu\b{DAY_AND_HOUR}\b(pisze|napisał\w*))\s*:"
)
FIRST_WORDS = ("On ", "Am ", "Le ", "El ", "Il ", "Op ", "Em ", "W dniu ")
ORIGINAL = re.compile(r"-{2,}\s*(Original Message|Ursprüngliche Nachricht|Message d.origine|Mensaje original)\s*-{2,}")
FROM = re.compile(r"\*?(From|Von|De|Da|Van|Od)\s?:\*?\s")
SUBJECT = re.compile(r"\*?(Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp|Temat|Assunto)\s?:\*?\s")
RULE = re.compile(r"[_\-\s]*")


def undressed(html: str) -> str:
    """What is seen of a page; quoted passages begin with “>”, as in plain letters."""
    lines, hidden, depth = [""], "", 0
    for found in MARKUP.finditer(html):
        tag, ends = (found["tag"] or "").lower(), bool(found["end"])
        if hidden:
            hidden = "" if ends and tag == hidden else hidden
        elif tag in UNSEEN:
            hidden = "" if ends else tag
        elif tag == "br" or tag in BLOCKS:
            depth = max(0, depth + (-1 if ends else 1)) if tag == "blockquote" else depth
            lines.append("> " * min(depth, 9))
        elif not tag and not found[0].startswith(("<!", "<?")):
            lines[-1] += re.sub(r"\s+", " ", found[0])
    return "\n".join(unescape(line).rstrip() for line in lines)


def own_words(text: str) -> str:
    """What was written new; where nothing is left of it, all of it, since no words may be lost."""
    lines = text.split("\n")
    cut = next((number for number in range(len(lines)) if begins_quote(lines, number)), len(lines))
    above, below = lines[:cut], lines[cut:]
    while above and (is_quoted(above[-1]) or RULE.fullmatch(above[-1])):
        above.pop()
    # Somebody who answers between the quoted lines, or below them.
    between = [line for line in ours_taken_out(below) if not is_quoted(line)] if any(map(is_quoted, below)) else []
    return tidy([*above, "", *between]) or tidy(lines)


def ours_taken_out(lines: list[str]) -> list[str]:
    kept: list[str] = []
    skip = 0
    for number, line in enumerate(lines):
        skip = max(skip - 1, wrote(lines, number))
        if not skip and MARKER.lower() not in line.lower():
            kept.append(line)
    return kept


def begins_quote(lines: list[str], number: int) -> bool:
    line = bare(lines[number])
    if MARKER.lower() in line.lower() or ORIGINAL.fullmatch(line) or wrote(lines, number):
        return True
    return bool(FROM.match(line)) and any(SUBJECT.match(bare(other)) for other in lines[number + 1 : number + 6])


def wrote(lines: list[str], number: int) -> int:
    """“On Monday, 3:10 PM, Maple & Paw wrote:” takes so many lines, for it is often broken; else none."""
    if not bare(lines[number]).startswith(FIRST_WORDS):
        return 0
    for many in (1, 2, 3):
        told = " ".join(bare(line)[:300] for line in lines[number : number + many])
        if WROTE.fullmatch(told):
            return many
    return 0


def bare(line: str) -> str:
    return line.lstrip("> ").strip()


def is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def tidy(lines: list[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines)).strip()
