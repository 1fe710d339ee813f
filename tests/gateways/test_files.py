"""Files: which are taken, what is kept of them, and what a person hears when one is not."""

import os
import re
import resource
import struct
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from hashlib import sha256
from io import BytesIO
from random import Random
from time import thread_time
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms
from pypdf import PdfReader

from portal.gateways import files
from tests import samples
from tests.gateways.bucket import bucket

DOCX, XLSX = (samples.OFFICE + rest for rest in ("wordprocessingml.document", "spreadsheetml.sheet"))
CHOOSE = "Choose a PDF, a picture, a Word or Excel document, or a text or CSV file."
DAMAGED = "This picture is damaged or incomplete. Choose it again, or choose another."
MACROS = "Office documents with macros are not accepted. Save it without macros, or as a PDF, and choose that."


@pytest.fixture(autouse=True)
def folder(tmp_path):
    files.init((tmp_path / "kept files").as_uri())
    return tmp_path / "kept files"


def keep(content, name="certificate"):
    return files.keep(BytesIO(content), name)


def refusal(content, name, keep=files.keep):
    with pytest.raises(files.Unacceptable) as no:
        keep(BytesIO(content), name)
    return str(no.value)


def picture(content):
    return Image.open(BytesIO(content))


# ---------------------------------------------------------------- DOC-4: what is taken

UNTOUCHED = [
    (samples.pdf, "paper.pdf", "application/pdf"),
    (samples.pdf_with_script, "paper.pdf", "application/pdf"),
    (samples.docx, "letter.docx", DOCX),
    (samples.xlsx, "dogs.xlsx", XLSX),
    (samples.doc, "letter.doc", "application/msword"),
    (samples.xls, "dogs.xls", "application/vnd.ms-excel"),
    (samples.txt, "note.txt", "text/plain; charset=utf-8"),
    (samples.csv, "dogs.csv", "text/csv; charset=utf-8"),
]
PICTURES = [
    (samples.jpeg, "photo.jpg", "image/jpeg"),
    (samples.png, "photo.png", "image/png"),
    (samples.webp, "photo.webp", "image/webp"),
    (samples.gif, "photo.gif", "image/gif"),
]


@pytest.mark.parametrize(("sample", "name", "type"), UNTOUCHED)
def test_a_document_is_kept_as_it_is(sample, name, type):  # DOC-4
    content = sample()
    kept = keep(content, name)
    assert (kept.name, kept.type, kept.size) == (name, type, len(content))
    assert kept.sha256 == sha256(content).hexdigest()
    assert (kept.width, kept.height) == (None, None)
    assert files.read(kept.key) == content


@pytest.mark.parametrize(("sample", "name", "type"), PICTURES)
def test_a_picture_is_kept_with_its_measures(sample, name, type):  # DOC-4
    kept = keep(sample(), name)
    stored = files.read(kept.key)
    assert (kept.name, kept.type, kept.size) == (name, type, len(stored))
    assert kept.sha256 == sha256(stored).hexdigest()
    assert picture(stored).get_format_mimetype() == type


def test_heic_becomes_a_jpeg_that_opens_everywhere():  # DOC-4
    kept = keep(samples.heic(orientation=6), "IMG_0001.HEIC")
    stored = files.read(kept.key)
    assert (kept.name, kept.type) == ("IMG_0001.jpg", "image/jpeg")
    assert (kept.width, kept.height) == (64, 96)
    assert picture(stored).size == (64, 96)
    assert is_white(picture(stored).getpixel((60, 3)))
    assert nothing_private(stored)


def test_a_certificate_keeps_its_words():  # DOC-4
    kept = keep(samples.pdf("Rabies", "Valid until 2027-05-01"), "certificate.pdf")
    text = PdfReader(BytesIO(files.read(kept.key))).pages[0].extract_text()
    assert text.split("\n")[:2] == ["Rabies", "Valid until 2027-05-01"]


@pytest.mark.parametrize(
    ("sample", "ending"),
    [(sample, name.partition(".")[2]) for sample, name, _ in UNTOUCHED + PICTURES if sample is not samples.csv]
    + [(samples.heic, "jpg")],
)
def test_a_missing_ending_is_given(sample, ending):  # DOC-4
    assert keep(sample(), "Biscuit 3.2").name == f"Biscuit 3.2.{ending}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a.JPG", "a.jpg"), ("a.jpeg", "a.jpeg"), ("a.png", "a.jpg"), ("a.heic", "a.jpg"), ("a.webp", "a.jpg")],
)
def test_a_picture_under_the_name_of_another_is_renamed(name, shown):  # DOC-4
    assert keep(samples.jpeg(), name).name == shown


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"plain", "utf-8"),
        ("Zoë".encode("utf-8-sig"), "utf-8"),
        ("Zoë Łukasz 山田 🐶\r\n\tok\f".encode(), "utf-8"),
        ("Zoë’s – 5 €".encode("cp1252"), "windows-1252"),
        ("Zoë 🐶".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "Zoë".encode("utf-16-be"), "utf-16"),
        (("é" * 700_000).encode(), "utf-8"),
        (b"weight,<5 kg,>5 kg\n", "utf-8"),
    ],
)
def test_a_text_tells_its_encoding(content, encoding):  # DOC-4
    kept = keep(content, "note.txt")
    assert kept.type == f"text/plain; charset={encoding}"
    assert files.read(kept.key) == content


def test_a_document_with_an_embedded_table_is_what_its_name_says():  # DOC-4
    both = samples.compound_file("WordDocument", "Workbook")
    assert keep(both, "a.doc").type == "application/msword"
    assert keep(both, "a.xls").type == "application/vnd.ms-excel"


def test_25_megabytes_are_taken_and_one_byte_more_is_not():  # DOC-4
    end = b"\n%%EOF"
    most = b"%PDF-1.7\n".ljust(files.LARGEST - len(end), b" ") + end
    kept = keep(most, "scan.pdf")
    assert files.read(kept.key) == most
    assert refusal(most + b"\n", "scan.pdf") == "This file is larger than 25 MB. Make it smaller, or send it in parts."


def test_no_more_is_read_than_is_taken():  # DOC-4
    class Endless(BytesIO):
        given = 0

        def read(self, size=-1):
            assert size > 0
            self.given += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(files.Unacceptable, match="larger than 25 MB"):
        files.keep(endless, "a.pdf")
    assert endless.given <= files.LARGEST + 2 * 1024 * 1024


# ---------------------------------------------------------------- DOC-4: what is not, and why

INSIDE = "Choose the files inside it."
AS_PDF = "Save it as a PDF, and choose that."


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "paper.pdf", "This file is empty. Choose it again, or choose another."),
        (samples.svg(), "a.svg", "SVG drawings are not accepted. Save it as a PDF or PNG, and choose that."),
        (
            samples.svg(),
            "a.png",
            "This says it is a PNG picture, but it is an SVG drawing. Save it as a PDF or PNG, and choose that.",
        ),
        (b'<?xml version="1.0"?>\n' + samples.svg(), "a.txt", "This says it is a text file, but it is an SVG drawing."),
        (samples.html(), "a.pdf", f"This says it is a PDF, but it is a web page. {AS_PDF}"),
        (samples.html(), "a.html", f"Web pages are not accepted. {AS_PDF}"),
        (b"\n\n <TABLE><td>Dog", "dogs.xls", f"This says it is an Excel 97 document, but it is a web page. {AS_PDF}"),
        (samples.html().decode().encode("utf-16"), "a.txt", "This says it is a text file, but it is a web page."),
        (b"\xef\xbb\xbf" + samples.html(), "a.csv", "This says it is a CSV table, but it is a web page."),
        (b"hello <script>alert(1)</script>", "a.txt", "This says it is a text file, but it is a web page."),
        (samples.xml(), "a.xml", f"XML files are not accepted. {AS_PDF}"),
        (b"{\\rtf1\\ansi Rabies}", "a.rtf", f"RTF documents are not accepted. {AS_PDF}"),
        (samples.zipped(), "a.zip", f"ZIP archives are not accepted. {INSIDE}"),
        (samples.zipped(), "a", f"ZIP archives are not accepted. {INSIDE}"),
        (samples.zipped(), "a.pdf", f"This says it is a PDF, but it is a ZIP archive. {INSIDE}"),
        (samples.zipped(), "a.docx", f"This says it is a Word document, but it is a ZIP archive. {INSIDE}"),
        (samples.zipped()[:60], "a.docx", f"This says it is a Word document, but it is a ZIP archive. {INSIDE}"),
        (b"PK\x05\x06" + bytes(18), "a.zip", f"ZIP archives are not accepted. {INSIDE}"),
        (b"Rar!\x1a\x07\x01\0" + bytes(40), "a.rar", f"Archives are not accepted. {INSIDE}"),
        (b"\x1f\x8b\x08\0" + bytes(40), "a.gz", f"Archives are not accepted. {INSIDE}"),
        (samples.pptx(), "a.pptx", f"Presentations are not accepted. {AS_PDF}"),
        (samples.odt(), "a.odt", f"OpenDocument files are not accepted. {AS_PDF}"),
        (samples.docm(), "a.docm", MACROS),
        (samples.docm(), "a.docx", MACROS),
        (samples.docx_with_macro(), "a.docx", MACROS),
        (samples.doc_with_macro(), "a.doc", MACROS),
        (
            samples.locked(),
            "a.docx",
            "This document is locked with a password. Save it without the password, and choose that.",
        ),
        (samples.exe(), "a.exe", f"Programs are not accepted. {CHOOSE}"),
        (samples.exe(), "a.pdf", f"This says it is a PDF, but it is a program. {CHOOSE}"),
        (b"\x7fELF\x02\x01\x01" + bytes(60), "a", f"Programs are not accepted. {CHOOSE}"),
        (samples.mp4(), "a.mp4", "Videos are not accepted. Choose a photo instead."),
        (b"II*\0\x08\0\0\0" + bytes(60), "a.tif", "Pictures of this kind are not accepted. Save it as JPEG or PNG"),
        (samples.text_with_nul(), "a.txt", f"This says it is a text file, but it is something else. {CHOOSE}"),
        (b"\x1b[2Jterminal", "a.txt", "This says it is a text file, but it is something else."),
        (b"broken \xff\xfe\x81", "a.txt", "This says it is a text file, but it is something else."),
        (b"\xff\xfea", "a.txt", "This says it is a text file, but it is something else."),
        (bytes(range(256)), "a.dat", f"Files of this kind are not accepted. {CHOOSE}"),
        (samples.pdf(), "a.exe", "This is a PDF, but its name ends in .exe. Rename it to end in .pdf, and choose it"),
        (samples.txt(), "run.bat", "This is a text file, but its name ends in .bat. Rename it to end in .txt, and"),
        (samples.docx(), "a.pdf", "This says it is a PDF, but it is a Word document. Rename it to end in .docx, and"),
        (samples.docx(), "a.doc", "This says it is a Word 97 document, but it is a Word document. Rename it to end"),
        (samples.pdf(), "a.png", "This says it is a PNG picture, but it is a PDF. Rename it to end in .pdf, and"),
        (samples.png(), "a.pdf", "This says it is a PDF, but it is a PNG picture. Rename it to end in .png, and"),
        (
            samples.pdf()[:-20],
            "a.pdf",
            "This PDF is damaged or incomplete. Open it, save it again, and choose the new file.",
        ),
        (b"%PDF-1.7\n" + samples.html(), "a.pdf", "This PDF is damaged or incomplete."),
        (samples.bomb(), "a.png", "This picture has more than 40 megapixels. Make it smaller, or choose another."),
        *((sample()[:-9], name, DAMAGED) for sample, name, _ in PICTURES),
        (samples.heic()[:-300], "a.heic", DAMAGED),
        (b"GIF89a\1\0\1\0 is how a picture begins", "a.gif", DAMAGED),
        (b"\xff\xd8\xff\xd9", "a.jpg", DAMAGED),
    ],
)
def test_a_refusal_tells_why_and_what_next(content, name, words, folder):  # DOC-4
    assert refusal(content, name).startswith(words)
    assert not [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("keep", [files.keep, files.keep_photo])
def test_a_bomb_costs_nothing(keep):  # DOC-4
    bomb = samples.bomb()
    start = thread_time()
    assert "40 megapixels" in refusal(bomb, "bomb.png", keep)
    assert thread_time() - start < 0.1


def test_a_page_of_a_hundred_megapixels_is_refused_in_every_format():  # DOC-4
    wide = struct.pack(">HH", 10_000, 10_000)
    content = samples.jpeg().replace(struct.pack(">HH", 60, 90), wide)
    assert "40 megapixels" in refusal(content, "a.jpg")
    content = samples.gif().replace(struct.pack("<HH", 40, 30), struct.pack("<HH", 10_000, 10_000), 1)
    assert "40 megapixels" in refusal(content, "a.gif")
    canvas = struct.pack("<I", 89)[:3] + struct.pack("<I", 59)[:3]
    content = samples.webp().replace(canvas, b"\x0f\x27\0\x0f\x27\0", 1)
    assert "40 megapixels" in refusal(content, "a.webp")


def test_a_picture_cut_into_too_many_scans_is_refused():  # DOC-4
    content = saved_progressive()
    start = content.rindex(b"\xff\xda")
    scan = content[start:-2]
    assert refusal(content[:start] + scan * 60 + b"\xff\xd9", "a.jpg") == DAMAGED


def test_an_archive_with_an_enormous_index_is_not_read():  # DOC-4
    content = samples.archive({f"{n:060000}": "" for n in range(20)})
    start = thread_time()
    assert refusal(content, "a.docx").startswith("This says it is a Word document, but it is a ZIP archive.")
    assert thread_time() - start < 0.1


@pytest.mark.parametrize("comment", [b"", b"x" * 65_536])
def test_an_archive_with_two_ends_hides_no_enormous_index(comment):  # DOC-4
    """The reader believes the end for archives of more than 4 GB, and looks for an end one octet farther than told."""
    entries, head = 200_000, b"PK\3\4" + b"\0" * 26
    index = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", *(0,) * 18) * entries
    length = 10 if not comment else len(index)
    far = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, entries, entries, len(index), len(head))
    way = struct.pack("<4sLQL", b"PK\6\7", 0, len(head) + len(index), 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0, 0, length, len(head), 65_535 if comment else 0)
    start = thread_time()
    assert "it is a ZIP archive" in refusal(
        head + index + ((far + way) if not comment else b"") + end + comment, "a.docx"
    )
    assert thread_time() - start < 0.3


def saved_progressive():
    return samples.saved(samples.image(), "JPEG", progressive=True)


# ---------------------------------------------------------------- DOC-4: nothing private goes along


def nothing_private(content):
    return not re.search(rb"Spy|Rosa|GPS|xmp|http|<script|<html", content, re.IGNORECASE)


def is_white(pixel):
    return min(pixel[:3]) > 230


def without_notes(content):
    """The pixels as a decoder sees them, whatever is written about them."""
    opened = picture(content)
    return [(opened.seek(n), opened.convert("RGBA"))[1] for n in range(getattr(opened, "n_frames", 1))]


@pytest.mark.parametrize(("sample", "name", "type"), PICTURES)
def test_no_pixel_is_lost_and_no_place_is_told(sample, name, type):  # DOC-4
    content = sample()
    assert not nothing_private(content)
    stored = files.read(keep(content, name).key)
    assert nothing_private(stored)
    before, after = without_notes(content), without_notes(stored)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert ImageChops.difference(old, new).getbbox(alpha_only=False) is None


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("sample", "name", "type"), PICTURES[:3])
def test_which_way_up_stays(sample, name, type, orientation):  # DOC-4
    content = sample(orientation=orientation)
    kept = keep(content, name)
    written = picture(files.read(kept.key)).getexif()
    assert dict(written) == {samples.ORIENTATION: orientation}
    assert not written.get_ifd(samples.GPS_INFO)
    assert (kept.width, kept.height) == ((60, 90) if orientation >= 5 else (90, 60))


def test_the_camera_of_a_little_endian_phone_is_understood():  # DOC-4
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 0x0112, 3, 1, 8, 0)
    kept = keep(samples.saved(samples.image(), "JPEG", exif=exif), "a.jpg")
    assert (kept.width, kept.height) == (60, 90)


@pytest.mark.parametrize("exif", [b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"Exif\0\0garbage and more garbage"])
def test_broken_notes_do_not_stop_a_picture(exif):  # DOC-4
    kept = keep(samples.saved(samples.image(), "JPEG", exif=exif), "a.jpg")
    assert (kept.width, kept.height) == (90, 60)


def test_colours_of_the_screen_it_was_made_for_stay():  # DOC-4
    profile = b"colours" * 20_000
    for format, name in (("JPEG", "a.jpg"), ("PNG", "a.png"), ("WEBP", "a.webp")):
        stored = files.read(keep(samples.saved(samples.image(), format, icc_profile=profile), name).key)
        assert picture(stored).info["icc_profile"] == profile


def test_an_animation_goes_on_moving():  # DOC-4
    for content in (samples.gif(), moving_webp()):
        stored = picture(files.read(keep(content, "a.gif").key))
        assert (stored.n_frames, stored.info["loop"]) == (3, 0)


def moving_webp():
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    return samples.saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], duration=90, loop=0)


def test_a_transparent_picture_stays_transparent():  # DOC-4
    clear = Image.new("RGBA", (30, 20), (200, 30, 30, 90))
    for format in ("PNG", "WEBP"):
        stored = picture(files.read(keep(samples.saved(clear, format, lossless=True), "a.png").key))
        assert stored.convert("RGBA").getpixel((5, 5)) == (200, 30, 30, 90)


@pytest.mark.parametrize(
    ("sample", "name"),
    [(samples.html_in_png, "a.png"), (samples.html_in_jpeg, "a.jpg"), (samples.html_in_gif, "a.gif")],
)
def test_a_page_hidden_in_a_picture_stays_behind(sample, name):  # DOC-4
    content = sample()
    assert samples.SCRIPT in content
    stored = files.read(keep(content, name).key)
    assert nothing_private(stored)
    assert ImageChops.difference(without_notes(content)[0], without_notes(stored)[0]).getbbox() is None


def test_previews_and_second_pictures_stay_behind():  # DOC-4
    first, second = samples.jpeg(orientation=1), samples.jpeg(orientation=1, width=40)
    several = first[:2] + b"\xff\xe2\0\x0aMPF\0\0\0\0\0" + first[2:] + second
    stored = files.read(keep(several, "a.jpg").key)
    assert stored.count(b"\xff\xd8") == stored.count(b"\xff\xd9") == 1
    assert b"MPF" not in stored


# ---------------------------------------------------------------- PRO-1, PET-4: photos


@pytest.mark.parametrize(("sample", "name", "type"), [*PICTURES, (samples.heic, "photo.heic", "image/heic")])
def test_a_photo_is_made_anew(sample, name, type):  # PRO-1 PET-4
    kept = files.keep_photo(BytesIO(sample()), name)
    stored = files.read(kept.key)
    assert (kept.name, kept.type, kept.size) == ("photo.webp", "image/webp", len(stored))
    assert picture(stored).size == (kept.width, kept.height)
    assert nothing_private(stored)
    assert not picture(stored).info.keys() & {"exif", "xmp", "icc_profile"}


@pytest.mark.parametrize(
    "content", [samples.jpeg(orientation=6, width=96, height=64), samples.heic(orientation=6)], ids=["JPEG", "HEIC"]
)
def test_a_photo_stands_upright(content):  # PRO-1 PET-4
    kept = files.keep_photo(BytesIO(content), "p")
    assert (kept.width, kept.height) == (64, 96)
    stored = picture(files.read(kept.key)).convert("RGB")
    assert is_white(stored.getpixel((60, 3)))
    assert not is_white(stored.getpixel((3, 3)))


def test_a_photo_is_small_and_its_thumbnail_smaller():  # PRO-1 PET-4
    noise = Image.frombytes("RGB", (1200, 800), Random(7).randbytes(1200 * 800 * 3)).resize((3000, 2000))
    kept = files.keep_photo(BytesIO(samples.saved(noise, "JPEG")), "p.jpg")
    assert (kept.width, kept.height) == (512, 341)
    small = files.read(files.thumbnail(kept.key))
    assert picture(small).size == (128, 128)
    assert len(small) <= 6 * 1024
    assert nothing_private(small)


def test_the_thumbnail_of_the_noisiest_photo_is_6_kb_at_most():  # PRO-1 PET-4
    noise = Image.frombytes("RGB", (128, 128), Random(7).randbytes(128 * 128 * 3))
    kept = files.keep_photo(BytesIO(samples.saved(noise, "PNG")), "p.png")
    assert len(files.read(files.thumbnail(kept.key))) <= 6 * 1024


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16", "RGBA", "CMYK"])
def test_a_photo_of_any_depth_shows(mode):  # PRO-1 PET-4
    if mode == "I;16":
        source = Image.frombytes("I;16", (90, 60), struct.pack("<H", 40_000) * 5400)
    else:
        source = Image.new("RGB", (90, 60), (156, 156, 156)).convert(mode)
    content = samples.saved(source, "JPEG" if mode == "CMYK" else "PNG")
    stored = picture(files.read(files.keep_photo(BytesIO(content), "p").key)).convert("L").resize((1, 1))
    assert stored.getpixel((0, 0)) == pytest.approx(156, abs=8)


def test_a_transparent_photo_stays_transparent():  # PRO-1 PET-4
    clear = Image.new("RGBA", (90, 60), (200, 30, 30, 0))
    kept = files.keep_photo(BytesIO(samples.saved(clear, "PNG")), "p.png")
    assert picture(files.read(kept.key)).getpixel((5, 5))[3] == 0


def test_a_photo_takes_the_colours_of_the_web():  # PRO-1 PET-4
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = files.keep_photo(BytesIO(samples.saved(samples.image(), "JPEG", icc_profile=profile)), "p.jpg")
    broken = files.keep_photo(BytesIO(samples.saved(samples.image(), "JPEG", icc_profile=b"none")), "p.jpg")
    pixel = [picture(files.read(one.key)).getpixel((5, 55)) for one in (kept, broken)]
    assert pixel[0] == pytest.approx((40, 64, 192), abs=12)
    assert pixel[1] == pytest.approx((40, 64, 192), abs=12)


def test_a_photo_must_be_a_picture():  # PRO-1 PET-4
    assert refusal(samples.pdf(), "p.pdf", files.keep_photo) == (
        "This is a PDF. Choose a photo: JPEG, PNG, HEIC, WebP or GIF."
    )
    assert refusal(samples.jpeg()[:-300], "p.jpg", files.keep_photo) == DAMAGED


def test_a_photo_whose_picture_is_broken_is_refused_in_words():  # PRO-1 PET-4
    content = bytearray(samples.png())
    at = content.index(b"IDAT") + 4
    content[at : at + 20] = bytes(20)
    assert refusal(bytes(content), "p.png", files.keep_photo) == DAMAGED


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    sample=st.sampled_from([*PICTURES, *UNTOUCHED, (samples.heic, "a.heic", "")]),
    changes=st.lists(st.tuples(st.integers(0, 2000), st.binary(max_size=6)), min_size=1, max_size=4),
    photo=st.booleans(),
)
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_broken_is_kept_or_refused_and_never_fails(sample, changes, photo):  # DOC-4
    content = bytearray(sample[0]())
    for at, new in changes:
        content[at : at + len(new)] = new
    with suppress(files.Unacceptable):
        (files.keep_photo if photo else files.keep)(BytesIO(bytes(content)), sample[1])


# ---------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Rosa\\Rabies.PDF", "Rabies.pdf"),
        ("/", "document.pdf"),
        ("", "document.pdf"),
        (".pdf", "document.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("...", "document.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("a\0b.pdf", "a b.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe.pdf"),
        ("evil\u202exe.pdf", "evilxe.pdf"),
        ("\u2066a\u2069\u200f.pdf", "a.pdf"),
        ("Zoe\u0308.pdf", "Zoë.pdf"),
        ("山田 太郎 🐶.pdf", "山田 太郎 🐶.pdf"),
        ("family 👨\u200d👩\u200d👧.pdf", "family 👨\u200d👩\u200d👧.pdf"),
        ("  much   space \u2028.pdf", "much space.pdf"),
        ('a "quoted" name.pdf', 'a "quoted" name.pdf'),
        ("Dr. Smith", "Dr. Smith.pdf"),
        ("photo.jpg", "photo.pdf"),
        ("a\ud800b.pdf", "a b.pdf"),
    ],
)
def test_a_name_is_shown_as_typed_without_what_is_unseen(name, shown):  # DOC-4
    assert files.clean_name(name, "application/pdf") == shown


@given(st.text(max_size=300), st.sampled_from(["application/pdf", "image/jpeg", "text/csv; charset=utf-8"]))
def test_a_name_is_always_short_and_ends_in_what_the_file_is(name, type):  # DOC-4
    shown = files.clean_name(name, type)
    assert len(shown) <= 120
    assert shown.endswith((".pdf", ".jpg", ".jpeg", ".jpe", ".jfif", ".csv"))
    assert not re.search(r"[/\\\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", shown)
    assert files.clean_name(shown, type) == shown


def test_a_name_of_5000_letters_is_cut_before_its_ending():  # DOC-4
    shown = files.clean_name("é" * 5000 + ".jpeg", "image/jpeg")
    assert (len(shown), shown[-6:]) == (120, "é.jpeg")


@pytest.mark.parametrize(
    ("name", "plainer"),
    [
        ("Rabies.pdf", "Rabies.pdf"),
        ("Zoë’s 5%.pdf", "Zoes 5_.pdf"),
        ("山田.pdf", "document.pdf"),
        ('a"; filename="evil.exe.pdf', "a_; filename=_evil.exe.pdf"),
        ("a\r\nX-Evil: 1.pdf", "a X-Evil_ 1.pdf"),
        ("a\\b.pdf", "b.pdf"),
        ("", "document"),
    ],
)
@pytest.mark.parametrize(("inline", "way"), [(True, "inline"), (False, "attachment")])
def test_the_disposition_is_read_back_as_it_was_meant(name, plainer, inline, way):  # DOC-4
    header = files.disposition(name, inline)
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header.partition("; filename*=")[0]
    assert (message.get_content_disposition(), message.get_filename()) == (way, plainer)
    wanted = re.split(r"[/\\]", name)[-1].replace("\r\n", " ")
    assert unquote(header.partition("filename*=UTF-8''")[2]) == (wanted or "document")


# ---------------------------------------------------------------- the store


def test_keys_cannot_be_guessed_and_names_do_not_show_in_them(folder):
    kept = [keep(samples.txt(), "secret.txt") for _ in range(2)]
    assert len({one.key for one in kept}) == 2
    assert all(re.fullmatch(r"([0-9a-f]{2})/([0-9a-f]{2})/\1\2[0-9a-f]{28}", one.key) for one in kept)
    assert not list(folder.rglob("*secret*"))
    assert folder.stat().st_mode & 0o077 == 0


def test_a_file_comes_back_in_pieces():
    content = b"%PDF-1.7\n" + Random(7).randbytes(2_500_000) + b"%%EOF"
    pieces = list(files.open(keep(content, "a.pdf").key))
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1024 * 1024


def test_a_missing_file_is_told_before_the_first_piece():
    with pytest.raises(FileNotFoundError):
        files.open("00/11/" + "0" * 32)
    with pytest.raises(FileNotFoundError):
        files.read("00/11/" + "0" * 32)


def test_what_is_removed_is_gone_with_its_thumbnail_and_may_be_removed_twice(folder):
    kept = files.keep_photo(BytesIO(samples.jpeg()), "p.jpg")
    files.remove(kept.key)
    files.remove(kept.key)
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_the_sweep_takes_only_what_nobody_knows(folder):
    known, lost = (files.keep_photo(BytesIO(samples.jpeg()), "p.jpg") for _ in range(2))
    other = folder / "portal.db"
    other.write_text("not ours to remove")
    part = folder / (lost.key + "#1")
    part.write_text("left by a process that was killed")
    assert files.sweep({known.key}, older_than=timedelta(hours=1)) == 0
    assert files.sweep({known.key}, older_than=timedelta(0)) == 2
    assert files.read(known.key)
    assert files.read(files.thumbnail(known.key))
    assert other.exists()
    assert not part.exists()
    with pytest.raises(FileNotFoundError):
        files.open(lost.key)


def test_a_write_reaches_the_disk_before_it_is_told(monkeypatch, folder):
    settled = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda it: (settled.append(os.readlink(f"/proc/self/fd/{it}")), sync(it)))
    kept = keep(samples.txt(), "a.txt")
    path = folder / kept.key
    assert settled == [str(one) for one in (path, path.parent, path.parent.parent, folder)]


def test_a_full_disk_is_said_and_leaves_nothing_behind(folder):
    usual, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, most))
    try:
        with pytest.raises(files.Unavailable):
            keep(b"Biscuit " * 20_000, "a.txt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, most))
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert keep(b"Biscuit " * 20_000, "a.txt").size == 160_000


def test_a_bucket_serves_as_well_as_a_folder(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "rosa")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "biscuit")
    with bucket() as (endpoint, held):
        files.init(f"s3://papers/portal?endpoint={endpoint}&region=eu-central-1")
        content = b"%PDF-1.7\n" + bytes(1_500_000) + b"%%EOF"
        kept, photo = keep(content, "a.pdf"), files.keep_photo(BytesIO(samples.jpeg()), "p.jpg")
        assert held[f"/papers/portal/{kept.key}"] == content
        assert files.read(kept.key) == content
        assert files.sweep({kept.key, photo.key}, timedelta(0)) == 0
        assert files.sweep({kept.key}, timedelta(0)) == 2
        files.remove(kept.key)
        files.remove(kept.key)
        assert not held
        with pytest.raises(FileNotFoundError):
            files.open(kept.key)


def test_a_store_out_of_reach_is_said_so(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "rosa")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "biscuit")
    with bucket() as (endpoint, _):
        files.init(f"s3://papers?endpoint={endpoint}")
    with pytest.raises(files.Unavailable, match="Try again in a few minutes"):
        keep(samples.txt(), "a.txt")
    with pytest.raises(files.Unavailable):
        files.open("00/11/" + "0" * 32)
    with pytest.raises(files.Unavailable):
        files.sweep(set(), timedelta(0))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "it is ''"),
        ("/srv/files", "it is '/srv/files'"),
        ("file://srv/files", "it is 'file://srv/files'"),
        ("ftp://host/x", "it is 'ftp://host/x'"),
        ("s3://", "it is 's3://'"),
        ("s3://papers?endpiont=https://x", "nothing is known of endpiont"),
        ("file:///dev/null/files", "the folder /dev/null/files cannot be used"),
    ],
)
def test_a_wrong_setting_is_named(url, words):
    with pytest.raises(ValueError, match="PORTAL_FILES_URL must be a folder") as no:
        files.init(url)
    assert words in str(no.value)
