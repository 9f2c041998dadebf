"""A web server that knows nothing of Velocious: files below a path, as any CDN serves them."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, override

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


class StaticServer(ThreadingHTTPServer):
    """Serves *folder* below *prefix* (``"/app/"``) on a free port.

    Attributes:
        strangers: what was asked for outside of the prefix.
        missing: what was asked for below it and is not there.
    """

    daemon_threads = True

    def __init__(self, folder: Path, prefix: str, *, falls_back: bool) -> None:
        self.prefix = prefix
        self.falls_back = falls_back
        self.folder = folder
        self.strangers: list[str] = []
        self.missing: list[str] = []
        super().__init__(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        return


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {
        **SimpleHTTPRequestHandler.extensions_map,
        ".mjs": "text/javascript",
        ".wasm": "application/wasm",
    }
    server: StaticServer  # pyright: ignore[reportIncompatibleVariableOverride]

    @override
    def translate_path(self, path: str) -> str:
        if not path.startswith(self.server.prefix):
            self.server.strangers.append(path)
            return str(self.server.folder / "nothing is there")
        return super().translate_path("/" + path.removeprefix(self.server.prefix))

    @override
    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        if code == 404:
            self.server.missing.append(self.path)
        if code != 404 or not self.server.falls_back:
            return super().send_error(code, message, explain)
        page = (self.server.folder / "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def statically_served(
    folder: Path, prefix: str = "/", *, falls_back: bool = True
) -> Generator[StaticServer]:
    """A server of files for the length of a block; ``shutdown`` and ``server_close`` end it."""
    server = StaticServer(folder, prefix, falls_back=falls_back)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        stop(server)
        thread.join()


def stop(server: StaticServer) -> None:
    """End it, as if it had never been there; twice is once."""
    server.shutdown()
    server.server_close()
