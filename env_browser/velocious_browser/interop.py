"""The border with JavaScript.

Law: every value crosses here and nowhere else, as text (JSON, or that of :mod:`velocious.wire`) or
a number; a name that holds a JavaScript value starts with ``js_``. The rest of the package is
ordinary Python, which tests run on a server too.
"""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Protocol

from velocious.errors import NotAvailableHereError
from velocious.wire import encode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from velocious_browser.tabs.tab import Tab


class JsHost(Protocol):
    """The object that the worker's JavaScript hands to Python."""

    def log(self, level: str, text: str, /) -> object: ...

    def progress(self, step: str, label: str, loaded: float, total: float, /) -> object: ...

    def emit(self, event: str, payload: str, /) -> object: ...

    def reserve(self, count: int, /) -> Awaitable[object]: ...

    def storage(self) -> str: ...

    def storageStatus(self) -> Awaitable[str]: ...

    def exportFile(self, path: str, name: str, /) -> Awaitable[object] | None: ...

    def lock(self, request: int, name: str, milliseconds: float, /) -> Awaitable[bool]: ...

    def unlock(self, request: int, /) -> Awaitable[object]: ...

    def openChanges(self, receive: Callable[[str], None], /) -> object: ...

    def sendChanges(self, text: str, /) -> object: ...

    def closeChanges(self) -> object: ...

    def runInOwner(self, words: str, named: str, /) -> Awaitable[str]: ...

    def schemaChanged(self) -> object: ...

    def turn(self) -> Awaitable[object]: ...

    def tab(self) -> str: ...

    def ask(self, js_content: Any, /) -> object: ...

    def answer(self, name: str, js_content: Any, /) -> object: ...


class JsPage(Protocol):
    """The worker's end of the channel to the page around a script."""

    def post(self, text: str, /) -> object: ...

    def listen(self, hear: Callable[[str], None], /) -> object: ...


class Host:
    """What the page around the worker can do for us."""

    def __init__(self, js_host: JsHost) -> None:
        self._js_host = js_host
        self._tab: Tab | None = None
        #: The application's own secret, in a tab that cannot read the file which holds it.
        self.secret: str | None = None

    @property
    def tab(self) -> Tab:
        """This tab among the others of the application; the only one, where there is no way to
        them.
        """
        if self._tab is None:
            from velocious_browser.tabs.entry import join

            self._tab = join(self._js_host)
        return self._tab

    def log(self, level: str, text: str) -> None:
        """Write *text* to the developer console; *level* is debug, info, warning or error."""
        self._js_host.log(level, text)

    def progress(self, step: str, label: str, loaded: float, total: float) -> None:
        """Show the page how far a step is; a *total* of 0 means that nobody knows."""
        self._js_host.progress(step, label, loaded, total)

    def emit(self, event: str, payload: object = None) -> None:
        """Tell the page that something happened: ``app.subscribe(event, listener)`` hears it.

        Raises:
            WireError: *payload* holds a value that cannot be sent.
        """
        self._js_host.emit(event, encode(payload))

    async def reserve(self, count: int) -> None:
        """Make room for *count* new files on the storage."""
        await self._js_host.reserve(count)

    def storage(self) -> dict[str, Any]:
        """The state of the storage, as the worker sees it now."""
        return json.loads(self._js_host.storage())

    async def storage_status(self) -> dict[str, Any]:
        """The same, asked of the browser anew, with every file and what a person can do."""
        return json.loads(await self._js_host.storageStatus())

    async def export_file(self, path: str, name: str) -> None:
        """Offer the file at *path* to the person at the page as a download called *name*."""
        js_done = self._js_host.exportFile(path, name)
        if js_done is not None:
            await js_done

    async def run_in_owner(self, words: Sequence[str], named: Mapping[int, str]) -> dict[str, Any]:
        """Run a command line in the tab that has the files; *named* are the words that name a file
        of this tab.

        The answer has output and exitCode.
        """
        places = {str(place): path for place, path in named.items()}
        return json.loads(await self._js_host.runInOwner(json_text(words), json_text(places)))

    def schema_changed(self) -> None:
        """Tell the other tabs that the tables have changed."""
        self._js_host.schemaChanged()

    async def lock(self, request: int, name: str, seconds: float | None) -> bool:
        """Take the lock *name* of this origin within *seconds*; *request* is for :meth:`unlock`."""
        return await self._js_host.lock(request, name, -1 if seconds is None else seconds * 1000)

    async def unlock(self, request: int) -> None:
        """Give a lock back, or give its request up; it is free for others afterwards."""
        await self._js_host.unlock(request)

    def open_changes(self, receive: Callable[[str], None]) -> None:
        """Call *receive* with what other tabs of the application send."""
        self._js_host.openChanges(receive)

    def send_changes(self, text: str) -> None:
        """Send *text* to the other tabs of the application."""
        self._js_host.sendChanges(text)

    def close_changes(self) -> None:
        """Send and receive nothing any more."""
        self._js_host.closeChanges()


def console_host() -> JsHost:
    """A host for Python that runs without our worker: the console is there, the storage is not."""
    return _ConsoleHost()


class _ConsoleHost:
    def log(self, level: str, text: str, /) -> None:
        import js

        js_write = {
            "debug": js.console.debug,
            "info": js.console.info,
            "warning": js.console.warn,
            "error": js.console.error,
        }
        js_write[level](text)

    def progress(self, step: str, label: str, loaded: float, total: float, /) -> None:
        self.log(
            "info", f"{step}: {label} {loaded:.0f}/{total:.0f}" if total else f"{step}: {label}"
        )

    def emit(self, event: str, payload: str, /) -> None:
        self.log("debug", f"{event} {payload}")

    async def reserve(self, count: int, /) -> None:
        """Ordinary memory needs no slots."""

    def storage(self) -> str:
        return json_text({"state": "volatile", "reason": "Python runs without Velocious' worker."})

    async def storageStatus(self) -> str:
        nothing: dict[str, Any] = {"contents": [], "beside": {"files": 0, "bytes": 0}, "advice": []}
        return json_text({**json.loads(self.storage()), **nothing})

    async def exportFile(self, path: str, name: str, /) -> None:
        raise NotAvailableHereError(
            f"Handing {path!r} to the page",
            environment="browser",
            instead="Start the page with client.mjs, or PyScript with Velocious' interpreter.mjs.",
        )

    async def lock(self, request: int, name: str, milliseconds: float, /) -> bool:
        # Databases in ordinary memory belong to this page alone: no other tab could hold it.
        return True

    async def unlock(self, request: int, /) -> None:
        """Nothing was taken from the page."""

    def openChanges(self, receive: Callable[[str], None], /) -> None:
        """Databases in ordinary memory belong to this page alone: nobody else could change them."""

    def sendChanges(self, text: str, /) -> None:
        """Nobody else could read them."""

    def closeChanges(self) -> None:
        """Nothing was opened."""

    async def runInOwner(self, words: str, named: str, /) -> str:
        raise NotAvailableHereError(
            "Another tab", environment="browser", instead="Run the command in this one."
        )

    def schemaChanged(self) -> None:
        """Nobody else uses a database in ordinary memory."""

    async def turn(self) -> None:
        await asyncio.sleep(0)

    def tab(self) -> str:
        return ""

    def ask(self, js_content: Any, /) -> None:
        """There is no other tab to ask."""

    def answer(self, name: str, js_content: Any, /) -> None:
        """No other tab asks."""


def page_globals() -> tuple[str, JsHost]:
    """The boot text and the host that our interpreter left for a PyScript worker.

    Raises:
        NotAvailableHereError: the page loads another interpreter.
    """
    import js

    js_boot: str | None = getattr(js, "velociousBoot", None)
    js_host: JsHost | None = getattr(js, "velociousHost", None)
    if js_boot is None or js_host is None:
        raise NotAvailableHereError(
            "The application of this origin",
            environment="browser",
            instead=(
                'Load `<script type="module" src="/velocious/pyscript.mjs"></script>` in the page, '
                'and give the script the attribute `worker`: `<script type="py" worker>`.'
            ),
        )
    return js_boot, js_host


def page_end() -> JsPage:
    """The channel to the page of a PyScript worker.

    Raises:
        NotAvailableHereError: this is no such worker.
    """
    import js

    js_page: JsPage | None = getattr(js, "velociousPage", None)
    if js_page is None:
        raise NotAvailableHereError(
            "The page around a script",
            environment="browser",
            instead=(
                'Load `<script type="module" src="/velocious/pyscript.mjs"></script>` in the page, '
                'and give the script the attribute `worker`: `<script type="py" worker>`.'
            ),
        )
    return _PageEnd(js_page)


class _PageEnd:
    """Keeps the callback alive, which JavaScript calls long after it was given."""

    def __init__(self, js_page: JsPage) -> None:
        self._js_page = js_page

    def post(self, text: str, /) -> None:
        self._js_page.post(text)

    def listen(self, hear: Callable[[str], None], /) -> None:
        from pyodide.ffi import create_proxy

        self._js_page.listen(create_proxy(hear))


def json_text(value: object) -> str:
    """*value*, which JSON has a form for, as text."""
    return _json.encode(value)


#: ``json.dumps`` would make one for each text.
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
