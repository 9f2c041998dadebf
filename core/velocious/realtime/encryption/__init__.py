"""Frames that only the two ends of a connection can read.

Law: pure Python without input or output. Keys and AES come from the port :class:`Crypto`; sockets
belong to the engine, which writes through an :class:`Outlet` and reads through an :class:`Inlet`.
"""

from __future__ import annotations

from velocious.realtime.encryption.crypto import Aead as Aead
from velocious.realtime.encryption.crypto import Crypto as Crypto
from velocious.realtime.encryption.crypto import Curve as Curve
from velocious.realtime.encryption.crypto import KeyPair as KeyPair
from velocious.realtime.encryption.ignis import IgnisOffer as IgnisOffer
from velocious.realtime.encryption.native import NativeOffer as NativeOffer
from velocious.realtime.encryption.native import NativeSession as NativeSession
from velocious.realtime.encryption.outlet import Inlet as Inlet
from velocious.realtime.encryption.outlet import Outlet as Outlet
from velocious.realtime.encryption.sealing import Frame as Frame
from velocious.realtime.encryption.sealing import OnWire as OnWire
from velocious.realtime.encryption.sealing import Opener as Opener
from velocious.realtime.encryption.sealing import Sealer as Sealer
