"""Tables as people bring them along: told from what is none, read whatever their letters and marks, written safely."""

import csv
from io import BytesIO, StringIO
from time import thread_time

import pytest

from portal.gateways import tables
from portal.gateways.tables.shapes import MOST_ROWS
from tests import samples

PEOPLE = "Name;Stadt\nZoë Müller;Köln\nJosé “Pepe” Núñez;Málaga\nRenée O’Brien;Liège\n"
PLAIN = "First Name,Last Name,E-mail\nRosa,Delgado,rosa@example.com\n"


def read(content: bytes) -> list[list[str]]:
    file = BytesIO(content)
    return [cells for _, cells in tables.rows(file, tables.shape(file))]


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("cp1252", "windows-1252"),
        ("mac_roman", "mac-roman"),
    ],
)
def test_the_encoding_is_found_out(codec: str, named: str) -> None:  # CP-12
    content = PEOPLE.encode(codec)
    assert tables.encoding(BytesIO(content)) == named
    assert read(content)[1] == ["Zoë Müller", "Köln"]
    assert read(content)[0][0] == "Name", "without the mark"


def test_names_in_any_script_are_read() -> None:
    names = "Имя,李伟\nАнна,王\nمحمد,Ngọc\n"
    for codec in ("utf-8", "utf-16", "utf-8-sig"):
        assert read(names.encode(codec))[2] == ["محمد", "Ngọc"]


def test_one_broken_letter_does_not_make_another_encoding() -> None:
    content = (PEOPLE * 20).encode() + b"Smith\xe9;Kingston\n"
    assert tables.encoding(BytesIO(content)) == "utf-8"
    assert "\ufffd" in read(content)[-1][0]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(mark: str) -> None:  # CP-12
    rows = [["Name", "Notes", "Pets"], ["Delgado, Rosa", "one; two | three", "Biscuit, Juno"]] * 3
    paper = StringIO()
    csv.writer(paper, delimiter=mark).writerows(rows)
    assert read(paper.getvalue().encode()) == rows


def test_titles_above_a_list_do_not_decide() -> None:
    content = "Clients, as of today\n\nName;Mail;Phone\nRosa;rosa@example.com;1\nOmar;o@example.com;2\n"
    assert read(content.encode())[2] == ["Name", "Mail", "Phone"]


def test_excel_is_told_its_delimiter_and_rows_keep_their_numbers() -> None:
    file = BytesIO(b"sep=;\r\nName;Pet\r\nRosa;Juno\r\n")
    assert list(tables.rows(file, tables.shape(file))) == [(2, ["Name", "Pet"]), (3, ["Rosa", "Juno"])]


def test_line_breaks_and_quotation_marks_within_a_cell() -> None:
    assert read(b'Name,Note\r\nRosa,"one\r\ntwo ""three"""\r\nOmar,x\r\n')[1:] == [
        ["Rosa", 'one\r\ntwo "three"'],
        ["Omar", "x"],
    ]


@pytest.mark.parametrize(
    ("content", "row", "words"),
    [(b'a,b\n1,2\n"open,3\n4,5\n', 3, "never closes it"), (b'a,b\n"x"y,2\n3,4\n', 2, "Write it twice")],
)
def test_a_stray_quotation_mark_is_told_with_its_row(content: bytes, row: int, words: str) -> None:
    with pytest.raises(tables.Unreadable, match=words) as no:
        read(content)
    assert no.value.row == row


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (samples.pdf("x"), "This is a PDF. Export the list as CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is a PNG picture"),
        (b"PK\x03\x04" + bytes(80), "This is a ZIP archive. Unpack it"),
        (b"BEGIN:VCARD\nVERSION:3.0\n", "vCards"),
        (b"BEGIN:VCALENDAR\n", "calendar"),
        (b'[{"name": "Rosa"}]', "JSON"),
        (b"<html><table><tr><td>Rosa</td></tr></table></html>", "web page"),
        (b"{\\rtf1 Rosa}", "RTF"),
        (b"", "empty"),
        (b" \n \n", "empty"),
        (bytes(range(256)), "This is no CSV file"),
        (b"MZ\x90\x00\x03" + bytes(60), "program|no CSV"),
    ],
)
def test_what_is_no_table_is_called_by_its_name(content: bytes, words: str) -> None:  # CP-12
    with pytest.raises(tables.NoTable, match=words):
        tables.refuse_what_is_none(BytesIO(content), "clients.csv")


def test_an_excel_file_tells_how_to_make_a_table_of_it() -> None:  # CP-12
    with pytest.raises(tables.NoTable, match=r"an Excel document\. Open it in Excel, Numbers or LibreOffice"):
        tables.refuse_what_is_none(BytesIO(samples.xlsx()), "clients.xlsx")


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "cp1252", "mac_roman"])
def test_a_table_is_none_of_these(codec: str) -> None:
    tables.refuse_what_is_none(BytesIO(PEOPLE.encode(codec)), "list.txt")
    tables.refuse_what_is_none(BytesIO(PLAIN.encode(codec)), "list")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "'=1", "''=1", "-", "+x44"]
)
def test_what_a_spreadsheet_would_work_out_is_defused_and_comes_back(cell: str) -> None:
    safe = tables.defused(cell)
    assert safe == f"'{cell}"
    assert tables.restored(safe) == cell


@pytest.mark.parametrize(
    ("cell", "safe"),
    [("Rosa;=1+1", "Rosa;'=1+1"), ("a; @x;\t+y", "a; '@x;\t'+y"), ("=a;=b", "'=a;'=b"), ("x;'=1", "x;''=1")],
)
def test_nor_after_a_semicolon_where_spreadsheets_cut_there(cell: str, safe: str) -> None:
    assert tables.defused(cell) == safe
    assert tables.restored(safe) == cell
    assert not any(part.strip().startswith(("=", "+", "@")) for part in safe.split(";"))


@pytest.mark.parametrize(
    "cell", ["+44 20 7946 0958", "-12.50", "+1 212 555 0148", "O'Brien", "rosa@example.com", "'tis", "a; b", ""]
)
def test_numbers_and_words_stay_as_they_are(cell: str) -> None:
    assert tables.defused(cell) == cell == tables.restored(cell)


def test_a_table_goes_out_as_excel_expects_it() -> None:
    text = "".join(tables.lines([["Name", "Note"], ["Zoë", 'a, "b"\nc'], ["=1", ""]]))
    assert text == '\ufeffName,Note\r\nZoë,"a, ""b""\nc"\r\n\'=1,\r\n'
    assert len(list(tables.lines([["x"]] * 1200))) == 3, "a stretch at a time"


@pytest.mark.parametrize("row", [b"," * 3_000_000, b'"",' * 1_000_000, b'"\n",' * 600_000, b"a," * 20_000])
def test_a_row_without_end_is_not_read_to_its_end(row: bytes) -> None:  # CP-12
    file = BytesIO(b"Name,E-mail\n" + row + b"\n")
    start = thread_time()
    with pytest.raises(tables.Unreadable, match="too long to be one of a list") as no:
        list(tables.rows(file, tables.Shape("utf-8", ",")))
    assert no.value.row == 2
    assert thread_time() - start < 1


def test_a_list_of_endlessly_many_rows_is_read_so_far_and_no_further() -> None:  # CP-12
    file = BytesIO(b"a\n" * (MOST_ROWS + 5))
    with pytest.raises(tables.Unreadable, match="Bring it in in parts") as no:
        list(tables.rows(file, tables.Shape("utf-8", ",")))
    assert no.value.row == MOST_ROWS + 1


@pytest.mark.parametrize(("line", "told"), [(b"\xe9" + b"a" * 5_000 + b"\n", "mac-roman"), (b"\xe9a", "windows-1252")])
def test_long_lines_of_foreign_letters_are_told_apart_at_once(line: bytes, told: str) -> None:  # CP-12
    """Seconds for each megabyte would be half an hour of the longest list."""
    file = BytesIO(b"Name\n" + line * (10_000_000 // len(line)))
    start = thread_time()
    assert tables.encoding(file) == told
    assert thread_time() - start < 1
