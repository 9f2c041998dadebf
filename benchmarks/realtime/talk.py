"""What every server is asked to do, and how its clients say so.

A server takes websockets at three paths. Whoever is at ``/listen`` gets every text that somebody
at ``/speak`` sends, and a text sent to ``/ask`` comes back as JSON with its length. Servers with a
dialect of their own get the same work in their own words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

#: Seconds between two pings of a server: none comes while something is measured, for the clients
#: of the benchmark do not answer.
PINGS = 3600
#: What is told to everybody: 200 bytes.
PAYLOAD = "x" * 200
#: What is asked.
QUESTION = {"id": 7, "text": "how long is this?"}


@dataclass(frozen=True, slots=True)
class Talk:
    """How clients of one server talk.

    Attributes:
        listen, speak, ask: paths.
        hello: what a client says first, one after the other.
        join: what a listener says after that.
        tell: the text that tells everybody.
        question: the text that is answered.
    """

    listen: str = "/listen"
    speak: str = "/speak"
    ask: str = "/ask"
    hello: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    tell: str = PAYLOAD
    question: str = field(default_factory=lambda: json.dumps(QUESTION))


def _socketio() -> Talk:
    path = "/socket.io/?EIO=4&transport=websocket"
    return Talk(
        *(path, path, path),
        hello=("40",),
        join=('42["listen"]',),
        tell=f"42{json.dumps(['tell', PAYLOAD])}",
        question=f"420{json.dumps(['ask', QUESTION])}",
    )


def _velocious(channel: str) -> Talk:
    def call(name: str, data: object) -> str:
        return json.dumps({"type": "call", "name": name, "id": 1, "data": data})

    tell = {"type": "call", "name": "tell", "data": {"channel": channel, "text": PAYLOAD}}
    join = json.dumps({"type": "sub", "ch": channel, "id": 1})
    return Talk(*("/",) * 3, join=(join,), tell=json.dumps(tell), question=call("ask", QUESTION))


TALKS: dict[str, Talk] = {
    "starlette": Talk(),
    "floor": Talk(),
    "velocious": _velocious("news"),
    "velocious_full": _velocious("presence-news"),
    "starlette_redis": Talk(),
    "velocious_redis": _velocious("news"),
    "velocious_full_redis": _velocious("presence-news"),
    "websockets": Talk(),
    "aiohttp": Talk(),
    "socketio": _socketio(),
    "node_ws": Talk(),
}
