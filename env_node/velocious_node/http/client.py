"""Requests of a server to other servers, on the ``httpx2`` package.

Law: no request takes along what the answer to another one has set: one client serves everybody.
"""

from __future__ import annotations

import asyncio
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from velocious.errors import BackendUnreachableError
from velocious.http_client import HttpAnswer
from velocious.version import __version__
from velocious_node.missing_package import missing_package

if TYPE_CHECKING:
    import ssl

    from httpx2 import AsyncClient

    from velocious.http_client import HttpRequest

#: What the package tells of a request when its first bytes leave.
_LEAVES = "send_request_headers.started"


class NodeHttpClient:
    """Sends requests; connections are kept for the next one.

    Arguments:
        context: how TLS is spoken; the system's certificates by default.

    Raises:
        NotAvailableHereError: the package is not installed.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._package: Any = _package()
        self._verify: ssl.SSLContext | bool = True if context is None else context
        self._client: AsyncClient | None = None

    async def send(self, request: HttpRequest) -> HttpAnswer:
        origin = _origin(request.url)
        client = self._opened()
        sent = False

        async def follow(step: str, _: Any) -> None:
            nonlocal sent
            sent = sent or step.endswith(_LEAVES)

        try:
            async with asyncio.timeout(request.timeout):
                return await _answer(client, request, follow)
        except TimeoutError as error:
            problem = f"{request.timeout:g} seconds have passed"
            raise BackendUnreachableError(origin, problem, sent=sent) from error
        except (self._package.HTTPError, self._package.InvalidURL) as error:
            problem = str(error).rstrip(".") or type(error).__name__
            raise BackendUnreachableError(origin, problem, sent=sent) from error

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _opened(self) -> AsyncClient:
        if self._client is None:
            nobody = DefaultCookiePolicy(allowed_domains=[])
            self._client = self._package.AsyncClient(
                verify=self._verify,
                # The whole request has a deadline, which is the only one.
                timeout=None,
                headers={"user-agent": f"velocious/{__version__}"},
                cookies=CookieJar(policy=nobody),
            )
        assert self._client is not None
        return self._client


async def _answer(client: AsyncClient, request: HttpRequest, follow: Any) -> HttpAnswer:
    answer = await client.request(
        request.method,
        request.url,
        headers=dict(request.headers),
        content=request.body or None,
        extensions={"trace": follow},
    )
    return HttpAnswer(answer.status_code, dict(answer.headers), answer.content)


def _package() -> Any:
    try:
        import httpx2
    except ImportError as error:
        raise missing_package("Asking other servers", "http") from error
    return httpx2


def _origin(url: str) -> str:
    address = urlsplit(url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise BackendUnreachableError(
            url.partition("?")[0],
            "a server needs the whole address, such as https://example.com",
        )
    return f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
