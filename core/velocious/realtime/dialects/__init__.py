"""The languages that clients may speak, one file each.

Law: see ``base.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.realtime.dialects.action_cable import ActionCableDialect as ActionCableDialect
    from velocious.realtime.dialects.base import Dialect as Dialect
    from velocious.realtime.dialects.ignis import IgnisDialect as IgnisDialect
    from velocious.realtime.dialects.native import NativeDialect as NativeDialect
    from velocious.realtime.dialects.ori import OriDialect as OriDialect
    from velocious.realtime.dialects.pusher import PusherDialect as PusherDialect
    from velocious.realtime.dialects.velocious import VelociousDialect as VelociousDialect
    from velocious.realtime.dialects.velox import VeloxDialect as VeloxDialect

__getattr__ = late_names(
    __name__,
    {
        "ActionCableDialect": "velocious.realtime.dialects.action_cable",
        "Dialect": "velocious.realtime.dialects.base",
        "IgnisDialect": "velocious.realtime.dialects.ignis",
        "NativeDialect": "velocious.realtime.dialects.native",
        "OriDialect": "velocious.realtime.dialects.ori",
        "PusherDialect": "velocious.realtime.dialects.pusher",
        "VelociousDialect": "velocious.realtime.dialects.velocious",
        "VeloxDialect": "velocious.realtime.dialects.velox",
    },
)
