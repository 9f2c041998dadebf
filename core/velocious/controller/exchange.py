"""``Exchange``: a request and the way its answer leaves.

Law: everything that is sent goes through here, so that no answer misses a header for safety, has a
body where there may be none, or holds a line break in a header.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from velocious.controller.answer.header_check import check_headers
from velocious.controller.request_id import HEADER, request_id
from velocious.current import CURRENT_ABILITY, Frame

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from starlette.requests import Request
    from starlette.types import Message, Scope, Send

    from velocious.authorization.ability import Ability
    from velocious.configuration import Configuration
    from velocious.controller.controller import Controller
    from velocious.http_settings import HttpSettings

    type Header = tuple[bytes, bytes]


class AddedHeaders(Protocol):
    """What every answer of an application gets."""

    def for_json(self, scope: Scope) -> Sequence[Header]:
        """What is added to JSON that has been given nothing but its type and length."""
        ...

    def missing(self, scope: Scope, given: list[Header]) -> list[Header]:
        """What is to be added to an answer that has the headers *given*."""
        ...


class Exchange(Frame):
    """One request's frame; no reference in it leads in a circle, so that its memory is free at
    once.

    Attributes:
        scope: the request as ASGI tells it.
        status: that of the answer, once its head is out; 0 before.
    """

    __slots__ = ("_added", "_send", "scope", "status")

    def __init__(
        self, configuration: Configuration, scope: Scope, send: Send, added: AddedHeaders
    ) -> None:
        self.configuration = configuration
        self.controller: Controller | None = None
        self.values = None
        self.scope = scope
        self.status = 0
        self._send = send
        self._added = added

    @property
    def http(self) -> HttpSettings:
        """How the application answers requests."""
        assert self.configuration is not None
        return self.configuration.http

    @property
    def context(self) -> dict[str, Any]:
        """Where an error came from."""
        context = {
            "method": self.scope["method"],
            "path": self.scope["path"],
            "request_id": self.request_id,
        }
        if self.controller is not None:
            context["controller"] = type(self.controller).__name__
            context["action"] = self.controller.action
        return context

    def ability(self) -> Ability | None:
        if self.values is not None and CURRENT_ABILITY in self.values:
            return self.values[CURRENT_ABILITY]
        return None if self.controller is None else self.controller._find_ability()

    @property
    def request(self) -> Request:
        if self.controller is not None:
            return self.controller.request
        from starlette.requests import Request

        return Request(self.scope)

    @property
    def request_id(self) -> str:
        return request_id(self.scope)

    def send(self, message: Message) -> Awaitable[None]:
        """Send on a message of the application."""
        if message["type"] == "http.response.start":
            headers: list[Header] = list(message.get("headers", ()))
            check_headers(headers)
            added = self._added.missing(self.scope, headers)
            message["headers"] = [*headers, *added, (HEADER, self.request_id.encode())]
            self.status = message["status"]
        elif message.get("body") and self._may_have_no_body():
            message["body"] = b""
        return self._send(message)

    async def send_json(self, status: int, body: bytes) -> None:
        """Answer with *body* and nothing else to say: the shortest way out."""
        length = (b"content-length", b"%d" % len(body))
        called = (HEADER, self.request_id.encode())
        start: Any = {
            "type": "http.response.start",
            "status": status,
            "headers": [length, _JSON, called, *self._added.for_json(self.scope)],
        }
        self.status = status
        await self._send(start)
        if self.scope["method"] == "HEAD":
            body = b""
        await self._send({"type": "http.response.body", "body": body})

    def _may_have_no_body(self) -> bool:
        return self.scope["method"] == "HEAD" or self.status in (204, 304)


_JSON = (b"content-type", b"application/json")
