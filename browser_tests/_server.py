"""A small server for the tests of the browser's side: runtime, JavaScript, boot.json, pages."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, override
from urllib.parse import urlsplit

from velocious_runtime import data_directory, manifest

if TYPE_CHECKING:
    from collections.abc import Generator

REPOSITORY = Path(__file__).resolve().parents[1]
JAVASCRIPT = REPOSITORY / "env_browser" / "velocious_browser" / "js"
PAGES = Path(__file__).parent / "js_pages"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".wasm": "application/wasm",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".zip": "application/zip",
}
IMMUTABLE = "public, max-age=31536000, immutable"
PREFIX = "/velocious"


def zip_of(folder: Path) -> bytes:
    """The Python files of a folder, as an archive of sources."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*.py")):
            archive.write(path, path.relative_to(folder).as_posix())
    return buffer.getvalue()


@dataclass
class Site:
    """What is served: one application with its boot.json, and some files of its own."""

    app_id: str = "test"
    eager: tuple[str, ...] = ("libraries",)
    boot: dict[str, Any] = field(default_factory=dict[str, Any])
    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    hidden: set[str] = field(default_factory=set[str])
    requests: list[str] = field(default_factory=list[str])

    def boot_json(self) -> dict[str, Any]:
        """What a server of an application answers at ``/velocious/boot.json``."""
        built = manifest()
        base = f"{PREFIX}/runtime/{built['digest']}/"
        archives = [
            {**archive, "url": f"{base}{archive['path']}?v={archive['sha256'][:16]}"}
            for archive in built["archives"]
            if archive["lazy"] or archive["name"] in self.eager
        ]
        return {
            "protocol": 1,
            "appId": self.app_id,
            "environment": "test",
            "runtime": {"base": base, **built["boot"]},
            "js": f"{PREFIX}/js/{javascript_digest()}/",
            "archives": [*archives, *self._own_archives()],
            "app": None,
            "databaseDirectory": f"/opfs/{self.app_id}",
            "allowVolatile": False,
            **self.boot,
        }

    def _own_archives(self) -> list[dict[str, Any]]:
        return [
            {
                "name": Path(name).stem,
                "url": name,
                "size": len(content),
                "lazy": False,
                "modules": [],
            }
            for name, content in self.files.items()
            if name.endswith(".zip")
        ]


def javascript_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(JAVASCRIPT.rglob("*.mjs")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def bare_site(app_id: str = "test", **boot: Any) -> Site:
    """A site whose Python side runs the code that a test sends it."""
    return Site(app_id, boot=boot, files={f"{PREFIX}/bare.zip": zip_of(PAGES / "bare")})


class Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD for one site."""

    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    @override
    def log_message(self, format: str, *args: Any) -> None:
        self.site.requests.append(self.path)

    def _answer(self, *, with_body: bool) -> None:
        path = urlsplit(self.path).path
        if any(path.endswith(hidden) for hidden in self.site.hidden):
            return self._send(HTTPStatus.NOT_FOUND, {}, b"not here", with_body=with_body)
        if path == f"{PREFIX}/boot.json":
            body = json.dumps(self.site.boot_json()).encode()
            headers = {"Content-Type": TYPES[".json"], "Cache-Control": "no-cache"}
            return self._send(HTTPStatus.OK, headers, body, with_body=with_body)
        if path in self.site.files:
            body = self.site.files[path]
            headers = {"Content-Type": TYPES[Path(path).suffix], "Cache-Control": "no-cache"}
            return self._send(HTTPStatus.OK, headers, body, with_body=with_body)
        return self._send_file(path, with_body=with_body)

    def _send_file(self, path: str, *, with_body: bool) -> None:
        file = self._file(path)
        if file is None or not file.is_file():
            return self._send(HTTPStatus.NOT_FOUND, {}, b"not here", with_body=with_body)
        headers = {"Content-Type": TYPES.get(file.suffix, "application/octet-stream")}
        headers["Cache-Control"] = (
            IMMUTABLE if "/runtime/" in path or "/js/" in path else "no-cache"
        )
        packed = file.with_name(f"{file.name}.br")
        if "br" in self.headers.get("Accept-Encoding", "") and packed.is_file():
            headers |= {"Content-Encoding": "br", "Vary": "Accept-Encoding"}
            file = packed
        return self._send(HTTPStatus.OK, headers, file.read_bytes(), with_body=with_body)

    def _file(self, path: str) -> Path | None:
        parts = path.removeprefix(PREFIX).strip("/").split("/")
        roots = {"runtime": data_directory(), "js": JAVASCRIPT}
        if ".." in parts:
            return None
        if parts[0] in roots and len(parts) > 2:
            return roots[parts[0]].joinpath(*parts[2:])
        return PAGES.joinpath(*parts)

    def _send(
        self, status: HTTPStatus, headers: dict[str, str], body: bytes, *, with_body: bool
    ) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Quiet about browsers that go away in the middle of an answer, which a killed one does."""

    daemon_threads = True

    @override
    def handle_error(self, request: Any, client_address: Any) -> None:
        return


@contextmanager
def serving(site: Site) -> Generator[str]:
    """Serve the site on a free port; gives its origin."""
    handler = type("SiteHandler", (Handler,), {"site": site})
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
