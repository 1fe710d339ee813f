"""As much of S3 as the portal speaks, on this machine."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

LISTED = "<Contents><Key>{}</Key><LastModified>2020-01-01T00:00:00.000Z</LastModified><Size>{}</Size></Contents>"


@contextmanager
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    """The address of an empty store, and what lies in it by path."""
    held: dict[str, bytes] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bucket", (Bucket,), {"held": held}))
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", held
    finally:
        server.shutdown()
        server.server_close()


class Bucket(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    held: dict[str, bytes]

    def do_PUT(self) -> None:
        self.held[unquote(self.path)] = self.body()
        self.answer(200, b"", ETag='"e"')

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if "list-type" in address.query:
            return self.listing(address.path, parse_qs(address.query).get("prefix", [""])[0])
        content = self.held.get(unquote(address.path))
        if content is None:
            return self.answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        first, last = map(int, re.findall(r"\d+", self.headers["Range"]))
        piece = content[first : last + 1]
        span = f"bytes {first}-{first + len(piece) - 1}/{len(content)}"
        date = "Wed, 01 Jan 2020 00:00:00 GMT"
        return self.answer(206, piece, **{"Content-Range": span, "Last-Modified": date, "ETag": '"e"'})

    def listing(self, name: str, prefix: str) -> None:
        below = {path.removeprefix(f"{name}/"): len(content) for path, content in self.held.items()}
        rows = "".join(LISTED.format(key, size) for key, size in below.items() if key.startswith(prefix))
        self.answer(200, f"<ListBucketResult>{rows}</ListBucketResult>".encode())

    def do_POST(self) -> None:
        keys = re.findall(r"<Key>(.*?)</Key>", self.body().decode())
        for key in keys:
            self.held.pop(f"{urlsplit(self.path).path}/{key}", None)
        rows = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self.answer(200, f"<DeleteResult>{rows}</DeleteResult>".encode())

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""
