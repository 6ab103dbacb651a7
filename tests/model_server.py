"""A server that misbehaves as real ones do: it cuts, lies, stalls, refuses, changes its mind."""

import hashlib
import http.server
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class File:
    """What a path serves. ``cut`` ends the first answers after so many bytes, one number each."""

    data: bytes
    cut: list[int] = field(default_factory=list)
    ranges: bool = True
    etag: bool = True
    fail: list[int] = field(default_factory=list)
    stall: list[float] = field(default_factory=list)
    location: str = ""
    encoding: str = ""
    claim: int | None = None


class Server:
    def __init__(self) -> None:
        self.files: dict[str, File] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.sent = 0
        self.address = ""

    def handler(self):
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                wanted = self.headers.get("Range")
                server.asked.append((self.path, wanted))
                file = server.files.get(self.path)
                if file is None:
                    return self.send_error(404)
                if file.fail:
                    return self.send_error(file.fail.pop(0))
                if file.location:
                    self.send_response(302)
                    self.send_header("Location", file.location)
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
                if file.stall:
                    time.sleep(file.stall.pop(0))
                tag = '"' + hashlib.md5(file.data).hexdigest() + '"'
                data, start = file.data, 0
                known = self.headers.get("If-Range") in (None, tag)
                if wanted and file.ranges and known:
                    first, _, last = wanted.removeprefix("bytes=").partition("-")
                    start = int(first)
                    if start >= len(data):
                        return self.send_error(416)
                    end = min(int(last or len(data) - 1), len(data) - 1)
                    self.send_response(206)
                    self.send_header("Content-Range", f"bytes {start}-{end}/{len(data)}")
                    data = data[start : end + 1]
                else:
                    self.send_response(200)
                self.send_header("Content-Length", str(file.claim or len(data)))
                if file.etag:
                    self.send_header("ETag", tag)
                if file.encoding:
                    self.send_header("Content-Encoding", file.encoding)
                self.end_headers()
                cut = file.cut.pop(0) if file.cut and len(data) > 1 else None
                body = data if cut is None else data[:cut]
                server.sent += len(body)
                try:
                    self.wfile.write(body)
                except OSError:
                    pass

        return Handler


@contextmanager
def serving():
    server = Server()
    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), server.handler())
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{httpd.server_port}"
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
