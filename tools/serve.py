"""Serve a folder on 127.0.0.1 as a plain web host does, and open it in a browser that asks nobody else.

Text is compressed with gzip, the rest sent as it is; what is not there is answered with 404.html.

    with serve(Compressed, directory="_build/html") as server:
        address = f"http://127.0.0.1:{server.server_port}"
"""

import functools
import gzip
import http.server
import io
import sys
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path

CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
TEXT = {".css", ".csv", ".geojson", ".html", ".ipynb", ".js", ".json", ".map", ".md", ".mjs", ".svg", ".txt", ".xml"}


@cache
def compressed(path, changed):
    """The gzipped bytes of a file, made once for each time it changed."""
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class Compressed(http.server.SimpleHTTPRequestHandler):
    """Static files over kept connections, text types gzipped at level 6 for browsers that accept it."""

    protocol_version = "HTTP/1.1"

    def send_head(self):
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.endswith("/"):
            path /= "index.html"
        if not (path.is_file() and path.suffix in TEXT and "gzip" in self.headers.get("Accept-Encoding", "")):
            return super().send_head()
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        return io.BytesIO(body)

    def send_error(self, code, message=None, explain=None):
        lost = next(Path(self.directory).rglob("404.html"), None)
        if code != 404 or lost is None:
            return super().send_error(code, message, explain)
        body = lost.read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        if not isinstance(sys.exception(), ConnectionError):  # a reader who turned away is no fault
            super().handle_error(request, client_address)


@contextmanager
def serve(handler, directory, tls=None):
    """A running server for `directory` on a free port; `tls`, an ssl.SSLContext, makes it https."""
    server = Server(("127.0.0.1", 0), functools.partial(handler, directory=str(directory)))
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
