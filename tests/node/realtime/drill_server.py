"""One server process of a drill: ``python -m tests.node.realtime.drill_server REDIS_URL``.

It prints its port, and serves until it is killed.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from typing import TYPE_CHECKING, Any

from tests.contracts.realtime_provider_contract import Lounge
from tests.node.redis import QUICK
from tests.suites.rooms import Board, by_token
from velocious.realtime import Engine, Keep, RealtimeSettings, SocketRouter
from velocious.realtime.asgi.websockets import WebSockets
from velocious.realtime.dialects import NativeDialect
from velocious_node import ServerSettings
from velocious_node.http.config import ServerConfig
from velocious_node.http.process import Server
from velocious_node.http.stopping import Stopping
from velocious_node.realtime.redis import RedisProvider

if TYPE_CHECKING:
    from velocious.realtime import Context

#: Everybody comes from one address, and comes back at once.
GENEROUS = RealtimeSettings(
    connections_per_ip=10_000,
    connections_per_user=10_000,
    messages_per_second=10_000,
    message_burst=10_000,
    subscribes_per_second=10_000,
)


class Remembered(Board):
    history = Keep(count=100, seconds=60)


class Orders(SocketRouter):
    """What a drill asks of a server."""

    def configure(self, routes: Any) -> None:
        routes.on("tell", self.tell)
        routes.on("members", self.members)

    async def tell(self, context: Context) -> bool:
        await context.publish(context.data["channel"], "said", context.data["words"])
        return True

    async def members(self, context: Context) -> list[str]:
        return sorted(one.id for one in await context.channels.members(context.data))


async def main(url: str) -> None:
    # That Redis is away is no error: what is written is a mistake.
    logging.basicConfig(level=logging.ERROR)
    engine = Engine(
        channels=[Remembered, Lounge],
        routers=[Orders()],
        authenticate=by_token,
        provider=RedisProvider(url, **QUICK),
        settings=GENEROUS,
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1024)
    listener.setblocking(False)
    await engine.start()
    config = ServerConfig(WebSockets(engine, [NativeDialect()]), ServerSettings())
    config.lifespan = "off"
    print(listener.getsockname()[1], flush=True)  # noqa: T201
    await Server(config, Stopping(), lambda: None, lambda: None)._serve([listener])
    await engine.stop()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
