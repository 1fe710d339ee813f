"""Small files made here: a page of PDF, a drawn photo."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

SIDE = 512


def pdf(title: str, *lines: str) -> bytes:
    """One page of plain words (Latin letters)."""
    said = [("F2 20", title, 760), *(("F1 12", line, 720 - 20 * number) for number, line in enumerate(lines))]
    drawn = "".join(f"BT /{font} Tf 72 {high} Td ({escaped(words)}) Tj ET\n" for font, words, high in said)
    stream = drawn.encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%sendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    out = BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def portrait(coat: str, ears: str, ground: str, *, cat: bool = False) -> bytes:
    """A soft portrait of an animal that never was, as a JPEG."""
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((70, 330, 442, 700), fill=coat)
    if cat:
        pen.polygon([(120, 230), (130, 40), (250, 120)], fill=ears)
        pen.polygon([(392, 230), (382, 40), (262, 120)], fill=ears)
    else:
        pen.ellipse((60, 120, 190, 400), fill=ears)
        pen.ellipse((322, 120, 452, 400), fill=ears)
    pen.ellipse((116, 90, 396, 400), fill=coat)
    pen.ellipse((176, 240, 336, 400), fill="#f4e9da")
    for eye in (186, 290):
        pen.ellipse((eye, 200, eye + 38, 240), fill="#2a1d14")
        pen.ellipse((eye + 20, 206, eye + 32, 218), fill="#ffffff")
    pen.ellipse((222, 262, 290, 308), fill="#2a1d14")
    pen.arc((206, 290, 256, 346), 20, 140, fill="#2a1d14", width=6)
    pen.arc((256, 290, 306, 346), 40, 160, fill="#2a1d14", width=6)
    out = BytesIO()
    picture.filter(ImageFilter.GaussianBlur(2)).save(out, "JPEG", quality=85)
    return out.getvalue()
