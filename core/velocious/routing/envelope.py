"""What every request has in common: its configuration, headers for safety, a line in the log, and
an answer even where the application fails.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import TYPE_CHECKING

from starlette.requests import Request

from velocious.controller.exchange import Exchange
from velocious.current import running
from velocious.error_events import CLIENT_ERROR, FRAMEWORK_ERROR, ErrorEvent
from velocious.routing.answer_headers import AnswerHeaders
from velocious.routing.failures import explain_failure, is_internal
from velocious.routing.gate import Gate
from velocious.routing.method_override import override_method
from velocious.routing.request_log import log_request

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from velocious.configuration import Configuration
    from velocious.migration.watching import TableWatch

logger = logging.getLogger("velocious.http")


class Envelope:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, configuration: Configuration) -> None:
        self._app = app
        self._configuration = configuration
        self._gate = Gate(configuration)
        self._added = AnswerHeaders(configuration.http, self._gate.cors)
        self._watch = _table_watch(configuration)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Starlette's routes raise for us, instead of answering in plain text, where this is set.
        scope["app"] = self
        if scope["type"] != "http":
            if scope["type"] != "websocket" or not await self._gate.refuses_socket(scope, send):
                await self._app(scope, receive, send)
            return
        began = perf_counter()
        exchange = Exchange(self._configuration, scope, send, self._added)
        token = running.set(exchange)
        try:
            answer = self._gate.pass_through(scope)
            if answer is None:
                if scope["method"] == "POST":
                    receive = await override_method(scope, receive)
                if self._watch is not None:
                    await self._watch.look()
                await self._app(scope, receive, exchange.send)
            else:
                await answer(scope, receive, exchange.send)
        except Exception as error:
            await self._explain(exchange, error, receive)
        finally:
            running.reset(token)
            if logger.isEnabledFor(logging.INFO):
                log_request(exchange, perf_counter() - began)

    async def _explain(self, exchange: Exchange, error: Exception, receive: Receive) -> None:
        """Answer to *error*, and tell those who listen."""
        context = exchange.context
        if self._watch is not None and is_internal(error):
            # Imported here: production has no use for it.
            from velocious.routing.unmigrated import because_of_migrations

            error = await because_of_migrations(error, self._configuration)
        response = explain_failure(
            Request(exchange.scope), error, self._configuration, exchange.controller
        )
        # For whoever gets the error from here on; the page says it in another way.
        error.add_note(f"While answering {context}")
        broken_off = exchange.status != 0
        if not broken_off:
            await response(exchange.scope, receive, exchange.send)
        await self._configuration.error_events.emit(
            ErrorEvent(
                error,
                CLIENT_ERROR if response.status_code < 500 else FRAMEWORK_ERROR,
                exchange.request,
                None if broken_off else response,
                context,
            )
        )
        if broken_off:
            # Half an answer is out: only closing the connection tells the client so.
            raise error


def _table_watch(configuration: Configuration) -> TableWatch | None:
    if configuration.environment != "development":
        return None
    # Imported here: production has no use for it.
    from velocious.migration.watching import TableWatch

    return TableWatch(configuration)
