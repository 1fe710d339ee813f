"""Copies a picture out of its file, and nothing of what is written around it.

Place, camera, names, comments, previews and whatever follows the end stay behind; what is drawn is copied byte for byte
and never decoded, so that nothing is lost, animations stay, and a bomb costs nothing. Which way up it is stays.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from portal.gateways.files.unacceptable import Unacceptable

MOST_PIXELS = 40_000_000
MOST_PARTS = 250_000
MOST_SCANS = 60


@dataclass(slots=True)
class Seen:
    """What a picture tells about itself while it is copied."""

    width: int = 0
    height: int = 0
    orientation: int = 1
    parts: int = 0

    def size(self, width: int, height: int) -> None:
        limit(width, height)
        if not width * height:
            raise ValueError("nothing to be seen")
        self.width, self.height = width, height

    def part(self, data: memoryview, start: int, end: int) -> memoryview:
        self.parts += 1
        if end > len(data) or self.parts > MOST_PARTS:
            raise ValueError("cut short, or cut small")
        return data[start:end]

    def note(self, tiff: memoryview) -> bytes:
        """A new note in place of the old one, which says which way up and nothing more."""
        self.orientation = orientation(tiff)
        return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, self.orientation, 0, 0)

    def upright(self) -> tuple[int, int]:
        """Width and height as a person sees them."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


def limit(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise Unacceptable("This picture has more than 40 megapixels. Make it smaller, or choose another.")


def orientation(tiff: memoryview) -> int:
    order = ">" if bytes(tiff[:2]) == b"MM" else "<"
    try:
        start = struct.unpack_from(order + "I", tiff, 4)[0]
        count = struct.unpack_from(order + "H", tiff, start)[0]
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, value = struct.unpack_from(order + "H6xH", tiff, at)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


EXIF = b"Exif\0\0"
MARKER = re.compile(rb"\xff+([\x01-\xfe])")
AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
FRAMES, SCAN, END, NOTE = {0xC0, 0xC1, 0xC2}, 0xDA, 0xD9, 0xE1
STANDALONE = {0x01, *range(0xD0, 0xD8)}
DRAWN = set(range(0xC0, 0xE0)) - STANDALONE
DRAWN_BY_APPLICATION = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}


def jpeg(data: memoryview, out: IO[bytes], seen: Seen) -> None:
    out.write(b"\xff\xd8")
    scans = 0
    for marker, segment in segments(data, seen):
        if marker in FRAMES:
            if seen.width:
                raise ValueError("two frames")
            height, width = struct.unpack_from(">HH", segment, 5)
            seen.size(width, height)
        if marker == NOTE and segment[4:10] == EXIF:
            note = EXIF + seen.note(segment[10:])
            out.write(struct.pack(">HH", 0xFFE1, 2 + len(note)) + note)
        elif marker in DRAWN or starts(segment[4:], DRAWN_BY_APPLICATION.get(marker)):
            out.write(segment)
        scans += marker == SCAN
        if scans > MOST_SCANS:
            raise ValueError("more scans than a picture needs")
    if not scans:
        raise ValueError("nothing is drawn")
    out.write(b"\xff\xd9")


def segments(data: memoryview, seen: Seen) -> Iterator[tuple[int, memoryview]]:
    """Marker and bytes; a scan comes with all that is drawn by it."""
    at = 2
    while found := MARKER.match(data, at):
        marker, start, end = found[1][0], found.end() - 2, found.end()
        if marker == END:
            return
        if marker not in STANDALONE:
            end += max(2, struct.unpack_from(">H", data, end)[0])
        if marker == SCAN:
            after = AFTER_SCAN.search(data, end)
            end = after.start() if after else len(data) + 1
        yield marker, seen.part(data, start, end)
        at = end
    raise ValueError("cut short")


def starts(segment: memoryview, name: bytes | None) -> bool:
    return name is not None and segment[: len(name)] == name


PNG_DRAWN = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP"),
    *(b"sBIT", b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT"),
}


def png(data: memoryview, out: IO[bytes], seen: Seen) -> None:
    out.write(data[:8])
    at, drawn, name = 8, False, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        chunk = seen.part(data, at, at + 12 + length)
        at += len(chunk)
        if name == b"IHDR":
            seen.size(*struct.unpack_from(">II", chunk, 8))
        if name == b"eXIf":
            note = seen.note(chunk[8:-4])
            out.write(struct.pack(">I", len(note)) + name + note + struct.pack(">I", zlib.crc32(name + note)))
        elif name in PNG_DRAWN:
            out.write(chunk)
        drawn = drawn or name == b"IDAT"
    if not drawn:
        raise ValueError("nothing is drawn")


WEBP_DRAWN = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"}
WITHOUT_XMP = 0b1111_1011


def webp(data: memoryview, out: IO[bytes], seen: Seen) -> None:
    out.write(b"RIFF\0\0\0\0WEBP")
    end = 8 + struct.unpack_from("<I", data, 4)[0]
    if end > len(data):
        raise ValueError("cut short")
    at = 12
    while at < end:
        name, length = struct.unpack_from("<4sI", data, at)
        chunk = seen.part(data, at, at + 8 + length)
        at += len(chunk) + length % 2
        if not seen.width:
            seen.size(*webp_size(name, chunk))
        if name == b"EXIF":
            note = seen.note(chunk[14:] if chunk[8:14] == EXIF else chunk[8:])
            out.write(struct.pack("<4sI", name, len(note)) + note)
        elif name == b"VP8X":
            out.write(b"".join((chunk[:8], bytes([chunk[8] & WITHOUT_XMP]), chunk[9:])))
        elif name in WEBP_DRAWN:
            out.write(bytes(chunk) + bytes(length % 2))
    if not seen.width:
        raise ValueError("nothing is drawn")
    size = out.tell()
    out.seek(4)
    out.write(struct.pack("<I", size - 8))


def webp_size(name: bytes, chunk: memoryview) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(chunk[12:15], "little"), 1 + int.from_bytes(chunk[15:18], "little")
    if name == b"VP8L":
        bits = struct.unpack_from("<I", chunk, 9)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", chunk, 14)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("begins with no picture")


GIF_EXTENSION, GIF_PICTURE, GIF_END = 0x21, 0x2C, 0x3B
GIF_CONTROL, GIF_APPLICATION = 0xF9, 0xFF
GIF_LOOPS = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")


def gif(data: memoryview, out: IO[bytes], seen: Seen) -> None:
    seen.size(*struct.unpack_from("<HH", data, 6))
    at = 13 + colours(data[10])
    out.write(seen.part(data, 0, at))
    drawn = False
    while data[at] != GIF_END:
        start = at
        if data[at] == GIF_PICTURE:
            limit(*struct.unpack_from("<HH", data, at + 5))
            at = blocks(data, at + 11 + colours(data[at + 9]), seen)
            drawn = True
            out.write(data[start:at])
        elif data[at] == GIF_EXTENSION:
            at = blocks(data, at + 2, seen)
            if data[start + 1] == GIF_CONTROL or is_loop(data[start:at]):
                out.write(data[start:at])
        else:
            raise ValueError("neither a picture nor an extension")
    if not drawn:
        raise ValueError("nothing is drawn")
    out.write(b"\x3b")


def colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def blocks(data: memoryview, at: int, seen: Seen) -> int:
    """Where a run of blocks ends; an empty one is the last."""
    while length := data[at]:
        at += len(seen.part(data, at, at + 1 + length))
    return at + 1


def is_loop(extension: memoryview) -> bool:
    return extension[1] == GIF_APPLICATION and bytes(extension[2:14]) in GIF_LOOPS
