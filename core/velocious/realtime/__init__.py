"""Realtime: channels, presence, messages; one engine for every dialect, server and browser.

Law: sans-I/O. Sockets, clocks, randomness and other processes are passed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names

if TYPE_CHECKING:
    from velocious.realtime.channel import Channel as Channel
    from velocious.realtime.channel import Slow as Slow
    from velocious.realtime.close_codes import Close as Close
    from velocious.realtime.connection import Connection as Connection
    from velocious.realtime.context import Context as Context
    from velocious.realtime.emitter import Emitter as Emitter
    from velocious.realtime.engine import Engine as Engine
    from velocious.realtime.history import Keep as Keep
    from velocious.realtime.identity import Identity as Identity
    from velocious.realtime.message import Message as Message
    from velocious.realtime.presence import Member as Member
    from velocious.realtime.registry import MessageRegistry as MessageRegistry
    from velocious.realtime.router import SocketRouter as SocketRouter
    from velocious.realtime.settings import RealtimeSettings as RealtimeSettings
    from velocious.realtime.signer import ChannelSigner as ChannelSigner
    from velocious.realtime.standalone import close_events as close_events
    from velocious.realtime.standalone import get_events as get_events
    from velocious.realtime.upgrade import Admit as Admit
    from velocious.realtime.upgrade import Reject as Reject
    from velocious.realtime.upgrade import Upgrade as Upgrade

__getattr__ = late_names(
    __name__,
    {
        "Admit": "velocious.realtime.upgrade",
        "Channel": "velocious.realtime.channel",
        "ChannelSigner": "velocious.realtime.signer",
        "Close": "velocious.realtime.close_codes",
        "Connection": "velocious.realtime.connection",
        "Context": "velocious.realtime.context",
        "Emitter": "velocious.realtime.emitter",
        "Engine": "velocious.realtime.engine",
        "Identity": "velocious.realtime.identity",
        "Keep": "velocious.realtime.history",
        "Member": "velocious.realtime.presence",
        "Message": "velocious.realtime.message",
        "MessageRegistry": "velocious.realtime.registry",
        "RealtimeSettings": "velocious.realtime.settings",
        "Reject": "velocious.realtime.upgrade",
        "Slow": "velocious.realtime.channel",
        "SocketRouter": "velocious.realtime.router",
        "Upgrade": "velocious.realtime.upgrade",
        "close_events": "velocious.realtime.standalone",
        "get_events": "velocious.realtime.standalone",
    },
)
