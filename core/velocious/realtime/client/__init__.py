"""The other end of a connection: what an application connects with, on a server and in a browser.

Law: sockets, time, randomness and the network's state are passed in. Nothing that a server sends
raises in the reader; nothing that was handed to a handler comes a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.late import late_names
from velocious.realtime.client.answers import Response as Response
from velocious.realtime.client.channel import ClientChannel as ClientChannel
from velocious.realtime.client.client import RealtimeClient as RealtimeClient
from velocious.realtime.client.state import ClientState as ClientState

if TYPE_CHECKING:
    from velocious.realtime.client.events import EventsClient as EventsClient

# Imported when it is asked for: most clients have websockets.
__getattr__ = late_names(__name__, {"EventsClient": "velocious.realtime.client.events"})
