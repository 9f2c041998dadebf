"""Frames that only the two ends of a connection can read.

Law: pure Python without input or output. Keys and AES come from the port :class:`Crypto`; sockets
belong to the engine, whose ``handshake`` is a :class:`NativeHandshake` or :class:`IgnisHandshake`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.realtime.encryption.crypto import Crypto as Crypto
    from velocious.realtime.encryption.crypto import Curve as Curve
    from velocious.realtime.encryption.handshakes import IgnisHandshake as IgnisHandshake
    from velocious.realtime.encryption.handshakes import NativeHandshake as NativeHandshake
    from velocious.realtime.encryption.ignis import IgnisOffer as IgnisOffer
    from velocious.realtime.encryption.native import NativeOffer as NativeOffer
    from velocious.realtime.encryption.native import NativeSession as NativeSession

__getattr__ = late_names(
    __name__,
    {
        "Crypto": "velocious.realtime.encryption.crypto",
        "Curve": "velocious.realtime.encryption.crypto",
        "IgnisHandshake": "velocious.realtime.encryption.handshakes",
        "IgnisOffer": "velocious.realtime.encryption.ignis",
        "NativeHandshake": "velocious.realtime.encryption.handshakes",
        "NativeOffer": "velocious.realtime.encryption.native",
        "NativeSession": "velocious.realtime.encryption.native",
    },
)
