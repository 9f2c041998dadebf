"""The line in the log that each request leaves.

Law: one line, no secret and no line break in it, and no work where nobody reads it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from velocious.routing.parameter_filter import FILTERED, is_secret, logged_address

if TYPE_CHECKING:
    from velocious.controller.exchange import Exchange

logger = logging.getLogger("velocious.http")

#: Where the files of the browser runtime are served.
RUNTIME = "/velocious/"
#: Characters of a parameter, entries of a list and levels that are shown.
LONGEST, MOST, DEEPEST = 100, 20, 4


def log_request(exchange: Exchange, seconds: float) -> None:
    """Write the line of a request that is over."""
    scope, settings = exchange.scope, exchange.http
    path: str = scope["path"]
    # A page fetches some thirty files of the runtime, and probes ask all day: they would drown the
    # requests of interest.
    quiet = exchange.status < 400 and (
        path.startswith(RUNTIME) or path in (settings.health, settings.readiness)
    )
    level = logging.DEBUG if quiet and exchange.status else logging.INFO
    if not logger.isEnabledFor(level):
        return
    logger.log(
        level,
        "%s %s %s %.1f ms%s %s%s",
        scope["method"],
        logged_address(path, scope["query_string"], settings.log_parameters),
        exchange.status or "no answer",
        seconds * 1000,
        _action(exchange),
        exchange.request_id,
        _parameters(exchange) if logger.isEnabledFor(logging.DEBUG) else "",
    )


def _action(exchange: Exchange) -> str:
    controller = exchange.controller
    return "" if controller is None else f" {type(controller).__name__}#{controller.action}"


def _parameters(exchange: Exchange) -> str:
    controller = exchange.controller
    if controller is None or not controller.params:
        return ""
    return f" {shown(dict(controller.params.items()), exchange.http.log_parameters)!r}"


def shown(value: Any, secret: tuple[str, ...] | list[str] | Any, depth: int = 0) -> Any:
    """*value* as it may be logged: shortened, and without what is *secret* or sounds so."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        items = list(cast("Mapping[str, Any]", value).items())
        return {
            name[:LONGEST]: FILTERED if is_secret(name, secret) else shown(inner, secret, depth + 1)
            for name, inner in items[:MOST]
        }
    if isinstance(value, list):
        return [shown(one, secret, depth + 1) for one in cast("list[Any]", value)[:MOST]]
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[:LONGEST] + "…"
    return value if isinstance(value, int | float | None) else f"<{type(value).__name__}>"
