"""Real files, made in code: what people send, and what they should not."""

import struct
import zlib
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pillow_heif
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

WORDS = "Rabies vaccination certificate. Biscuit. Valid until 2027-05-01."
SCRIPT = b"<script>alert(1)</script>"
OFFICE = "application/vnd.openxmlformats-officedocument."
GPS_INFO, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110


# ---------------------------------------------------------------- pictures


def image(width: int = 90, height: int = 60, mode: str = "RGB") -> Image.Image:
    """Red above, blue below, a white corner at the top left: any turn shows."""
    picture = Image.new("RGB", (width, height), "#c03028")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height // 2, width, height), fill="#2840c0")
    draw.rectangle((0, 0, width // 4, height // 4), fill="white")
    return picture.convert(mode)


def notes(orientation: int = 1) -> Image.Exif:
    """What a phone writes: which way up, the camera, and where it was."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[CAMERA] = "Spy Camera 9000"
    exif[GPS_INFO] = {1: "N", 2: (40.0, 26.0, 46.0), 3: "W", 4: (79.0, 58.0, 56.0)}
    return exif


def jpeg(orientation: int = 6, width: int = 90, height: int = 60, **options: object) -> bytes:
    return saved(image(width, height), "JPEG", exif=notes(orientation), comment=b"Home of Rosa", **options)


def png(orientation: int = 1) -> bytes:
    written = PngInfo()
    written.add_text("Comment", "Home of Rosa")
    written.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>Home of Rosa</x:xmpmeta>")
    return saved(image(), "PNG", exif=notes(orientation), pnginfo=written)


def webp(orientation: int = 1, **options: object) -> bytes:
    return saved(image(), "WEBP", exif=notes(orientation), xmp=b"<x:xmpmeta>Home of Rosa</x:xmpmeta>", **options)


def gif(frames: int = 3) -> bytes:
    moving = [Image.new("P", (40, 30), n) for n in range(frames)]
    for frame in moving:
        frame.putpalette([200, 30, 30, 30, 200, 30, 30, 30, 200] + [0] * 759)
    return saved(
        moving[0], "GIF", save_all=True, append_images=moving[1:], duration=90, loop=0, comment=b"Home of Rosa"
    )


def heic(orientation: int = 6, width: int = 96, height: int = 64) -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(image(width, height)).save(out, exif=notes(orientation).tobytes(), quality=60)
    return out.getvalue()


def saved(picture: Image.Image, format: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


@cache
def bomb() -> bytes:
    """A PNG of 60,000 by 60,000 pixels, in less than half a megabyte."""
    rows = bytes(1000 * (1 + 60_000 // 8))
    squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    squeezed, check = squeeze.compress(rows) + squeeze.flush(zlib.Z_FULL_FLUSH), 1
    for _ in range(60):
        check = zlib.adler32(rows, check)
    pixels = b"\x78\xda" + squeezed * 60 + b"\x03\0" + struct.pack(">I", check)
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def html_in_png() -> bytes:
    """A page in a comment of the picture, and another after its end."""
    written = PngInfo()
    written.add_text("Comment", SCRIPT.decode())
    return saved(image(), "PNG", pnginfo=written) + b"<html>" + SCRIPT


def html_in_jpeg() -> bytes:
    return saved(image(), "JPEG", comment=SCRIPT) + b"<html>" + SCRIPT


def html_in_gif() -> bytes:
    return saved(image(mode="P"), "GIF", comment=SCRIPT) + b"<html>" + SCRIPT


# ---------------------------------------------------------------- documents


def pdf(*lines: str, script: str = "") -> bytes:
    """One page of Helvetica, one line under the other; with a script that runs when it is opened, if wanted."""
    shown = " ".join(f"({escaped(line)}) Tj T*" for line in lines or (WORDS,))
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1")
    opening = f" /OpenAction << /S /JavaScript /JS ({escaped(script)}) >>" if script else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R{opening} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    return with_index(objects)


def with_index(objects: list[bytes]) -> bytes:
    out, offsets = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    index = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n" % (size, rows, size)
    return out + index + b"startxref\n%d\n%%%%EOF\n" % len(out)


def escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def pdf_with_script() -> bytes:
    return pdf(script="app.alert(1)")


def html_in_pdf() -> bytes:
    """A whole PDF that is a web page too, for whoever looks for one."""
    return pdf().replace(b"\n%\xe2\xe3\xcf\xd3\n", b"\n%<html>" + SCRIPT + b"</html>\n", 1)


def docx(words: str = WORDS) -> bytes:
    body = f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>"
    return office(
        "word/document.xml",
        f"{OFFICE}wordprocessingml.document.main+xml",
        f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{body}</w:document>',
    )


def xlsx() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>Biscuit</t></is></c></row>'
    return office(
        "xl/workbook.xml",
        f"{OFFICE}spreadsheetml.sheet.main+xml",
        f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="Dogs" sheetId="1" r:id="rId1"/></sheets>'
        "</workbook>",
        {
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>',
            "xl/_rels/workbook.xml.rels": relationship(f"{links}/worksheet", "worksheets/sheet1.xml"),
        },
        {"xl/worksheets/sheet1.xml": f"{OFFICE}spreadsheetml.worksheet+xml"},
    )


def pptx() -> bytes:
    return office("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml", "<p/>")


def docm() -> bytes:
    """Word with macros, said so."""
    return office(
        "word/document.xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "<w/>",
        {"word/vbaProject.bin": "Sub AutoOpen()"},
    )


def docx_with_macro() -> bytes:
    """Word with macros, hidden behind the type of one without."""
    return office(
        "word/document.xml",
        f"{OFFICE}wordprocessingml.document.main+xml",
        "<w/>",
        {"word/vbaProject.bin": "Sub AutoOpen()"},
    )


def office(
    part: str, type: str, xml: str, others: dict[str, str] | None = None, types: dict[str, str] | None = None
) -> bytes:
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{of}"/>' for name, of in {part: type, **(types or {})}.items()
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    root = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return archive(
        {
            "[Content_Types].xml": f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
            "_rels/.rels": relationship(root, part),
            part: head + xml,
            **(others or {}),
        }
    )


def relationship(type: str, target: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{type}" Target="{target}"/></Relationships>'
    )


def odt() -> bytes:
    return archive(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>", "META-INF/manifest.xml": "<x/>"}
    )


def archive(files: dict[str, str]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def zipped() -> bytes:
    return archive({"certificate.txt": WORDS})


def doc() -> bytes:
    return compound_file("WordDocument", "1Table")


def xls() -> bytes:
    return compound_file("Workbook")


def doc_with_macro() -> bytes:
    return compound_file("WordDocument", "_VBA_PROJECT")


def locked() -> bytes:
    """A new Word file behind a password lies in an old file."""
    return compound_file("EncryptionInfo", "EncryptedPackage")


def compound_file(*streams: str) -> bytes:
    """The file of the years before 2007: header, one table of sectors, one directory, streams of 4,096 bytes."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    chains = [table, end]
    for _ in streams:
        first = len(chains)
        chains += [*range(first + 1, first + 8), end]
    entries = [entry("Root Entry", 5, child=1, start=end, size=0)]
    for n, name in enumerate(streams):
        following = n + 2 if n + 1 < len(streams) else free
        entries.append(entry(name, 2, sibling=following, start=2 + 8 * n, size=4096))
    entries += [bytes(128)] * (-len(entries) % 4)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + b"\xff" * 432
    sectors = struct.pack("<128I", *chains, *[free] * (128 - len(chains)))
    return header + sectors + b"".join(entries) + WORDS.encode().ljust(4096, b"\0") * len(streams)


def entry(name: str, kind: int, *, start: int, size: int, sibling: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    head = letters.ljust(64, b"\0") + struct.pack("<HBBIII", len(letters), kind, 1, 0xFFFFFFFF, sibling, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def txt() -> bytes:
    return f"{WORDS}\nTo be repeated in three years – by Zoë.\n".encode()


def csv() -> bytes:
    return 'pet,vaccine,until\nBiscuit,Rabies,2027-05-01\nMiso,"Zoë\'s",2027-06-30\n'.encode()


# ---------------------------------------------------------------- hostile


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def html() -> bytes:
    return b"<!doctype html><title>Certificate</title>" + SCRIPT


def xml() -> bytes:
    return b'<?xml version="1.0"?><certificate/>'


def exe() -> bytes:
    return b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0\xb8" + bytes(200)


def mp4() -> bytes:
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(range(256)) * 4


def text_with_nul() -> bytes:
    return b"Rabies\0 vaccination"
