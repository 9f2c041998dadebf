"""A drill with processes of the system: servers and a Redis that are killed, and clients on sockets
that come and go.

What must hold: no gap without an announcement, nothing delivered twice, the order of each publisher
kept; and whenever the troubles rest, every process says who is there as a model says it.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.node.realtime.drill import BOARDS, LOUNGE, Ledger

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from websockets.asyncio.client import ClientConnection

    from tests.node.redis import OwnRedis

PLACES = 3
#: Seconds in which a process starts, an answer comes, and members are those of the model: a lease
#: ends after one, and the machine may be busy.
STARTING, ANSWERING, AGREEING = 60.0, 20.0, 30.0
#: What a connection that is over, or never began, raises.
BROKEN = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError)


class ServerProcess:
    """A server that listens on a port of this machine."""

    def __init__(self, process: Process, port: int) -> None:
        self.url = f"ws://127.0.0.1:{port}/"
        self._process = process

    @classmethod
    async def started(cls, redis_url: str, log: Path) -> ServerProcess:
        """A new one, whose errors are written to the end of *log*."""
        with log.open("ab") as errors:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.node.realtime.drill_server", redis_url),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout is not None
        try:
            port = int(await asyncio.wait_for(process.stdout.readline(), STARTING))
        except BaseException:
            process.kill()
            await process.wait()
            raise
        return cls(process, port)

    async def kill(self) -> None:
        """As a power failure would."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()

    @asynccontextmanager
    async def frozen(self) -> AsyncGenerator[None]:
        """It does nothing meanwhile, as a machine that is moved elsewhere."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)


class Visit:
    """One connection of one user."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    @classmethod
    @asynccontextmanager
    async def to(cls, server: ServerProcess, user: str) -> AsyncGenerator[Visit]:
        async with connect(
            server.url,
            subprotocols=[cast("Any", "velocious.v1")],
            compression=None,
            ping_interval=None,
            close_timeout=1,
            open_timeout=ANSWERING,
        ) as socket:
            visit = cls(socket)
            await visit.says(type="auth", token=user)
            yield visit

    async def says(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def hears(self) -> dict[str, Any]:
        return json.loads(await self.socket.recv())

    async def asks(self, name: str, data: Any) -> Any:
        """The answer to a call. Raises one of BROKEN."""
        await self.says(type="call", name=name, id=name, data=data)
        async with asyncio.timeout(ANSWERING):
            while True:
                frame = await self.hears()
                if frame["type"] in ("reply", "error") and frame.get("name") == name:
                    break
        assert frame["type"] == "reply", frame
        return frame["data"]


class ProcessDrill:
    """Servers, clients, publishers and trouble.

    Arguments:
        log: the file for what servers have to say of errors.

    Attributes:
        disconnects: how often a client went away, or was left by its server.
    """

    def __init__(self, redis: OwnRedis, log: Path, *, clients: int, seed: int) -> None:
        self.redis = redis
        self.log = log
        self.random = random.Random(seed)
        self.servers: list[ServerProcess] = []
        self.ledgers = [[Ledger(f"client {n} in {ch}") for ch in BOARDS] for n in range(clients)]
        self.disconnects = self.crashes = self.outages = self.cuts = self.freezes = 0
        self.published = self.agreements = 0
        #: Users who are confirmed in the lounge right now: the model.
        self._there: set[str] = set()
        #: Set while clients come and go.
        self._moving = asyncio.Event()
        self._over = False
        self._troubles: list[Callable[[], Awaitable[None]]] = []

    async def run(self, disconnects: int, rests: int) -> None:
        """Until clients went so often; *rests* times all comes to rest and must agree.

        Raises:
            AssertionError: the processes do not agree with the model.
        """
        self.servers = list(await asyncio.gather(*(self._server() for _ in range(PLACES))))
        try:
            async with asyncio.TaskGroup() as group:
                for number in range(len(self.ledgers)):
                    group.create_task(self._client(number))
                for place in range(PLACES):
                    group.create_task(self._publisher(place))
                for rest in range(1, rests + 1):
                    await self._storm(disconnects * rest // rests)
                    await self._rest()
                self._over = True
                self._moving.set()
        finally:
            for one in self.servers:
                await one.kill()

    async def _server(self) -> ServerProcess:
        return await ServerProcess.started(self.redis.url, self.log)

    @property
    def problems(self) -> list[str]:
        """What must not have happened, to clients and in servers."""
        heard = [problem for mine in self.ledgers for one in mine for problem in one.problems]
        logged = self.log.read_text()
        return [*heard, logged] if logged else heard

    def total(self, what: str) -> int:
        return sum(getattr(one, what) for mine in self.ledgers for one in mine)

    # Storm and rest

    async def _storm(self, disconnects: int) -> None:
        self._moving.set()
        while self.disconnects < disconnects or not self._had_every_trouble:
            await asyncio.sleep(self.random.uniform(0.3, 1.2))
            await self._next_trouble()

    async def _rest(self) -> None:
        """Everybody stays where they are, and every process must come to say so."""
        self._moving.clear()
        everybody = {f"u{number}" for number in range(len(self.ledgers))}
        seen: list[Any] = []
        try:
            async with asyncio.timeout(AGREEING):
                while self._there != everybody or seen != [sorted(everybody)] * PLACES:
                    await asyncio.sleep(0.1)
                    seen = [await self._members(one) for one in self.servers]
        except TimeoutError:
            raise AssertionError(
                f"The model has {sorted(self._there)} of {len(everybody)}, processes say {seen}"
            ) from None
        self.agreements += 1

    async def _members(self, server: ServerProcess) -> Any:
        try:
            async with Visit.to(server, "judge") as visit:
                return await visit.asks("members", LOUNGE)
        except BROKEN as error:
            return repr(error)

    # Clients

    async def _client(self, number: int) -> None:
        user = f"u{number}"
        ledgers = dict(zip(BOARDS, self.ledgers[number], strict=True))
        while not self._over:
            try:
                async with Visit.to(self.random.choice(self.servers), user) as visit:
                    await self._stay(visit, user, ledgers)
                    self._there.discard(user)
                    if self.random.random() < 0.5:
                        # No good-bye, and what has not been read is never read.
                        visit.socket.transport.abort()
            except BROKEN:
                pass
            self._there.discard(user)
            self.disconnects += 1
            await asyncio.sleep(self.random.uniform(0, 0.02))

    async def _stay(self, visit: Visit, user: str, ledgers: dict[str, Ledger]) -> None:
        for name, ledger in ledgers.items():
            await visit.says(type="sub", ch=name, since=ledger.position or "none-0")
        await visit.says(type="sub", ch=LOUNGE)
        leaving = asyncio.get_running_loop().time() + self.random.uniform(0.02, 0.4)
        while True:
            left = leaving - asyncio.get_running_loop().time()
            if left <= 0:
                if self._moving.is_set():
                    return
                left = 0.1
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    frame = await visit.hears()
                    if frame.get("ch") in ledgers:
                        ledgers[frame["ch"]].take(frame)
                    elif frame["type"] == "sub.ok":
                        self._there.add(user)

    # Publishers

    async def _publisher(self, place: int) -> None:
        incarnation = 0
        while not self._over:
            incarnation += 1
            server = self.servers[place]
            with suppress(*BROKEN):
                async with Visit.to(server, f"publisher-{place}") as visit:
                    await self._publish(visit, f"p{place}.{incarnation}", server)
            await asyncio.sleep(0.02)

    async def _publish(self, visit: Visit, name: str, server: ServerProcess) -> None:
        numbers: dict[str, int] = {}
        while not self._over and server in self.servers:
            channel = self.random.choice(BOARDS)
            number = numbers[channel] = numbers.get(channel, -1) + 1
            await visit.asks("tell", {"channel": channel, "words": [name, number]})
            self.published += 1
            await asyncio.sleep(self.random.uniform(0, 0.02))

    # Trouble

    @property
    def _had_every_trouble(self) -> bool:
        return all((self.crashes, self.outages, self.cuts, self.freezes))

    async def _next_trouble(self) -> None:
        if not self._troubles:
            self._troubles = [self._crash, self._outage, self._cut, self._freeze]
            self.random.shuffle(self._troubles)
        await self._troubles.pop()()

    async def _crash(self) -> None:
        place = self.random.randrange(PLACES)
        dead = self.servers[place]
        # First the new one: clients choose among those that are there.
        self.servers[place] = await self._server()
        await dead.kill()
        self.crashes += 1

    async def _outage(self) -> None:
        await self.redis.kill()
        await asyncio.sleep(self.random.uniform(0, 0.4))
        await self.redis.start()
        self.outages += 1

    async def _cut(self) -> None:
        """Connections between processes and Redis break, of the one kind or of the other."""
        client = cast("Any", Redis).from_url(self.redis.url)
        kind = self.random.choice(["pubsub", "normal"])
        with suppress(RedisError):
            await client.execute_command("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")
        await client.aclose()
        self.cuts += 1

    async def _freeze(self) -> None:
        # Sometimes longer than a lease.
        async with self.random.choice(self.servers).frozen():
            await asyncio.sleep(self.random.choice([0.05, 0.3, 1.6]))
        self.freezes += 1
