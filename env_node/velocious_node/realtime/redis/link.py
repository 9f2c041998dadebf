"""A connection for commands: many at a time, answered in their order.

Law: nothing is sent twice. A connection that failed is given up, and another one is opened by
whoever sees to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from redis.asyncio.cluster import RedisCluster
from redis.exceptions import ResponseError

from velocious.errors import ProviderUnavailableError
from velocious_node.realtime.redis import scripts
from velocious_node.realtime.redis.patience import patience
from velocious_node.realtime.redis.server import hang_up, leave_cluster

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious_node.realtime.redis.server import Server

    type Command = tuple[Any, ...]


class Link(Protocol):
    """Commands to Redis.

    Attributes:
        run: the run of the server that answers, where it is one; empty: scripts find out.
    """

    run: str

    async def open(self) -> None:
        """Connect, and teach the server the scripts. Raises one of FAILURES."""
        ...

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """The answers to *commands*. Raises one of FAILURES."""
        ...

    async def keys(self, pattern: str) -> list[bytes]:
        """All keys that match *pattern*. Raises one of FAILURES."""
        ...

    async def close(self) -> None:
        """Give up; safe to call twice."""
        ...


def link_to(server: Server, timeout: float) -> Link:
    """What is right for *server*: one, or a cluster."""
    return ClusterLink(server, timeout) if server.is_cluster else SingleLink(server, timeout)


class SingleLink:
    """One connection to one server."""

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._connection: Any = None
        self.run = ""

    async def open(self) -> None:
        self._connection = await self._server.connection(self._timeout)
        info: bytes = (await self.ask([("INFO", "server")]))[0]
        self.run = info.partition(b"run_id:")[2].split()[0].decode()
        await self.ask([("SCRIPT", "LOAD", one.text) for one in scripts.ALL])

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        connection = self._connection
        if connection is None:
            raise ProviderUnavailableError("not connected")
        async with patience(self._timeout):
            await connection.send_packed_command(
                connection.pack_commands(commands), check_health=False
            )
            # Nothing may be left behind in the connection: an error is raised when all are read.
            answers = [await _answer(connection) for _ in commands]
        _raise_failed(answers)
        return answers

    async def keys(self, pattern: str) -> list[bytes]:
        cursor, found = b"0", list[bytes]()
        while True:
            # A little at a time: Redis answers others in between.
            scan = ("SCAN", cursor, "MATCH", pattern, "COUNT", 1000)
            cursor, some = (await self.ask([scan]))[0]
            found += some
            if cursor == b"0":
                return found

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await hang_up(connection)


async def _answer(connection: Any) -> Any:
    try:
        return await connection.read_response(disable_decoding=True)
    except ResponseError as error:
        return error


def _raise_failed(answers: Sequence[Any]) -> None:
    for one in answers:
        if isinstance(one, Exception):
            raise one


class ClusterLink:
    """A cluster: each command goes to the server of its key, one after the other, so that their
    order is kept.
    """

    def __init__(self, server: Server, timeout: float) -> None:
        self._server = server
        self._timeout = timeout
        self._client: Any = None
        self.run = ""

    async def open(self) -> None:
        self._client = client = self._server.cluster(self._timeout)
        async with patience(self._timeout):
            await client.initialize()
            for one in scripts.ALL:
                await client.execute_command(
                    "SCRIPT LOAD", one.text, target_nodes=RedisCluster.PRIMARIES
                )

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        if self._client is None:
            raise ProviderUnavailableError("not connected")
        async with patience(self._timeout):
            return [await self._client.execute_command(*one) for one in commands]

    async def keys(self, pattern: str) -> list[bytes]:
        if self._client is None:
            raise ProviderUnavailableError("not connected")
        return [key async for key in self._client.scan_iter(match=pattern, count=1000)]

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await leave_cluster(client)
