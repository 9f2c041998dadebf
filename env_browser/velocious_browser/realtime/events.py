"""Streams of events of a browser, with its own ``fetch``: unlike ``EventSource`` it can say who it
is, and sees why a server refuses.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConnectFailedError, SocketClosedError
from velocious_browser.realtime.network import BrowserNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping


class EventConnector:
    """Asks for streams.

    Arguments:
        credentials: whether cookies go along, as ``fetch`` has it: ``"include"`` for other sites'.
        while_hidden: whether a page that nobody looks at connects, too.

    Attributes:
        network: what the browser knows of it.
    """

    def __init__(self, *, credentials: str = "same-origin", while_hidden: bool = False) -> None:
        self._credentials = credentials
        self.network = BrowserNetwork(while_hidden=while_hidden)

    async def get(self, url: str, headers: Mapping[str, str]) -> FetchedEvents:
        js_abort: Any = _aborting()
        options = self._options("GET", headers)
        js_answer = await _fetched(url, options, js_abort)
        return FetchedEvents(js_answer, js_abort)

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        js_abort: Any = _aborting()
        options = {**self._options("POST", headers), "body": body}
        js_answer = await _fetched(url, options, js_abort)
        # Nobody reads what else it says.
        js_abort.abort()
        return int(js_answer.status)

    def _options(self, method: str, headers: Mapping[str, str]) -> dict[str, Any]:
        return {
            "method": method,
            "headers": dict(headers),
            "cache": "no-store",
            "credentials": self._credentials,
        }


class FetchedEvents:
    """One answer."""

    def __init__(self, js_answer: Any, js_abort: Any) -> None:
        self.status = int(js_answer.status)
        self.kind = str(js_answer.headers.get("content-type") or "").partition(";")[0].strip()
        self.retry_after = str(js_answer.headers.get("retry-after") or "")
        self._js_abort = js_abort
        # An answer that can have no body has none (204).
        self._js_reader = js_answer.body.getReader() if js_answer.body else None

    async def read(self) -> bytes:
        from pyodide.ffi import JsException

        if self._js_reader is None:
            return b""
        try:
            js_piece = await self._js_reader.read()
        except JsException as error:
            raise SocketClosedError(1006, str(error)) from None
        return b"" if js_piece.done else js_piece.value.to_bytes()

    async def close(self) -> None:
        self._js_abort.abort()


def _aborting() -> Any:
    import js

    return getattr(js, "AbortController").new()  # noqa: B009


async def _fetched(url: str, options: dict[str, Any], js_abort: Any) -> Any:
    import js
    from pyodide.ffi import JsException, to_js

    js_object: Any = getattr(js, "Object")  # noqa: B009
    js_made: Any = to_js
    js_options = js_made(options, dict_converter=js_object.fromEntries)
    js_options.signal = js_abort.signal
    js_fetch: Any = getattr(js, "fetch")  # noqa: B009
    try:
        return await js_fetch(url, js_options)
    except JsException as error:
        raise ConnectFailedError(url, "the server is not there, or another site's") from error
