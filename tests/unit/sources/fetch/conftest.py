"""A real server on 127.0.0.1 that misbehaves as it is told: real client, real sockets."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    """Bytes sent before the line is closed; None = all."""
    then: Callable[[], None] = lambda: None
    """What happens after the cut, while the line is still open."""
    length: bool = True
    """Whether the length is stated."""


@dataclass
class Web:
    Page = Page
    port: int
    pages: dict = field(default_factory=dict)
    asked: list = field(default_factory=list)
    """(path with query, headers in lower case) of each request."""

    def put(self, address, *pages):
        """Answer an address (host/path, without query) with these pages, the last one for ever."""
        self.pages[f"/{address}"] = list(pages)

    def paths(self):
        return [path for path, _ in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        web = self.server.web
        heads = {k.lower(): v for k, v in self.headers.items()}
        web.asked.append((self.path, heads))
        queue = web.pages.get(self.path.partition("?")[0], [])
        if not queue:
            page = Page(b"nothing here", 404)
        else:
            page = queue.pop(0) if len(queue) > 1 else queue[0]
        page = page(self.path, heads) if callable(page) else page
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if page.length and page.status != 304:
            self.send_header("Content-Length", str(len(page.body)))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(page.body if page.cut is None else page.body[: page.cut])
        if page.cut is not None:
            self.wfile.flush()
            page.then()
            self.close_connection = True

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.daemon_threads = True
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def web(server, tmp_path, monkeypatch):
    monkeypatch.setenv("POLGAP_MIRROR", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("POLGAP_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("UCDP_ACCESS_TOKEN", "HAPI_APP_IDENTIFIER", "IDMC_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    server.web = Web(server.server_port)
    return server.web
