"""The addresses below ``/velocious/``: everything a browser needs from the server.

Law: an address with a digest never changes its content; ``boot.json`` and the stable names only
point
at such addresses, and are asked for anew each time.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from velocious.asset_digests import ASK_AGAIN
from velocious.errors import VelociousError
from velocious_node.browser.boot import application_id
from velocious_node.browser.description import PLACE, describe
from velocious_node.browser.devtools import PAGE, devtools_page, has_devtools
from velocious_node.browser.offline import REACHABLE, SCRIPT, SHELL, shell_page
from velocious_node.browser.runtime_folder import RuntimeFolder
from velocious_node.browser.scripts import leading_module, read_scripts
from velocious_node.browser.sending import send_bytes, send_file
from velocious_node.browser.snapshot import signature, take_snapshot
from velocious_node.browser.web_files import WebFiles
from velocious_node.browser.web_manifest import MANIFEST, icon_names, web_manifest
from velocious_node.browser.zip_archive import content_digest
from velocious_node.http.codings import chosen_coding
from velocious_node.http.precompressed import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from velocious.configuration import Configuration
    from velocious_node.browser.description import Description
    from velocious_node.browser.scripts import Scripts
    from velocious_node.browser.snapshot import Archive, Signature, Snapshot

    type Endpoint = Callable[[Request], Awaitable[Response]]

logger = logging.getLogger("velocious.browser")

PYSCRIPT_NAMES = frozenset({"pyscript/core.js", "pyscript/core.css"})
#: A page that is starting while files change still gets the archives it was told about.
KEPT_ARCHIVES = 8


def routes(configuration: Configuration) -> list[BaseRoute]:
    """The routes that serve the browser side of the application."""
    side = BrowserSide(configuration)
    return [
        Route(f"{PLACE}boot.json", _explained(side.boot)),
        Route(f"{PLACE}{SCRIPT}", _explained(side.service_worker)),
        Route(f"{PLACE}{SHELL}", _explained(side.shell)),
        Route(f"{PLACE}{MANIFEST}", _explained(side.manifest)),
        Route(f"{PLACE}{PAGE}", _explained(side.devtools)),
        Route(f"{PLACE}{REACHABLE}", _reachable),
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
        self._web = WebFiles(os.path.join(os.path.abspath(configuration.directory or "."), "web"))

    async def boot(self, request: Request) -> Response:
        """What a page needs to start."""
        return _send_fresh(request, "boot.json", self._describe(request).boot)

    async def service_worker(self, request: Request) -> Response:
        """The script of the service worker; its scope is the whole application."""
        script = self._describe(request).service_worker
        if script is None:
            raise HTTPException(404)
        response = _send_fresh(request, SCRIPT, script)
        response.headers["Service-Worker-Allowed"] = f"{_root(request)}/"
        return response

    async def shell(self, request: Request) -> Response:
        """The page that starts Python."""
        js = f"{_prefix(request)}js/{self._fresh_scripts().digest}/"
        page = shell_page(application_id(self._configuration), _root(request), js)
        return _send_fresh(request, SHELL, page)

    async def manifest(self, request: Request) -> Response:
        """What a browser shows of the application when it is installed."""
        icons = self._web.beginnings(icon_names(self._configuration))
        text = web_manifest(self._configuration, icons, _root(request))
        return _send_fresh(request, MANIFEST, text)

    async def devtools(self, request: Request) -> Response:
        """The page of the developer tools."""
        if not self._has_devtools:
            raise HTTPException(404)
        page = devtools_page(application_id(self._configuration), _root(request))
        return _send_fresh(request, PAGE, page)

    async def runtime_file(self, request: Request) -> Response:
        """A file of the runtime folder, compressed if there is such a sibling."""
        folder, name = self._folder(), request.path_params["name"]
        is_sibling = name.endswith(tuple(SUFFIXES.values()))
        if is_sibling or request.path_params["digest"] != folder.digest:
            raise HTTPException(404)
        there = tuple(coding for coding in SUFFIXES if folder.file(name + SUFFIXES[coding]))
        accepted = request.headers.get("accept-encoding", "").encode("latin-1")
        coding = chosen_coding(accepted, there) if there else None
        sent = name if coding is None else name + SUFFIXES[coding]
        path = folder.file(sent)
        if path is None:
            raise HTTPException(404)
        return send_file(request, path, encoding=coding, name=name, tag=folder.sha256(sent)[:16])

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
        """``/velocious/client.mjs`` and the like lead to the address with the digest of today.

        A module does so as a module: one that was redirected would be another one to a browser than
        the same module at the address that it was redirected to, and run twice.
        """
        name = request.path_params["name"]
        if name in PYSCRIPT_NAMES:
            target = f"runtime/{self._folder().digest}/{name}"
        elif name in (scripts := self._fresh_scripts()).modules:
            target = f"js/{scripts.digest}/{name}"
        else:
            raise HTTPException(404)
        url = _prefix(request) + target
        address = f"{url}?{request.url.query}" if request.url.query else url
        if name.endswith(".mjs"):
            return _send_fresh(request, name, leading_module(address))
        return RedirectResponse(address, 307, headers={"Cache-Control": ASK_AGAIN})

    def _describe(self, request: Request) -> Description:
        return describe(
            self._configuration,
            self._folder(),
            self._fresh(),
            self._fresh_scripts(),
            self._web.paths(),
            self._web.beginnings(icon_names(self._configuration)),
            root=_root(request),
            uses_pyscript=self._web.use_pyscript(),
        )

    def _folder(self) -> RuntimeFolder:
        if self._runtime is None:
            self._runtime = RuntimeFolder()
        return self._runtime

    def _fresh_scripts(self) -> Scripts:
        if self._scripts is None or not self._is_settled():
            self._scripts = read_scripts(devtools=self._has_devtools)
        return self._scripts

    @property
    def _has_devtools(self) -> bool:
        return has_devtools(self._configuration, self._configuration.environment)

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
        for archive in (snapshot.application, *snapshot.own.values()):
            if archive is not None:
                self._archives[archive.digest] = archive
        while len(self._archives) > KEPT_ARCHIVES:
            del self._archives[next(iter(self._archives))]


def _root(request: Request) -> str:
    return request.scope.get("root_path", "").rstrip("/")


def _prefix(request: Request) -> str:
    return _root(request) + PLACE


def _send_fresh(request: Request, name: str, text: str) -> Response:
    content = text.encode()
    tag = content_digest({name: content})
    return send_bytes(request, content, name=name, tag=tag, keep=ASK_AGAIN)


async def _reachable(request: Request) -> Response:
    """Says that requests arrive."""
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


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
