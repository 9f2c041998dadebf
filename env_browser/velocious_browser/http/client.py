"""Requests of a page to servers: the browser's own ``fetch``.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from velocious.errors import BackendUnreachableError
from velocious.http_client import HttpAnswer

if TYPE_CHECKING:
    from velocious.http_client import HttpRequest


class BrowserHttpClient:
    """Sends requests. Why one failed, browsers never tell: another site may not know."""

    async def send(self, request: HttpRequest) -> HttpAnswer:
        import js

        js_abort: Any = getattr(js, "AbortController").new()  # noqa: B009
        try:
            async with asyncio.timeout(request.timeout):
                return await _fetched(request, js_abort.signal)
        except TimeoutError as error:
            js_abort.abort()
            problem = f"{request.timeout:g} seconds have passed"
            raise BackendUnreachableError(_shown(request.url), problem, sent=True) from error
        except asyncio.CancelledError:
            js_abort.abort()
            raise

    async def close(self) -> None:
        """Connections are the browser's."""


async def _fetched(request: HttpRequest, js_signal: Any) -> HttpAnswer:
    import js
    from pyodide.ffi import JsException, to_js

    js_object: Any = getattr(js, "Object")  # noqa: B009
    js_make: Any = to_js
    js_options = js_make(
        {
            "method": request.method,
            "headers": dict(request.headers),
            "credentials": request.credentials,
            "redirect": "manual",
            **({"body": request.body} if request.body else {}),
        },
        dict_converter=js_object.fromEntries,
    )
    js_options.signal = js_signal
    js_fetch: Any = getattr(js, "fetch")  # noqa: B009
    try:
        js_answer = await js_fetch(request.url, js_options)
        js_body = await js_answer.arrayBuffer()
    except JsException as error:
        # A server that is not there and an answer that this page may not read look the same.
        raise BackendUnreachableError(_shown(request.url), str(error), sent=True) from error
    headers = {str(name).lower(): str(value) for name, value in js_answer.headers.entries()}
    return HttpAnswer(js_answer.status, headers, js_body.to_bytes())


def _shown(url: str) -> str:
    return url.partition("?")[0]
