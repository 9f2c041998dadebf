"""The request that an action gets: Starlette's, made at less cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request as StarletteRequest

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.types import Receive, Scope


class Request(StarletteRequest):
    """A request; nothing of it is parsed before somebody asks."""

    # Starlette's constructor sets each of these for every request.
    _stream_consumed = False
    _is_disconnected = False
    _form: FormData | None = None

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self._receive = receive
