"""Answers with files and other bytes: the whole, a part of it, or that nothing has changed.

Law: a client's name for a file never leads out of the folder that the action allows, and what is
sent is downloaded rather than shown unless the action says otherwise.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from velocious.controller.answer import Answer
from velocious.controller.caching.validators import http_date, is_fresh, is_same_part
from velocious.controller.sending.byte_ranges import Unsatisfiable, asked_part
from velocious.controller.sending.byte_sources import File
from velocious.controller.sending.disposition import content_disposition
from velocious.controller.sending.streaming import Stream
from velocious.errors import RecordNotFoundError, RenderError
from velocious.record.attachments.names import media_type

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from velocious.configuration import Configuration
    from velocious.controller.sending.byte_ranges import Part
    from velocious.controller.sending.byte_sources import ByteSource


async def find_file(configuration: Configuration, path: str, inside: str | None) -> File:
    """The file at *path*, below the folder *inside* where that is given.

    Raises:
        RecordNotFoundError: there is no such file in the folder: the client's mistake.
        RenderError: there is no such file, and the action chose it alone.
    """
    files = configuration.environment_handler.served_files(configuration.directory)
    if inside is None:
        found = await files.find(path)
        if found is None:
            raise RenderError(
                f"There is no file {path!r} to send. Give the path of an ordinary file; a name "
                "that comes from a client needs inside='the folder'."
            )
        return File(files, found)
    folder = files.folder(inside)
    name = _below(path)
    found = None if name is None else await files.find(os.path.join(folder, name))
    if found is None or not found.path.startswith(folder.rstrip("/\\") + os.sep):
        raise RecordNotFoundError("File", {"name": path})
    return File(files, found)


def _below(name: str) -> str | None:
    """*name* as a path below a folder; None for what tries to be something else."""
    parts = name.replace("\\", "/").split("/")
    harmless = all(part not in ("", ".", "..") and not part.startswith(".") for part in parts)
    return "/".join(parts) if harmless and "\0" not in name and ":" not in name else None


def send_source(
    request: Request,
    source: ByteSource,
    *,
    filename: str,
    content_type: str | None,
    disposition: str,
) -> Response:
    """The answer that gives the client what it asked for of *source*."""
    headers = {
        "accept-ranges": "bytes",
        "etag": source.tag,
        "content-type": _with_charset(media_type(content_type, filename), content_type),
        "content-disposition": content_disposition(disposition, filename),
    }
    if source.modified is not None:
        headers["last-modified"] = http_date(source.modified)
    if is_fresh(request.headers, source.tag, source.modified):
        return _without_body(304, {name: headers[name] for name in headers if name in _KEPT})
    try:
        part = _asked(request, source)
    except Unsatisfiable:
        return _without_body(416, {"content-range": f"bytes */{source.size}"})
    if part is None:
        headers["content-length"] = str(source.size)
        return Stream(partial(source.read, 0, source.size), 200, headers)
    headers["content-length"] = str(part.length)
    last = part.start + part.length - 1
    headers["content-range"] = f"bytes {part.start}-{last}/{source.size}"
    return Stream(partial(source.read, *part), 206, headers)


def _asked(request: Request, source: ByteSource) -> Part | None:
    asked = request.headers.get("range")
    if asked is None or request.method != "GET":
        return None
    if not is_same_part(request.headers.get("if-range"), source.tag, source.modified):
        return None
    return asked_part(asked, source.size)


def _without_body(status: int, headers: dict[str, str]) -> Response:
    answer = Answer(b"", status, None)
    answer.set_headers(headers)
    return answer


def _with_charset(kind: str, given: str | None) -> str:
    if given is not None and ";" in given:
        return given
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


_KEPT = frozenset({"etag", "last-modified"})
