"""Where bytes lie under opaque keys: a folder of this machine, or an S3 bucket, through obstore."""

import os
import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, S3Store

PIECE = 1024 * 1024
KEY = re.compile(r"(?:[0-9a-f]{2}/){2}[0-9a-f]{32}")
SMALL = ".small"
FOLDER = "PORTAL_FILES_URL must be a folder (file:///srv/files) or a bucket (s3://bucket?endpoint=https://…&region=…)"

_store: ObjectStore | None = None


class Unavailable(Exception):
    """The store does not answer, is full, or refuses us; the same may work later."""


def init(url: str) -> None:
    """Once, when the app starts. Raises ValueError with words about PORTAL_FILES_URL."""
    global _store
    address = urlsplit(url)
    if address.scheme == "file" and address.path.startswith("/") and not address.netloc:
        _store = folder(Path(unquote(address.path)))
    elif address.scheme == "s3" and address.netloc:
        _store = bucket(address.netloc, address.path.strip("/"), dict(parse_qsl(address.query)))
    else:
        raise ValueError(f"{FOLDER}; it is {url!r}.")


def folder(path: Path) -> LocalStore:
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return LocalStore(path)
    except (OSError, BaseError) as fault:
        raise ValueError(f"{FOLDER}; the folder {path} cannot be used: {fault}") from fault


def bucket(name: str, prefix: str, chosen: dict[str, str]) -> S3Store:
    """The keys to it come from the environment (AWS_ACCESS_KEY_ID and so on) or from the machine's role."""
    endpoint = chosen.pop("endpoint", None)
    region = chosen.pop("region", None)
    if chosen:
        raise ValueError(f"{FOLDER}; nothing is known of {', '.join(sorted(chosen))}.")
    return S3Store(
        name,
        prefix=prefix or None,
        config={"endpoint": endpoint} if endpoint else None,
        region=region or "us-east-1",
        virtual_hosted_style_request=endpoint is None,
        client_options={
            "allow_http": (endpoint or "").startswith("http://"),
            "connect_timeout": "5s",
            "timeout": "10s",
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )


def here() -> ObjectStore:
    if _store is None:
        raise RuntimeError("files.init(url) comes first")
    return _store


def new_key() -> str:
    name = uuid4().hex
    return f"{name[:2]}/{name[2:4]}/{name}"


def put(key: str, file: IO[bytes]) -> None:
    """All of it or nothing is there under the key, also after a crash of the machine."""
    store = here()
    file.seek(0)
    with reaching():
        store.put(key, file, max_concurrency=2)
    if isinstance(store, LocalStore):
        settle(Path(str(store.prefix)), key)


def settle(root: Path, key: str) -> None:
    """obstore renames a finished file into place but leaves it in memory, where a commit would outlive it."""
    for path in (root / key, *(root / parent for parent in Path(key).parents)):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def open(key: str) -> Iterator[bytes]:
    """A megabyte at a time, each asked for when it is wanted: a slow reader holds nothing open."""
    with reaching():
        first = here().get(key, options={"range": (0, PIECE)})
        return following(key, bytes(first.bytes()), first.meta["size"])


def following(key: str, first: bytes, size: int) -> Iterator[bytes]:
    yield first
    for start in range(PIECE, size, PIECE):
        with reaching():
            piece = bytes(here().get_range(key, start=start, end=min(start + PIECE, size)))
        yield piece


def read(key: str) -> bytes:
    return b"".join(open(key))


def remove(key: str) -> None:
    """The bytes and their small variant; what is gone already may be removed again."""
    for one in (key, key + SMALL):
        with reaching(), suppress(FileNotFoundError):
            here().delete(one)


def sweep(known: Collection[str], older_than: timedelta) -> int:
    """Removes what no row knows, once it is older than any request that might still write the row; how many.

    Whatever else lies in the folder or bucket under a name of another shape is left alone.
    """
    before = datetime.now(UTC) - older_than
    unknown = 0
    with reaching():
        for batch in here().list():
            for found in batch:
                key = found["path"].removesuffix(SMALL)
                if KEY.fullmatch(key) and key not in known and found["last_modified"] < before:
                    unknown += 1
                    with suppress(FileNotFoundError):
                        here().delete(found["path"])
    if isinstance(store := here(), LocalStore):
        sweep_parts(Path(str(store.prefix)), before)
    return unknown


def sweep_parts(root: Path, before: datetime) -> None:
    """A process that is killed while it writes leaves a part behind, which obstore does not list."""
    for part in root.glob("??/??/*#*"):
        with suppress(FileNotFoundError):
            if KEY.match(str(part.relative_to(root))) and part.stat().st_mtime < before.timestamp():
                part.unlink()


@contextmanager
def reaching() -> Iterator[None]:
    try:
        yield
    except BaseError as fault:
        raise Unavailable("Files cannot be reached right now. Try again in a few minutes.") from fault
