"""The entry points that the worker's JavaScript calls.

Law: JavaScript enters in the default context, so each entry starts a task in the context that the
application was opened in; arguments and answers are text: what pages say and get is that of
:mod:`velocious.wire`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import PlatformError
from velocious.wire import decode, encode
from velocious_browser.application import open_application
from velocious_browser.calls import Calls
from velocious_browser.interop import Host, json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from velocious_browser.application import Application
    from velocious_browser.devtools.devtools import Devtools
    from velocious_browser.http.exchange import JsExchange
    from velocious_browser.interop import JsHost
    from velocious_browser.server import BrowserServer
    from velocious_browser.watches import JsWatcher, Watches


_log = logging.getLogger("velocious.storage")
#: Elsewhere a page gets no tracebacks: they show the application's paths and lines.
_WITH_TRACEBACKS = ("development", "test")


class NotStartedError(PlatformError):
    """A request came before the application was opened, or after it was closed."""

    code = "not_started"

    def __init__(self) -> None:
        super().__init__(
            "The application of this worker is not open. Wait for `await start()` of client.mjs, "
            "or reload the page if it was closed."
        )


class Worker:
    """The one application of this worker and the context its tasks run in."""

    def __init__(self) -> None:
        self.application: Application | None = None
        self.with_tracebacks = False
        self._calls = Calls()
        self._context = Context()
        self._server: BrowserServer | None = None
        self._watches: Watches | None = None
        self._requests: dict[int, asyncio.Task[None]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._devtools: Devtools | None = None
        self._turn = asyncio.Lock()

    async def start(self, boot: str, js_host: JsHost) -> None:
        """Open the application; what it sets in context variables holds for every later request."""
        self._context = copy_context()
        self.with_tracebacks = json.loads(boot).get("environment") in _WITH_TRACEBACKS
        opening = open_application(boot, js_host)
        self.application = await asyncio.create_task(opening, context=self._context)

    async def in_context[T](self, work: Coroutine[Any, Any, T], number: int | None = None) -> T:
        """Run *work* in a task of its own that sees the application's context variables; under a
        *number*, until :meth:`cancel_call`.
        """
        before = self._tables()
        try:
            return await self._calls.run(work, self._context.copy(), number)
        finally:
            if self._tables() != before and self.application is not None:
                self.application.host.schema_changed()

    def cancel_call(self, number: int) -> None:
        """The page no longer waits for the call *number*."""
        self._calls.cancel(number)

    async def in_turn[T](self, work: Coroutine[Any, Any, T]) -> T:
        """As :meth:`in_context`, after the work that asked for its turn before."""
        try:
            await self._turn.acquire()
        except BaseException:
            # It was never begun, which Python would complain of.
            work.close()
            raise
        try:
            return await self.in_context(work)
        finally:
            self._turn.release()

    def run(self, function: Callable[[], None]) -> None:
        """Call *function* where it sees the application's context variables."""
        self._context.copy().run(function)

    def _tables(self) -> int:
        """Changes when what is known about the tables does."""
        if self.application is None:
            return 0
        databases = self.application.configuration.databases.values()
        return sum(database.schema_version for database in databases)

    def tables_changed(self) -> None:
        """Another tab has changed the tables."""
        if self.application is not None:
            configuration = self.application.configuration
            for database in configuration.databases.values():
                database.invalidate()
            work = configuration.models.load()
            self._reading = asyncio.create_task(work, context=self._context.copy())
            self._reading.add_done_callback(_log_failure)

    def opened(self) -> Application:
        """The application. Raises NotStartedError where there is none."""
        if self.application is None:
            raise NotStartedError
        return self.application

    def server(self) -> BrowserServer:
        """What answers requests; made for the first one."""
        if self._server is None:
            # Imported here: a page that only calls actions needs no web framework.
            from velocious_browser.server import BrowserServer

            self._server = BrowserServer(self.opened())
        return self._server

    def watches(self) -> Watches:
        """What the page follows; made for the first one."""
        if self._watches is None:
            # Imported here: many a page follows nothing.
            from velocious_browser.watches import Watches

            self._watches = Watches(describe_error)
        return self._watches

    def devtools(self) -> Devtools:
        """What answers the developer tools; made for their first question."""
        if self._devtools is None:
            # Imported here: hardly a page of a person who only uses the application needs it.
            from velocious_browser.devtools.devtools import Devtools

            opened = self.opened()
            self._devtools = Devtools(opened.configuration, opened.host)
        return self._devtools

    def serve(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        """Run *work*, the answer to the request *number*, until it is done or cancelled.

        It begins before this returns: each turn of the event loop is a trip through JavaScript, and
        most answers never wait for anything.
        """
        task = asyncio.Task(
            work,
            loop=asyncio.get_running_loop(),
            context=self._context.copy(),
            eager_start=True,
        )
        if not task.done():
            self._requests[number] = task
            task.add_done_callback(lambda _: self._requests.pop(number))

    def cancel(self, number: int) -> None:
        """Nobody waits for the request *number* any more."""
        task = self._requests.get(number)
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        for number in tuple(self._requests):
            self.cancel(number)
        await self._calls.cancel_all()
        if self._watches is not None:
            watches, self._watches = self._watches, None
            await watches.close_all()
        self._server = None
        self._devtools = None
        if self.application is not None:
            application, self.application = self.application, None
            await self.in_context(application.close())


def _log_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("The tables could not be read again.", exc_info=error)


_worker = Worker()


def application() -> Application:
    """The application that runs in this worker. Raises NotStartedError before it is open."""
    return _worker.opened()


async def start(boot: str, js_host: JsHost) -> None:
    """Open the application that *boot* (``boot.json`` as text) describes."""
    await _worker.start(boot, js_host)


async def run_command(arguments: str, js_host: JsHost | None = None) -> str:
    """Run a command line: JSON of a line or of a list of words.

    The answer has output and exitCode. Commands run one after another, in the order they came in.
    *js_host* is the page of another tab, which asks for it.
    """
    from velocious_browser.cli.run import run_line

    opened = _worker.opened()
    host = None if js_host is None else Host(js_host)
    return json_text(await _worker.in_turn(run_line(opened, json.loads(arguments), host)))


async def call(action: str, payload: str, number: int | None = None) -> str:
    """Call an action of the application, and answer with what it returned; *number* is for
    :func:`cancel_call`.
    """
    from velocious_browser.actions import perform

    _worker.opened()
    return encode(await _worker.in_context(perform(action, decode(payload)), number))


def cancel_call(number: int) -> None:
    """Cancel the call *number*, if it runs."""
    _worker.cancel_call(number)


async def watch(number: int, action: str, payload: str, js_watcher: JsWatcher) -> None:
    """Tell *js_watcher* what an action returns, now and after each change of what it read, until
    :func:`unwatch`.
    """
    _worker.opened()
    _worker.run(partial(_worker.watches().open, number, action, payload, js_watcher))


async def unwatch(number: int) -> None:
    """The page follows *number* no longer."""
    _worker.watches().close(number)


def describe_error(error: BaseException) -> str:
    """*error* for the page."""
    from velocious_browser.failure import describe

    return describe(error, with_traceback=_worker.with_tracebacks)


async def devtools(question: str, parameters: str) -> str:
    """Answer a question of the developer tools: its name and JSON of its parameters, with JSON."""
    answer = _worker.devtools().answer(question, json.loads(parameters))
    # What somebody typed waits for the command typed before it.
    work = _worker.in_turn(answer) if question == "sql" else _worker.in_context(answer)
    return json_text(await work)


def serve(number: int, request: str, js_exchange: JsExchange) -> None:
    """Answer a request of a page: JSON text of what it is, and the exchange of its answer."""
    _worker.serve(number, _answer(request, js_exchange))


async def _answer(request: str, js_exchange: JsExchange) -> None:
    from velocious_browser.http.exchange import PageExchange, parse_request

    exchange = PageExchange(js_exchange)
    try:
        await _worker.server().answer(parse_request(request), exchange)
    except Exception as error:
        # Before the application had it: a database that cannot be opened, for instance.
        logging.getLogger("velocious.browser").exception("a request was not answered")
        exchange.fail(str(error))


def cancel(number: int) -> None:
    """Give the request *number* up."""
    _worker.cancel(number)


def tables_changed() -> None:
    """Another tab has changed the tables."""
    _worker.tables_changed()


def storage_changed() -> None:
    """The state of the storage may be another one: whoever watches it hears."""
    opened = _worker.application
    if opened is None:
        return
    try:
        # Reading the value calls its watchers.
        opened.storage.value  # noqa: B018
    except Exception:
        # Nobody waits for this call: the log is where a failing watcher can be heard of.
        _log.exception("A watcher of the storage failed.")


def refresh() -> None:
    """The page was away and can be seen again: anything may have changed meanwhile."""
    opened = _worker.application
    if opened is not None:
        _worker.run(opened.configuration.changes.everything)


async def close() -> None:
    """Close the application, before the page gives its storage to another tab."""
    await _worker.close()
