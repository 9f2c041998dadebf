"""Dialects by the names that settings know them by; imported when somebody speaks them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.realtime.channel import Channel
    from velocious.realtime.dialects.base import Dialect

#: name → module and class.
HOMES = {
    "native": ("velocious.realtime.dialects.native", "NativeDialect"),
    "actioncable": ("velocious.realtime.dialects.action_cable", "ActionCableDialect"),
    "ignis": ("velocious.realtime.dialects.ignis", "IgnisDialect"),
    "ori": ("velocious.realtime.dialects.ori", "OriDialect"),
    "pusher": ("velocious.realtime.dialects.pusher", "PusherDialect"),
    "velocious": ("velocious.realtime.dialects.velocious", "VelociousDialect"),
    "velox": ("velocious.realtime.dialects.velox", "VeloxDialect"),
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
