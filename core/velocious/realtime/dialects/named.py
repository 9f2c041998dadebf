"""Dialects by the names that settings know them by; imported when somebody speaks them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.realtime.channel import Channel
    from velocious.realtime.dialects.base import Dialect

_HERE = "velocious.realtime.dialects"
#: name → module and class.
HOMES = {
    "actioncable": (f"{_HERE}.action_cable", "ActionCableDialect"),
    "ignis": (f"{_HERE}.ignis", "IgnisDialect"),
    "native": (f"{_HERE}.native", "NativeDialect"),
    "ori": (f"{_HERE}.ori", "OriDialect"),
    "pusher": (f"{_HERE}.pusher", "PusherDialect"),
    "sse": ("velocious.realtime.sse.dialect", "SseDialect"),
    "velocious": (f"{_HERE}.velocious", "VelociousDialect"),
    "velox": (f"{_HERE}.velox", "VeloxDialect"),
}


def dialect_named(name: str, channels: Iterable[type[Channel]] = ()) -> Dialect:
    """A dialect, for an application with *channels*.

    Raises:
        ConfigurationError: there is none of this name; it lists close matches.
    """
    home = HOMES.get(name)
    if home is None:
        raise ConfigurationError(f"There is no dialect {name!r}. {suggestion(name, HOMES)}")
    module, kind = home
    return getattr(import_module(module), kind).for_channels(channels)
