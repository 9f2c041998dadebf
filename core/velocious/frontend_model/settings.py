"""How a backend is reached: the settings of ``databases={"shop": {"backend": "https://…"}}``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.http_client import HttpAnswer, HttpRequest
    from velocious.realtime.client.client import RealtimeClient

    #: Says it when it is needed; may be ``async``.
    type Resolver = Callable[[], Any]
    type Sender = Callable[[HttpRequest], Awaitable[HttpAnswer]]

CREDENTIALS = ("include", "same-origin", "omit")


@dataclass(frozen=True, slots=True)
class BackendSettings:
    """One backend.

    Attributes:
        identifier: the name it is known by.
        backend: its address (``"https://example.com"``, in a page also ``"/"`` for where the page
            is from), or a function that returns it.
        prefix: what comes before the paths of its resources, or a function that returns it.
        path: of the endpoint.
        headers: sent with each request, or a function that returns them (tokens end); it may be
            ``async``.
        credentials: whether a browser sends cookies along: ``"include"``, ``"same-origin"`` or
            ``"omit"``.
        timeout: seconds that an answer may take.
        retries: how often a command that changes nothing is asked again where no answer came.
        batch: most commands in one request.
        request: sends a request in place of the environment's HTTP client.
        websocket: a client of the backend's realtime, or a function that returns one: while it is
            connected, commands go through it, and live results and events come by it.
    """

    identifier: str
    backend: str | Resolver
    prefix: str | Resolver = ""
    path: str = "/frontend-models"
    headers: Mapping[str, str] | Resolver = field(default_factory=dict[str, str])
    credentials: str = "include"
    timeout: float = 30.0
    retries: int = 2
    batch: int = 50
    request: Sender | None = None
    websocket: RealtimeClient | Resolver | None = None

    @property
    def shown(self) -> str:
        """What errors call it: the address without user name, password and query."""
        if not isinstance(self.backend, str):
            return repr(self.identifier)
        start, slashes, rest = self.backend.partition("?")[0].rpartition("://")
        return f"{start}{slashes}{rest.rpartition('@')[2]}"


OPTIONS = tuple(one.name for one in fields(BackendSettings) if one.name != "identifier")


def is_backend(given: object) -> bool:
    """Whether settings of a database say that it is behind a backend."""
    return isinstance(given, Mapping) and "backend" in given


def parse_backend(identifier: str, given: Mapping[str, Any] | str) -> BackendSettings:
    """Settings from a mapping, or from an address alone.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    options: dict[str, Any] = {"backend": given} if isinstance(given, str) else dict(given)
    for name in options:
        if name not in OPTIONS:
            raise UnknownOptionError(f"The backend {identifier!r}", name, OPTIONS)
    settings = BackendSettings(identifier=identifier, **options)
    problem = next((text for fits, text in _checks(settings) if not fits), None)
    if problem is not None:
        raise ConfigurationError(f"The backend {identifier!r}: {problem}")
    return settings


def _checks(one: BackendSettings) -> list[tuple[bool, str]]:
    given: Any = one.backend
    address = isinstance(given, str) and given.startswith(("http://", "https://", "/"))
    return [
        (
            address or callable(given),
            f"its address is {given!r}. Give it a URL (https://…), in a page also a path ('/'), or "
            "a function that returns one.",
        ),
        (one.path.startswith("/"), f"path={one.path!r} does not begin with '/'."),
        (
            one.credentials in CREDENTIALS,
            f"credentials={one.credentials!r} is none of {', '.join(CREDENTIALS)}.",
        ),
        (one.timeout > 0, f"timeout={one.timeout!r} is no number of seconds above 0."),
        (one.retries >= 0, f"retries={one.retries!r} is no number from 0 on."),
        (one.batch >= 1, f"batch={one.batch!r} is no number of commands from 1 on."),
        (one.request is None or callable(one.request), f"request={one.request!r} is no function."),
    ]
