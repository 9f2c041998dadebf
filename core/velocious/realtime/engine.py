"""The engine: connections, their rules and what an application adds to them.

Law: no sockets, no clock of its own, no randomness of its own: all of it is passed in, so that the
same engine runs under any server, in a browser and in a test that never waits.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.realtime.addresses import Addresses
from velocious.realtime.channels import Channels
from velocious.realtime.close_codes import Close
from velocious.realtime.connection import Connection
from velocious.realtime.heartbeat import Heartbeat
from velocious.realtime.hub import Hub
from velocious.realtime.identity import Identity
from velocious.realtime.leaving import Leaving
from velocious.realtime.life_cycle import begin, forget
from velocious.realtime.metronome import Metronome
from velocious.realtime.parking import Parking
from velocious.realtime.providers.memory import MemoryProvider
from velocious.realtime.random_ids import RandomIds
from velocious.realtime.receiving import receive
from velocious.realtime.registry import MessageRegistry
from velocious.realtime.routes import SocketRoutes
from velocious.realtime.schedule import LoopSchedule
from velocious.realtime.settings import RealtimeSettings
from velocious.realtime.throttle import Throttles
from velocious.realtime.upgrade import Admit, Reject, Upgrade

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from velocious.realtime import commands
    from velocious.realtime.channel import Channel
    from velocious.realtime.dialects.base import Dialect
    from velocious.realtime.encryption.sealing import Agreement
    from velocious.realtime.providers.base import Provider
    from velocious.realtime.requesting import Requests
    from velocious.realtime.router import SocketRouter
    from velocious.realtime.schedule import Schedule
    from velocious.realtime.signer import ChannelSigner
    from velocious.realtime.sink import Sink

    #: Gets the connection and what it sent; returns an identity, a user, or None.
    type Authenticate = Callable[[Connection, dict[str, Any]], Awaitable[Any]]
    #: Decides about an upgrade.
    type OnUpgrade = Callable[[Upgrade], Awaitable[Any]]
    #: Gets the connection and its credentials; returns what was agreed on, or None: refused.
    type Handshake = Callable[[Connection, dict[str, Any]], Awaitable[Agreement | None]]
    type OnConnection = Callable[[Connection], Awaitable[None]]
    type OnMessage = Callable[[Connection, str | bytes], Awaitable[None]]

logger = logging.getLogger("velocious.realtime")


def _random(count: int) -> bytes:
    # Imported here: ids come with the first connection.
    from os import urandom

    return urandom(count)


class Engine:
    """Everything realtime of one application in one process.

    Arguments:
        channels: the declared channels.
        routers: routers of messages.
        settings: limits and deadlines.
        provider: what connects it to other processes; none by default.
        hub: what publishes, where it is shared with other engines of the process: whoever made it
            starts and stops its provider, and *provider* and *channels* are its own.
        signer: what checks signatures of the authorization endpoint, or a function that makes it;
            without one they are refused.
        upgrade: decides about connections by their request: returns an
            :class:`~velocious.realtime.upgrade.Admit`; anything else keeps the client out.
        authenticate: decides by the first message.
        handshake: exchanges keys once it is known who it is; see
            :class:`~velocious.realtime.encryption.NativeHandshake`.
        requests: answers HTTP requests that come through websockets, in dialects that have such.
        recheck: whether a user is still welcome; asked from time to time.

    Raises:
        DuplicateMessageError: two routers handle the same type of message.
        ConfigurationError: two channels have the same pattern.
    """

    def __init__(
        self,
        *,
        channels: Iterable[type[Channel]] = (),
        routers: Iterable[SocketRouter] = (),
        settings: RealtimeSettings | None = None,
        provider: Provider | None = None,
        hub: Hub | None = None,
        schedule: Schedule | None = None,
        random: Callable[[int], bytes] = _random,
        signer: ChannelSigner | Callable[[], ChannelSigner] | None = None,
        upgrade: OnUpgrade | None = None,
        authenticate: Authenticate | None = None,
        handshake: Handshake | None = None,
        requests: Requests | None = None,
        recheck: Callable[[Connection], Awaitable[bool]] | None = None,
        messages: MessageRegistry | None = None,
        on_open: OnConnection | None = None,
        on_message: OnMessage | None = None,
        on_close: OnConnection | None = None,
    ) -> None:
        self.settings = settings or RealtimeSettings()
        self.schedule = schedule or LoopSchedule()
        self.ids = RandomIds(random)
        self._owns_hub = hub is None
        if hub is None:
            provider = provider or MemoryProvider(random(8).hex(), self.schedule)
            hub = Hub(Channels(channels), provider, self.schedule, self.ids)
            hub.publish_limit = self.settings.publish_limit
        self.hub = hub
        self.provider = hub.provider
        self.channels = hub.channels
        self.hub.kicked = _kicked
        self.hub.abandoned = _abandoned
        self._signer = signer
        self.handshake = handshake
        self.requests = requests
        self.recheck = recheck
        self.messages = messages or MessageRegistry()
        self.routes = SocketRoutes(routers)
        self.connection_guards = self.routes.connection_guards
        self.on_open = on_open
        self.on_message = on_message
        self.on_close = on_close
        self.connections: dict[str, Connection] = {}
        #: Characters that every client may send, known or not: at most four bytes each.
        limits = self.settings.early_message_limit, self.settings.message_limit
        self.small = min(limits) // 4
        self.leaving = Leaving(self.schedule, partial(self._log_error, None))
        self._upgrade = upgrade
        self._authenticate = authenticate
        self._addresses = Addresses()
        self.metronome = Metronome(self.schedule)
        self._heartbeat = Heartbeat(self)
        self.parking = Parking(self)
        self._is_started = False

    # Beginning and ending

    async def start(self) -> None:
        """Begin; safe to call twice."""
        if self._is_started:
            return
        self._is_started = True
        if self._owns_hub:
            await self.provider.start(self.hub.deliver, self.hub.broken)
        self._heartbeat.start()

    async def stop(self) -> None:
        """Send everybody away, and end; safe to call twice."""
        if not self._is_started:
            return
        self._is_started = False
        self._heartbeat.stop()
        for connection in list(self.connections.values()):
            connection.end(Close.SHUTDOWN, "Server shutting down", retry_after=self._spread())
        for connection in list(self.connections.values()):
            await forget(connection)
        await self.leaving.finish()
        if self._owns_hub:
            await self.provider.stop()

    def _spread(self) -> float:
        """Seconds after which a client comes back, another one for each, so that they do not come
        all at once.
        """
        return round(self.settings.drain_seconds * self.ids.random(1)[0] / 255, 1)

    # Connections

    async def admit(self, upgrade: Upgrade) -> Admit | Reject:
        """Whether a client may connect. Never raises."""
        if len(self.connections) >= self.settings.connections:
            return Reject(503, "Too many connections")
        if self._addresses.count(upgrade.address) >= self.settings.connections_per_ip:
            return Reject(429, "Too many connections from this address")
        return await self.identify(upgrade)

    async def identify(self, upgrade: Upgrade) -> Admit | Reject:
        """Whose request *upgrade* is, whatever room there is for a connection. Never raises."""
        if self._upgrade is None:
            return Admit() if self.settings.auth != "upgrade" else Reject()
        # Imported here: applications without the hook need none of it.
        from velocious.realtime.admission import ask

        return await ask(self._upgrade, upgrade, self.settings.upgrade_timeout)

    def connect(
        self,
        dialect: Dialect,
        sink: Sink,
        upgrade: Upgrade | None = None,
        admitted: Admit | None = None,
    ) -> Connection:
        """A client that was admitted; its guards begin to run."""
        request = upgrade or Upgrade()
        id = dialect.connection_id(self.ids.random(16))
        connection = Connection(self, id, dialect, sink, request)
        if admitted is not None:
            connection.admit(admitted)
        self.connections[id] = connection
        self._addresses.add(request.address)
        connection.inbox.put(partial(begin, connection))
        return connection

    def receive(self, connection: Connection, frame: str | bytes) -> None:
        """*connection* has sent *frame*. Never raises."""
        receive(connection.current, frame)

    async def disconnected(self, connection: Connection) -> None:
        """The client of *connection* has gone, whoever closed; safe to call twice."""
        current = connection.current
        if not self.parking.park(current):
            await forget(current)

    def forget(self, connection: Connection) -> None:
        """Drop what is counted of *connection*."""
        if self.connections.pop(connection.id, None) is None:
            return
        self.metronome.remove(connection)
        self._addresses.remove(connection.upgrade.address)

    def throttles(self) -> Throttles:
        return Throttles(self.settings, self.schedule.monotonic())

    # Who it is

    @property
    def signer(self) -> ChannelSigner | None:
        """What signs for the authorization endpoint, and checks what it signed. Raises what the
        function raises that was to make it.
        """
        if callable(self._signer):
            self._signer = self._signer()
        return self._signer

    @property
    def awaits_authentication(self) -> bool:
        """Whether those who are not known by their request must say who they are."""
        mode = self.settings.auth
        return self._authenticate is not None and mode in ("message", "either")

    def may_authenticate_again(self, connection: Connection) -> bool:
        """Whether *connection*, which is open, may say again who it is: its permission ends."""
        identity = connection.identity
        return connection.is_open and identity is not None and identity.expires is not None

    async def authenticate(self, connection: Connection, credentials: dict[str, Any]) -> Any:
        """What the application makes of *credentials*."""
        if self._authenticate is None:
            return None
        found = Identity.of(await self._authenticate(connection, credentials))
        before = connection.identity
        # A connection never becomes somebody else: its channels were opened to the first one.
        if found is not None and before is not None and found.id != before.id:
            return None
        return found

    def has_room_for(self, connection: Connection) -> bool:
        """Whether its user may have one more connection."""
        theirs = self.hub.users.get(connection.user_id or "", {})
        return len(theirs) < self.settings.connections_per_user

    def is_signed(self, connection: Connection, command: commands.Subscribe) -> bool:
        """Whether the authorization endpoint lets *connection* into the channel."""
        signer = self.signer
        if signer is None or command.token is None:
            return False
        if command.token.startswith("v1."):
            now = self.schedule.epoch_ms() / 1000
            return signer.verify_token(
                command.token, connection.id, command.channel, command.member, now
            )
        if ":" in command.channel:
            # It joins its parts with colons: that of a name with one could be read in two ways.
            return False
        # The classic form: `who:digits`, whoever it names. The digits are bound to the connection.
        signature = command.token.rpartition(":")[2]
        return signer.verify(signature, connection.id, command.channel, command.member)

    # What the application hears

    async def notify_open(self, connection: Connection) -> None:
        await self._notify(self.on_open, connection, "The handler of opened connections")

    async def notify_close(self, connection: Connection) -> None:
        await self._notify(self.on_close, connection, "The handler of closed connections")

    async def _notify(
        self, handler: OnConnection | None, connection: Connection, what: str
    ) -> None:
        if handler is None:
            return
        try:
            await handler(connection)
        except Exception:
            self.log_failure(connection, what)

    # Logging: ids, never tokens or bodies

    def log_failure(self, connection: Connection, what: str) -> str:
        """Log the error that is handled right now; returns what it is called in the log."""
        return self._log_error(connection, what)

    def _log_error(self, connection: Connection | None, what: str) -> str:
        reference = self.ids.publication()
        logger.exception("%s failed (%s, reference %s)", what, connection, reference)
        return reference

    def log_end(self, connection: Connection, close: Close, reason: str) -> None:
        logger.info("Closing %s: %s (%s)", connection, close.name.lower(), reason)


def _abandoned(connection: Connection) -> None:
    connection.engine.parking.abandon(connection)


def _kicked(connection: Connection, reason: str) -> None:
    connection.end(Close.KICKED, reason)
