"""``RealtimeSettings``: what ``Configuration(realtime={…})`` says about connections.

Law: an unknown key raises, and every default is the safe one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal

from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from velocious.realtime.providers.base import Provider

type AuthMode = Literal["none", "upgrade", "message", "either"]

KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RealtimeSettings:
    """Limits and deadlines of connections; seconds, bytes and counts.

    Attributes:
        auth: when a connection says who it is: ``"none"``, in the ``"upgrade"`` (cookies and
            headers), in its first ``"message"``, or ``"either"``.
        upgrade_timeout: seconds that the decision about an upgrade may take.
        guard_timeout: seconds that the guards may take, together.
        auth_timeout: seconds until the first message must have come.
        auth_total: seconds until authentication is over, an encryption handshake included.
        heartbeat_interval: seconds of silence after which a client is asked.
        heartbeat_timeout: seconds of silence after which it is gone.
        recheck_interval: seconds between two looks whether a user is still welcome.
        expiry_warning: seconds before the end of a token at which its client is told.
        message_limit: bytes of a message that comes in.
        early_message_limit: bytes of one before authentication.
        publish_limit: bytes of a publication's data.
        queue_messages: messages that wait for a slow reader.
        queue_bytes: bytes that wait for a slow reader.
        inbound_queue: messages that wait while one is handled.
        channels: channels that one connection may be in.
        connections_per_user: connections of one user in this process.
        connections_per_ip: connections of one address in this process.
        connections: connections of this process.
        messages_per_second: messages of a connection in the long run; *message_burst* at once.
        client_events_per_second: events that clients publish.
        subscribes_per_second: subscriptions; as many as *channels* at once.
        bad_frames_per_minute: unreadable frames before a connection is closed.
        concurrent_calls: calls of one connection that run side by side, where they may.
        call_timeout: seconds a handler may take.
        public_channels: whether channels that nobody declared are open to all, by plain names.
        default_rooms: channels that everybody is in.
        drain_seconds: over which connections are sent away at a shutdown.
        secret: what signs for private channels, 16 characters at least, or a list whose first one
            signs; by default a key of the application's own secret.
        metrics_token: what opens the page of metrics; by default one that belongs to the
            application's own secret (`velocious channels:stats --token` shows it).
        redis: what connects the processes of the application: the URL of a Redis, or a mapping
            with ``url`` and more; see "Several processes" in the guide.
        provider: something else that connects the processes of the application; none by default.
    """

    auth: AuthMode = "either"
    upgrade_timeout: float = 5.0
    guard_timeout: float = 5.0
    auth_timeout: float = 5.0
    auth_total: float = 15.0
    heartbeat_interval: float = 25.0
    heartbeat_timeout: float = 60.0
    recheck_interval: float = 60.0
    expiry_warning: float = 30.0
    message_limit: int = 64 * KIB
    early_message_limit: int = 8 * KIB
    publish_limit: int = 64 * KIB
    queue_messages: int = 256
    queue_bytes: int = 1024 * KIB
    inbound_queue: int = 32
    channels: int = 128
    connections_per_user: int = 20
    connections_per_ip: int = 100
    connections: int = 10_000
    messages_per_second: float = 50.0
    message_burst: int = 100
    client_events_per_second: float = 10.0
    subscribes_per_second: float = 20.0
    bad_frames_per_minute: int = 10
    concurrent_calls: int = 8
    call_timeout: float | None = 30.0
    public_channels: bool = True
    default_rooms: Sequence[str] = ()
    drain_seconds: float = 30.0
    secret: str | Sequence[str] | None = field(default=None, repr=False)
    metrics_token: str | None = field(default=None, repr=False)
    redis: str | Mapping[str, Any] | None = field(default=None, repr=False)
    provider: Provider | None = None

    def __post_init__(self) -> None:
        if self.auth not in ("none", "upgrade", "message", "either"):
            raise ConfigurationError(
                f"realtime={{'auth': {self.auth!r}}} is no way to authenticate: it is "
                '"none", "upgrade", "message" or "either".'
            )
        if isinstance(self.default_rooms, str):
            raise ConfigurationError(
                f"realtime={{'default_rooms': {self.default_rooms!r}}}: give a list of names."
            )
        if self.metrics_token is not None and len(self.metrics_token) < 16:
            raise ConfigurationError(
                "realtime={'metrics_token': …} is too short: give 16 characters at least."
            )
        if self.redis is not None and self.provider is not None:
            raise ConfigurationError(
                "realtime={'redis': …, 'provider': …}: only one of them can connect the processes."
            )
        for one in fields(self):
            if one.name not in ("secret", "metrics_token", "redis", "provider"):
                self._check_number(one.name, getattr(self, one.name))

    @staticmethod
    def _check_number(name: str, value: Any) -> None:
        if isinstance(value, bool | str | tuple | list) or value is None:
            return
        if not isinstance(value, int | float) or not value > 0:
            raise ConfigurationError(f"realtime={{{name!r}: {value!r}}}: give a number above 0.")


OPTIONS = tuple(one.name for one in fields(RealtimeSettings))


def parse_realtime_settings(given: Mapping[str, Any] | RealtimeSettings | None) -> RealtimeSettings:
    """Settings from ``Configuration(realtime=…)``.

    Raises:
        UnknownOptionError: for a key that nobody reads.
        ConfigurationError: for a value that makes no sense.
    """
    if isinstance(given, RealtimeSettings):
        return given
    for name in given or {}:
        if name not in OPTIONS:
            raise UnknownOptionError("Configuration(realtime={…})", name, OPTIONS)
    return RealtimeSettings(**(given or {}))
