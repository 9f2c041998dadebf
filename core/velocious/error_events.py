"""``configuration.error_events``: told of what goes wrong while requests are answered.

Law: who listens changes nothing: a callback that fails is logged, and the answer is what it was.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    type Listener = Callable[["ErrorEvent"], Awaitable[None] | None]

#: Errors that are ours: whoever sees them has something to repair.
FRAMEWORK_ERROR = "framework-error"
#: Those of clients too: what was not there, not allowed, or could not be read.
ALL_ERROR = "all-error"
CLIENT_ERROR = "client-error"

_log = logging.getLogger("velocious.errors")


@dataclass(frozen=True, slots=True)
class ErrorEvent:
    """An error, and where it came from.

    Attributes:
        error: what was raised.
        error_type: ``"framework-error"``, or ``"client-error"`` for what a client did wrong.
        request: the request that ended with it.
        response: what its client was told; None where the answer broke off.
        context: method, path, request_id, controller and action, as far as they are known.
    """

    error: Exception
    error_type: str
    request: Request | None = None
    response: Response | None = None
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])


class ErrorEvents:
    """Who is told.

    ::

        @configuration.error_events.on("framework-error")
        async def report(event):
            await tell_the_pager(event.error, event.context)
    """

    def __init__(self) -> None:
        self._listeners: dict[str, list[Listener]] = {FRAMEWORK_ERROR: [], ALL_ERROR: []}

    def on(self, name: str, listener: Listener | None = None) -> Any:
        """Call *listener*, plain or async, with each :class:`ErrorEvent`; without one, a decorator.

        Arguments:
            name: ``"framework-error"``, or ``"all-error"`` for those of clients too.

        Raises:
            ConfigurationError: there is no such event.
        """
        listeners = self._of(name)
        if listener is None:
            return partial(self.on, name)
        listeners.append(listener)
        return listener

    def off(self, name: str, listener: Listener) -> None:
        """Do not call *listener* any more."""
        listeners = self._of(name)
        if listener in listeners:
            listeners.remove(listener)

    async def emit(self, event: ErrorEvent) -> None:
        """Tell everybody who listens."""
        names = (ALL_ERROR,) if event.error_type == CLIENT_ERROR else (FRAMEWORK_ERROR, ALL_ERROR)
        for listener in [one for name in names for one in self._listeners[name]]:
            try:
                returned = listener(event)
                if isinstance(returned, Awaitable):
                    await returned
            except Exception:
                _log.exception("A listener to errors failed: %r", listener)

    def _of(self, name: str) -> list[Listener]:
        if name not in self._listeners:
            raise ConfigurationError(
                f"There is no event {name!r}. {suggestion(name, self._listeners)}"
            )
        return self._listeners[name]
