"""The addresses below ``/velocious/``: everything a browser needs from the server.

Law: an address with a digest never changes its content; ``boot.json`` and the stable names only
point
at such addresses, and are asked for anew each time.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from velocious.errors import VelociousError
from velocious_node.browser.boot import boot_document
from velocious_node.browser.runtime_folder import RuntimeFolder
from velocious_node.browser.scripts import read_scripts
from velocious_node.browser.sending import (
    ASK_FIRST,
    ENCODINGS,
    accepted_encodings,
    send_bytes,
    send_file,
)
from velocious_node.browser.snapshot import signature, take_snapshot
from velocious_node.browser.zip_archive import content_digest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from velocious.configuration import Configuration
    from velocious_node.browser.scripts import Scripts
    from velocious_node.browser.snapshot import Archive, Signature, Snapshot

    type Endpoint = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger("velocious.browser")

PLACE = "/velocious/"
PYSCRIPT_NAMES = frozenset({"pyscript/core.js", "pyscript/core.css"})
#: A page that is starting while files change still gets the archives it was told about.
KEPT_ARCHIVES = 8


def routes(configuration: Configuration) -> list[BaseRoute]:
    """The routes that serve the browser side of the application."""
    side = BrowserSide(configuration)
    return [
        Route(f"{PLACE}boot.json", _explained(side.boot)),
        Route(f"{PLACE}runtime/{{digest}}/{{name:path}}", _explained(side.runtime_file)),
        Route(f"{PLACE}js/{{digest}}/{{name:path}}", _explained(side.javascript)),
        Route(f"{PLACE}app/{{digest}}.zip", _explained(side.archive)),
        Route(f"{PLACE}source/{{digest}}.zip", _explained(side.archive)),
        Route(f"{PLACE}{{name:path}}", _explained(side.stable_name)),
    ]


class BrowserSide:
    """Answers requests from what the runtime package, Velocious and the application hold."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._runtime: RuntimeFolder | None = None
        self._scripts: Scripts | None = None
        self._snapshot: Snapshot | None = None
        self._signature: Signature = ()
        self._archives: dict[str, Archive] = {}

    async def boot(self, request: Request) -> Response:
        """What a page needs to start."""
        document = boot_document(
            self._configuration,
            self._folder(),
            self._fresh(),
            self._fresh_scripts(),
            _prefix(request),
        )
        content = json.dumps(document).encode()
        tag = content_digest({"boot.json": content})
        return send_bytes(request, content, name="boot.json", tag=tag, keep=ASK_FIRST)

    async def runtime_file(self, request: Request) -> Response:
        """A file of the runtime folder, compressed if there is such a sibling."""
        folder, name = self._folder(), request.path_params["name"]
        if request.path_params["digest"] != folder.digest or name.endswith((".br", ".gz")):
            raise HTTPException(404)
        accepted = accepted_encodings(request.headers.get("accept-encoding", ""))
        for encoding, suffix in ENCODINGS:
            path = folder.file(name + suffix) if encoding in accepted else None
            if path is not None:
                tag = folder.sha256(name + suffix)[:16]
                return send_file(request, path, encoding=encoding, name=name, tag=tag)
        path = folder.file(name)
        if path is None:
            raise HTTPException(404)
        return send_file(request, path, encoding=None, name=name, tag=folder.sha256(name)[:16])

    async def javascript(self, request: Request) -> Response:
        """A module of the worker or the page."""
        scripts, name = self._scripts or self._fresh_scripts(), request.path_params["name"]
        content = scripts.modules.get(name)
        if content is None or request.path_params["digest"] != scripts.digest:
            raise HTTPException(404)
        return send_bytes(request, content, name=name, tag=scripts.digest)

    async def archive(self, request: Request) -> Response:
        """The application bundle, or our sources."""
        if self._snapshot is None:
            self._fresh()
        archive = self._archives.get(request.path_params["digest"])
        if archive is None:
            raise HTTPException(404)
        return send_bytes(request, archive.content, name="archive.zip", tag=archive.digest)

    async def stable_name(self, request: Request) -> Response:
        """``/velocious/client.mjs`` and the like lead to the address with the digest of today."""
        name = request.path_params["name"]
        if name in PYSCRIPT_NAMES:
            target = f"runtime/{self._folder().digest}/{name}"
        elif name in (scripts := self._fresh_scripts()).modules:
            target = f"js/{scripts.digest}/{name}"
        else:
            raise HTTPException(404)
        url = _prefix(request) + target
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(url + query, 307, headers={"Cache-Control": ASK_FIRST})

    def _folder(self) -> RuntimeFolder:
        if self._runtime is None:
            self._runtime = RuntimeFolder()
        return self._runtime

    def _fresh_scripts(self) -> Scripts:
        if self._scripts is None or not self._is_settled():
            self._scripts = read_scripts()
        return self._scripts

    def _is_settled(self) -> bool:
        """Whether files no longer change while the server runs."""
        return self._configuration.environment == "production"

    def _fresh(self) -> Snapshot:
        if self._snapshot is not None and self._is_settled():
            return self._snapshot
        now = signature(self._configuration)
        if self._snapshot is None or now != self._signature:
            # A rebuilt runtime has another manifest.
            self._runtime = RuntimeFolder()
            self._snapshot, self._signature = take_snapshot(self._configuration, self._runtime), now
            self._keep(self._snapshot)
        return self._snapshot

    def _keep(self, snapshot: Snapshot) -> None:
        for archive in (snapshot.application, snapshot.sources):
            if archive is not None:
                self._archives[archive.digest] = archive
        while len(self._archives) > KEPT_ARCHIVES:
            del self._archives[next(iter(self._archives))]


def _prefix(request: Request) -> str:
    return request.scope.get("root_path", "") + PLACE


def _explained(endpoint: Endpoint) -> Endpoint:
    async def explain(request: Request) -> Response:
        try:
            return await endpoint(request)
        except VelociousError as error:
            # The page shows this text: it is for the person who set up the server.
            logger.error("%s: %s", request.url.path, error)
            body = {"error": {"code": error.code, "message": str(error)}}
            return JSONResponse(body, 503, headers={"Cache-Control": "no-store"})

    return explain
