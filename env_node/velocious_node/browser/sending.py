"""How a file that never changes is sent: type, encoding, tag, and how long to keep it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

FOREVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"

TYPES = {
    ".wasm": "application/wasm",
    ".mjs": "text/javascript; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".zip": "application/zip",
    ".whl": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
}
#: Encodings by preference, each with the suffix of the file that holds it.
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


def media_type(name: str) -> str:
    """The type of a file by its name.

    WebAssembly compiles while it streams only with the right one.
    """
    return TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def accepted_encodings(header: str) -> set[str]:
    """The encodings that an Accept-Encoding header allows."""
    accepted: set[str] = set()
    for item in header.split(","):
        name, _, weight = item.partition(";")
        if weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            accepted.add(name.strip().lower())
    return accepted


def send_bytes(
    request: Request, content: bytes, *, name: str, tag: str, keep: str = FOREVER
) -> Response:
    """*content*, or 304 for who has it already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": keep}
    if _has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type(name), headers=headers)


def send_file(
    request: Request, path: Path, *, encoding: str | None, name: str, tag: str
) -> Response:
    """The file at *path*, which holds *name* in *encoding*, or 304 for who has it already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    if _has(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return FileResponse(path, media_type=media_type(name), headers=headers)


def _has(request: Request, tag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return known == "*" or tag in {item.strip().removeprefix("W/") for item in known.split(",")}
