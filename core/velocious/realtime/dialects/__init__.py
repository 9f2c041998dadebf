"""The languages that clients may speak, one file each.

Law: see ``base.py``.
"""

from __future__ import annotations

from velocious.realtime.dialects.base import Dialect as Dialect
from velocious.realtime.dialects.native import NativeDialect as NativeDialect
from velocious.realtime.dialects.pusher import PusherDialect as PusherDialect
