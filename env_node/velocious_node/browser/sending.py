"""How a file that never changes is sent: type, encoding, tag, and how long to keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from velocious.asset_digests import FOR_EVER
from velocious.controller.caching.validators import is_fresh
from velocious_node.http.media_type import media_type

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

#: Bytes read at a time: each piece costs a turn in another thread, and a start is megabytes.
PIECE = 1_048_576


def send_bytes(
    request: Request, content: bytes, *, name: str, tag: str, keep: str = FOR_EVER
) -> Response:
    """*content*, or 304 for who has it already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": keep}
    if is_fresh(request.headers, headers["ETag"], None):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type(name), headers=headers)


def send_file(
    request: Request, path: Path, *, encoding: str | None, name: str, tag: str
) -> Response:
    """The file at *path*, which holds *name* in *encoding*, or 304 for who has it already."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": FOR_EVER, "Vary": "Accept-Encoding"}
    if is_fresh(request.headers, headers["ETag"], None):
        return Response(status_code=304, headers=headers)
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    response = FileResponse(path, media_type=media_type(name), headers=headers)
    response.chunk_size = PIECE
    return response
