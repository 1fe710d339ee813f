"""Tables that people bring along: told from what is none, their encoding and delimiter found out, read row by row.

tables.refuse_what_is_none(stream, "clients.csv")
shape = tables.shape(stream)                           # Shape("windows-1252", ";")
for number, cells in tables.rows(stream, shape): ...
"""

from portal.gateways.tables.defused import defused, restored
from portal.gateways.tables.encodings import ENCODINGS
from portal.gateways.tables.foreign import NoTable, refuse_what_is_none
from portal.gateways.tables.shapes import DELIMITERS, Shape, Unreadable, delimiter, encoding, rows, shape
from portal.gateways.tables.written import lines

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "NoTable",
    "Shape",
    "Unreadable",
    "defused",
    "delimiter",
    "encoding",
    "lines",
    "refuse_what_is_none",
    "restored",
    "rows",
    "shape",
]
