"""A stand-in for an SMS service on loopback: it keeps what it was sent and answers as it is told."""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

RECEIPT = {"sid": "SM0123456789", "status": "queued", "error_code": None}


class SmsServer:
    """server.url is the setting, server.inbox what came; server.answer = (429, {…}) or text or None for silence."""

    def __init__(self):
        self.inbox, self.answer, self.let_go = [], (201, RECEIPT), threading.Event()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), handler(self))
        self.base = f"http://127.0.0.1:{self.http.server_port}"
        self.url = f"twilio://AC123:biscuit@MG456?base={self.base}"

    def __enter__(self):
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.let_go.set()
        self.http.shutdown()
        self.http.server_close()


def handler(server):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            name = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
            server.inbox.append({"path": self.path, "sign-in": name, **dict(parse_qsl(body, keep_blank_values=True))})
            if server.answer is None:
                server.let_go.wait(20)
                return
            status, said = server.answer
            body = (said if isinstance(said, str) else json.dumps(said)).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", server.base + "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
