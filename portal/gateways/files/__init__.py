"""Files that people give us: checked by content, kept under opaque keys, given back as streams.

    files.init("file:///srv/portal/files")
    kept = files.keep(upload.stream, upload.filename)      # a document
    kept = files.keep_photo(upload.stream, upload.filename)  # a photo of a person or a pet

Bytes are written before the row that knows their key is committed; `sweep` removes what no row came to know.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO

from portal.gateways.files import pictures
from portal.gateways.files.kinds import HEIC, JPEG, WEBP, kind_of
from portal.gateways.files.names import clean_name, disposition
from portal.gateways.files.store import SMALL, Unavailable, init, new_key, open, put, read, remove, sweep
from portal.gateways.files.unacceptable import Unacceptable

__all__ = [
    "LARGEST",
    "Kept",
    "Unacceptable",
    "Unavailable",
    "clean_name",
    "disposition",
    "init",
    "keep",
    "keep_list",
    "keep_photo",
    "open",
    "read",
    "remove",
    "sweep",
    "thumbnail",
]

LARGEST = 25 * 1024 * 1024
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """What is to be known about stored bytes; width and height are as a person sees the picture."""

    key: str
    name: str
    type: str
    size: int
    sha256: str
    width: int | None = None
    height: int | None = None


def keep(stream: IO[bytes], name: str) -> Kept:
    """A document, as it is; the type of a text tells its encoding.

    A picture keeps every pixel and loses what is written around it (place, camera, comments, previews); which way up it
    is stays. HEIC becomes JPEG, so that it opens everywhere. Raises Unacceptable with words for the person.
    """
    with received(stream) as upload:
        kind = kind_of(upload, name)
        if not kind.is_picture:
            return kept(new_key(), upload, name, kind.type)
        with scratch() as picture:
            if kind == HEIC:
                kind, size = JPEG, pictures.as_jpeg(whole(upload), picture)
            else:
                size = pictures.copy(kind, whole(upload), picture)
            return kept(new_key(), picture, name, kind.type, *size)


def keep_photo(stream: IO[bytes], name: str) -> Kept:
    """A photo for a profile, made anew: WebP of at most 512 px, upright, nothing in it but what is seen.

    A square of 128 px lies beside it under `thumbnail(key)`. Raises Unacceptable with words for the person.
    """
    with received(stream) as upload, scratch() as photo, scratch() as small:
        kind = kind_of(upload, name)
        if not kind.is_picture:
            raise Unacceptable(f"This is {kind.words}. Choose a photo: JPEG, PNG, HEIC, WebP or GIF.")
        key = new_key()
        size = pictures.as_photo(kind, whole(upload), photo, small)
        put(thumbnail(key), small)
        return kept(key, photo, name, WEBP.type, *size)


def keep_list(stream: IO[bytes], name: str) -> Kept:
    """A list of clients, as it is. Whoever gives it has looked at what it is, and how large."""
    with scratch() as upload:
        stream.seek(0)
        copyfileobj(stream, upload, PIECE)
        return kept(new_key(), upload, name, "text/csv")


def thumbnail(key: str) -> str:
    """The key of the small square beside a photo; it is removed and swept with the photo."""
    return key + SMALL


@contextmanager
def received(stream: IO[bytes]) -> Iterator[SpooledTemporaryFile[bytes]]:
    """A copy that can be read twice, on disk when it is large, and no more than is taken."""
    with scratch() as upload:
        size = 0
        while piece := stream.read(PIECE):
            size += upload.write(piece)
            if size > LARGEST:
                raise Unacceptable("This file is larger than 25 MB. Make it smaller, or send it in parts.")
        if not size:
            raise Unacceptable("This file is empty. Choose it again, or choose another.")
        yield upload


def scratch() -> SpooledTemporaryFile[bytes]:
    return SpooledTemporaryFile(PIECE)


def whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()


def kept(
    key: str,
    file: SpooledTemporaryFile[bytes],
    name: str,
    type: str,
    width: int | None = None,
    height: int | None = None,
) -> Kept:
    size = file.seek(0, 2)
    file.seek(0)
    sha256 = file_digest(file, "sha256").hexdigest()
    put(key, file)
    return Kept(key, clean_name(name, type), type, size, sha256, width, height)
