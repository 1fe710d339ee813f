"""Pictures as documents, and photos of people and pets."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from threading import Lock
from typing import IO

import pillow_heif
from PIL import Image, ImageCms, ImageOps

from portal.gateways.files import containers
from portal.gateways.files.containers import Seen
from portal.gateways.files.kinds import GIF, HEIC, JPEG, PNG, WEBP, Kind
from portal.gateways.files.unacceptable import Unacceptable

LONGEST_SIDE = 512
SMALL_SIDE = 128
SMALL_BYTES = 6 * 1024

COPY = {JPEG: containers.jpeg, PNG: containers.png, WEBP: containers.webp, GIF: containers.gif}
DECODERS = ("JPEG", "PNG", "WEBP", "GIF")
BROKEN = (LookupError, OSError, SyntaxError, ValueError, RuntimeError, EOFError, struct.error)
SRGB = ImageCms.createProfile("sRGB")
DAMAGED = "This picture is damaged or incomplete. Choose it again, or choose another."

# Decoded, 40 megapixels take up to 250 MB, so the threads of a process take turns.
decoding = Lock()


def copy(kind: Kind, data: bytes, out: IO[bytes]) -> tuple[int, int]:
    """Writes the picture without what is written around it; its width and height."""
    seen = Seen()
    with unbroken():
        COPY[kind](memoryview(data), out, seen)
    return seen.upright()


def as_jpeg(heic: bytes, out: IO[bytes]) -> tuple[int, int]:
    """Few browsers and desks show HEIC, so what is kept is a JPEG: upright, in its own colours, without notes."""
    with decoding, unbroken():
        image = from_heic(heic)
        profile = image.info.get("icc_profile")
        bare(image, "RGB").save(out, "JPEG", quality=92, icc_profile=profile)
    return image.size


def as_photo(kind: Kind, data: bytes, photo: IO[bytes], small: IO[bytes]) -> tuple[int, int]:
    """Two WebP pictures of the first frame, upright, in the colours of the web: one to look at, a square for lists."""
    with decoding, unbroken():
        image = upright(from_heic(data) if kind == HEIC else from_copy(kind, data))
    image.save(photo, "WEBP", quality=82)
    square = ImageOps.fit(image, (SMALL_SIDE, SMALL_SIDE))
    for quality in (80, 60, 40, 20, 5):
        small.seek(0)
        small.truncate()
        square.save(small, "WEBP", quality=quality, method=6)
        if small.tell() <= SMALL_BYTES:
            break
    return image.size


@contextmanager
def unbroken() -> Iterator[None]:
    try:
        yield
    except (*BROKEN, Image.DecompressionBombError) as fault:
        if isinstance(fault, OSError) and fault.errno:
            raise  # our own disk, not the picture
        raise Unacceptable(DAMAGED) from fault


def from_heic(data: bytes) -> Image.Image:
    """libheif has turned it upright already."""
    file = pillow_heif.open_heif(data)
    containers.limit(*file.size)
    return file.to_pillow()


def from_copy(kind: Kind, data: bytes) -> Image.Image:
    """Decoded from the copy, whose size is known to be harmless."""
    out = BytesIO()
    copy(kind, data, out)
    return Image.open(out, formats=DECODERS)


def upright(image: Image.Image) -> Image.Image:
    """Small, the right way up, in sRGB and without notes."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if image.mode == "I;16":
        image = image.point(lambda grey: grey / 256).convert("L")
    elif image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        image = image.convert(mode)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGB", "CMYK") and (profile := image.info.get("icc_profile")):
        with suppress(ImageCms.PyCMSError):
            image = ImageCms.profileToProfile(image, BytesIO(profile), SRGB, outputMode="RGB") or image
    return bare(image, mode)


def bare(image: Image.Image, mode: str) -> Image.Image:
    if image.mode != mode:
        image = image.convert(mode)
    image.info.clear()
    return image
