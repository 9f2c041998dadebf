"""The port of HTTP requests to other servers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request.

    Attributes:
        url: absolute; in a page also relative to where the page is from.
        credentials: whether a browser sends cookies along: ``"include"``, ``"same-origin"`` or
            ``"omit"``. A server has none.
        timeout: seconds until the whole answer is there.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""
    credentials: str = "same-origin"
    timeout: float = 30.0


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer, whole; names of *headers* are lower-case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient(Protocol):
    """What sends requests."""

    async def send(self, request: HttpRequest) -> HttpAnswer:
        """The answer, whatever its status; redirects are answers too. A task that is cancelled
        takes its request along.

        Raises:
            BackendUnreachableError: none came; it says whether the request may have arrived.
        """
        ...

    async def close(self) -> None:
        """Let go of connections that are kept for later; safe to call twice."""
        ...
