"""The request of a websocket, as the engine sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from velocious.realtime.upgrade import Upgrade

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Scope

    from velocious.controller.session import Session


def upgrade_of(
    scope: Scope, open_session: Callable[[], Awaitable[Session]] | None = None
) -> Upgrade:
    """What *scope* says; *open_session* opens the session of whoever sent it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    client = scope.get("client")
    return Upgrade(
        path=scope["path"],
        query=_query(scope),
        headers=headers,
        cookies=_cookies(headers.get("cookie", "")),
        address=client[0] if client else None,
        subprotocols=tuple(scope.get("subprotocols") or ()),
        scope=scope,
        open_session=open_session,
    )


def _query(scope: Scope) -> dict[str, str]:
    text = scope.get("query_string", b"").decode("latin-1")
    try:
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        # More fields than anybody needs: whoever wants them finds them in the scope.
        return {}


def _cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    # Of two with one name the first counts: a sibling domain cannot put its own before it.
    return {name.strip(): value.strip() for name, _, value in reversed([*pairs]) if name.strip()}
