"""Sends the files of one folder.

Law: nothing outside the folder, whatever the path or a link says; no dotfile and no Python source.
A client asks each time whether its copy is still the same, unless the address has the digest of the
content (``?v=…``): then it never asks again.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, NoMatchFound

from velocious.controller.caching.validators import is_fresh
from velocious.routing.table import route_path
from velocious_node.http.media_type import media_type
from velocious_node.http.precompressed import precompressed

if TYPE_CHECKING:
    from starlette.datastructures import URLPath
    from starlette.types import Receive, Scope, Send

    from velocious.asset_digests import AssetDigests

INDEX = "index.html"
NEVER_SENT = (".py", ".pyc", ".pyo")

_FOUND = "velocious.static_file"
_WITH_304 = frozenset({"cache-control", "etag", "last-modified", "vary"})


class StaticFiles(BaseRoute):
    """A route that matches exactly the paths that name a file of *folder*."""

    def __init__(self, folder: str, digests: AssetDigests) -> None:
        self._folder = os.path.realpath(folder)
        self._digests = digests

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] != "http":
            return Match.NONE, {}
        path = self.find(route_path(scope))
        if path is None:
            return Match.NONE, {}
        match = Match.FULL if scope["method"] in ("GET", "HEAD") else Match.PARTIAL
        return match, {_FOUND: path}

    def find(self, path: str) -> str | None:
        """The file or folder that *path* ("/pages/") stands for; None where there is none."""
        *folders, name = path.removeprefix("/").split("/")
        if not all(folders) or not all(map(may_be_sent, (*folders, name))):
            return None
        try:
            found = os.path.realpath(os.path.join(self._folder, path[1:]), strict=True)
        except (OSError, ValueError):
            return None
        if found != self._folder and not found.startswith(self._folder + os.sep):
            return None
        return self._file(found, path)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        response = _with_slash(scope) if self._is_folder(scope) else self._file_response(scope)
        await response(scope, receive, send)

    def _file_response(self, scope: Scope) -> Response:
        path, asked = scope[_FOUND], Headers(scope=scope)
        headers = {"Cache-Control": self._digests.caching(path, scope["query_string"])}
        sent = precompressed(path, asked)
        if sent.varies:
            headers["Vary"] = "Accept-Encoding"
        if sent.coding is not None:
            headers["Content-Encoding"] = sent.coding
        response = FileResponse(
            sent.path, headers=headers, media_type=media_type(path), stat_result=os.stat(sent.path)
        )
        if not is_fresh(asked, response.headers["etag"], None):
            return response
        kept = {name: text for name, text in response.headers.items() if name in _WITH_304}
        return Response(status_code=304, headers=kept)

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        raise NoMatchFound(name, path_params)

    def _is_folder(self, scope: Scope) -> bool:
        """Whether a folder was asked for without its slash, which relative links of its index
        need.
        """
        path = route_path(scope)
        return not path.endswith("/") and os.path.isdir(os.path.join(self._folder, path[1:]))

    def _file(self, found: str, path: str) -> str | None:
        if os.path.isdir(found):
            # A link may stand behind the index, too.
            return self.find(path.rstrip("/") + "/" + INDEX)
        is_file = stat.S_ISREG(os.stat(found).st_mode) and not path.endswith("/")
        return found if is_file and may_be_sent(os.path.basename(found)) else None


def may_be_sent(name: str) -> bool:
    """Whether a file or folder of this name is for everybody."""
    # On Windows, a backslash leads into folders, and a colon to drives and hidden streams.
    is_plain = "\\" not in name and ":" not in name
    return is_plain and not name.startswith(".") and not name.lower().endswith(NEVER_SENT)


def _with_slash(scope: Scope) -> Response:
    query = scope["query_string"].decode("latin-1")
    path = scope["path"] + "/"
    return RedirectResponse(f"{path}?{query}" if query else path, 308)
