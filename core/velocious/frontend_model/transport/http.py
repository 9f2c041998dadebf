"""Batches over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    BackendAnswerError,
    BackendUnreachableError,
    ConfigurationError,
    WireError,
)
from velocious.frontend_model.received import RECORDS
from velocious.http_client import HttpRequest
from velocious.wire import decode, encode

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.frontend_model.settings import BackendSettings
    from velocious.http_client import HttpAnswer, HttpClient

#: A proxy, or a server that is about to go, says these: the request was not carried out.
_AWAY = frozenset({429, 502, 503, 504})
_JSON = "application/json"


class HttpRoad:
    """The way over HTTP."""

    def __init__(self, configuration: Configuration, settings: BackendSettings) -> None:
        self._configuration = configuration
        self._settings = settings
        self._client: HttpClient | None = None

    async def send(self, entries: dict[str, Any]) -> Any:
        """What the backend says to a batch.

        Raises:
            BackendUnreachableError: nothing.
            BackendAnswerError: nothing that makes sense.
        """
        settings = self._settings
        request = HttpRequest(
            "POST",
            await self.address(),
            {"content-type": _JSON, "accept": _JSON, **await self._headers()},
            encode(entries, exact=True).encode(),
            settings.credentials,
            settings.timeout,
        )
        answer = await (self._send if settings.request is None else settings.request)(request)
        return self._read(answer)

    async def address(self) -> str:
        """Where the endpoint is."""
        base = await resolved(self._settings.backend)
        prefix = await resolved(self._settings.prefix)
        if not isinstance(base, str) or not isinstance(prefix, str):
            raise ConfigurationError(
                f"The backend {self._settings.identifier!r} has the address {base!r} and the "
                f"prefix {prefix!r}; both are text."
            )
        inner = prefix.strip("/")
        return f"{base.rstrip('/')}{'/' + inner if inner else ''}{self._settings.path}"

    async def close(self) -> None:
        """Let go of connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _send(self, request: HttpRequest) -> HttpAnswer:
        if self._client is None:
            self._client = self._configuration.environment_handler.http_client()
        return await self._client.send(request)

    async def _headers(self) -> dict[str, str]:
        headers = await resolved(self._settings.headers)
        if not isinstance(headers, Mapping):
            raise ConfigurationError(
                f"headers of the backend {self._settings.identifier!r} returned "
                f"{type(headers).__name__!r}. Return a mapping of names and texts."
            )
        return {str(name): str(one) for name, one in cast("Mapping[Any, Any]", headers).items()}

    def _read(self, answer: HttpAnswer) -> Any:
        shown, status = self._settings.shown, answer.status
        if status in _AWAY:
            raise BackendUnreachableError(shown, f"it says {status}", sent=status == 504)
        kind = answer.headers.get("content-type", "")
        if "json" not in kind:
            said = kind or "nothing"
            raise BackendAnswerError(shown, f"it says {status} and sends {said}", status)
        try:
            said = decode(answer.body.decode(), RECORDS)
        except (WireError, UnicodeDecodeError) as error:
            raise BackendAnswerError(shown, f"its JSON cannot be read ({error})", status) from error
        return refusal_in(said, status) or said


def refusal_in(said: Any, status: int) -> dict[str, Any] | None:
    """The refusal of a whole request, as the framework writes its errors, if it is one."""
    if status < 400 or not isinstance(said, dict):
        return None
    body = cast("dict[str, Any]", said)
    if "responses" in body or body.get("status") == "error":
        return None
    inner = body.get("error")
    facts = cast("dict[str, Any]", inner) if isinstance(inner, dict) else body
    message = facts.get("message") or facts.get("error") or f"It says {status}."
    return {**facts, "status": "error", "errorMessage": message, "code": facts.get("code", "error")}


async def resolved(given: Any) -> Any:
    """*given*, or what it returns where it is a function; may be ``async``."""
    value = given() if callable(given) else given
    return await cast("Awaitable[Any]", value) if isinstance(value, Awaitable) else value
