"""Streams of events of a server that is a client, on the ``httpx2`` package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import ConnectFailedError, SocketClosedError
from velocious_node.missing_package import missing_package

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from httpx2 import AsyncClient, Response


class EventConnector:
    """Asks for streams.

    Arguments:
        options: for ``httpx2.AsyncClient``, such as ``verify=``.

    Raises:
        NotAvailableHereError: the package is not installed.
    """

    def __init__(self, **options: Any) -> None:
        try:
            from httpx2 import AsyncClient, Timeout
        except ImportError as error:
            raise missing_package("A client of streams of events", "http") from error
        self._client_class = AsyncClient
        # A stream is silent for as long as it likes: the client knows how long that may be.
        self._options: dict[str, Any] = {"timeout": Timeout(10.0, read=None), **options}

    async def get(self, url: str, headers: Mapping[str, str]) -> HttpxEvents:
        from httpx2 import HTTPError

        client = self._client_class(**self._options)
        try:
            request = client.build_request("GET", url, headers=dict(headers))
            response = await client.send(request, stream=True)
        except HTTPError as error:
            await client.aclose()
            raise ConnectFailedError(url, str(error) or type(error).__name__) from error
        except BaseException:
            await client.aclose()
            raise
        return HttpxEvents(client, response)

    async def post(self, url: str, headers: Mapping[str, str], body: str) -> int:
        from httpx2 import HTTPError

        async with self._client_class(**self._options) as client:
            try:
                answer = await client.post(url, headers=dict(headers), content=body.encode())
            except HTTPError as error:
                raise ConnectFailedError(url, str(error) or type(error).__name__) from error
        return answer.status_code


class HttpxEvents:
    """One answer."""

    def __init__(self, client: AsyncClient, response: Response) -> None:
        self.status = response.status_code
        self.kind = response.headers.get("content-type", "").partition(";")[0].strip()
        self.retry_after: str = response.headers.get("retry-after", "")
        self._client = client
        self._response = response
        self._pieces: AsyncIterator[bytes] = response.aiter_bytes()

    async def read(self) -> bytes:
        from httpx2 import HTTPError, StreamError

        try:
            return await anext(self._pieces, b"")
        except (HTTPError, StreamError) as error:
            raise SocketClosedError(1006, str(error) or type(error).__name__) from error

    async def close(self) -> None:
        await self._response.aclose()
        await self._client.aclose()
