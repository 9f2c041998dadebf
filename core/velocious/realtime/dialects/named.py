"""Dialects by the names that settings know them by; imported when somebody speaks them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from velocious.realtime.dialects.base import Dialect

#: name → module and class.
HOMES = {
    "native": ("velocious.realtime.dialects.native", "NativeDialect"),
    "sse": ("velocious.realtime.sse.dialect", "SseDialect"),
    "pusher": ("velocious.realtime.dialects.pusher", "PusherDialect"),
}


def dialect_named(name: str) -> Dialect:
    """A dialect. Raises ConfigurationError with close matches."""
    home = HOMES.get(name)
    if home is None:
        raise ConfigurationError(f"There is no dialect {name!r}. {suggestion(name, HOMES)}")
    module, kind = home
    return getattr(import_module(module), kind)()
