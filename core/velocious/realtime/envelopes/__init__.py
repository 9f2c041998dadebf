"""How a publication looks on its way between processes, one file for each form. Law: tables only,
no I/O; what comes in is checked before anybody sees it.
"""

from __future__ import annotations

from velocious.realtime.envelopes.base import Codec as Codec
from velocious.realtime.envelopes.base import Wire as Wire
from velocious.realtime.envelopes.native import NativeEnvelope as NativeEnvelope
