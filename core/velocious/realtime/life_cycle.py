"""From the first byte to an open connection, and from its end to nothing left of it.

Law: every step has a deadline, and nothing is half open: a connection is known to the hub once
everything is decided, and forgotten whole.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import Fault
from velocious.realtime import outputs
from velocious.realtime.close_codes import Close
from velocious.realtime.connection import Phase
from velocious.realtime.context import Context
from velocious.realtime.encryption.sealing import NO_ENCRYPTION
from velocious.realtime.encryption.switching import encrypt
from velocious.realtime.identity import Identity
from velocious.realtime.subscribing import subscribe_to, unsubscribe_from

if TYPE_CHECKING:
    from velocious.realtime.commands import Authenticate
    from velocious.realtime.connection import Connection
    from velocious.realtime.encryption.sealing import Agreement


async def begin(connection: Connection) -> None:
    """The first job of a connection: guards, then either authentication or an open door."""
    settings = connection.engine.settings
    connection.set_timer(
        "deadline",
        settings.guard_timeout,
        partial(connection.end, Close.REFUSED, "The guards took too long"),
    )
    if not await _guards_let_in(connection) or connection.is_ending:
        return
    connection.cancel_timer("deadline")
    if connection.identity is None and connection.engine.awaits_authentication:
        connection.phase = Phase.AWAITING_AUTH
        connection.set_timer(
            "deadline",
            settings.auth_timeout,
            partial(connection.end, Close.AUTH_TIMEOUT, "Authentication timeout"),
        )
        _greet(connection, auth_required=True)
        return
    _greet(connection, auth_required=False)
    await _open(connection, None)


async def _guards_let_in(connection: Connection) -> bool:
    context = Context(connection, "__connection__", {}, state=connection.state)
    for guard in connection.engine.connection_guards:
        try:
            allowed = await guard(context)
        except Exception:
            connection.engine.log_failure(connection, "A connection guard")
            allowed = False
        # Nothing but True: a guard that forgets to answer lets nobody in.
        if allowed is not True:
            connection.end(Close.REFUSED, "Connection rejected by guard")
            return False
    return True


def _greet(connection: Connection, *, auth_required: bool) -> None:
    heartbeat = int(connection.engine.settings.heartbeat_interval * 1000)
    connection.say(outputs.Hello(connection.id, heartbeat, auth_required))
    connection.engine.metronome.add(connection)


async def authenticate(connection: Connection, command: Authenticate) -> None:
    """Find out who it is by what it says."""
    engine = connection.engine
    if connection.phase is not Phase.AWAITING_AUTH and not engine.may_authenticate_again(
        connection
    ):
        _fail(connection, command, "already_authenticated", "Already authenticated")
        return
    was_open = connection.is_open
    connection.phase = Phase.AUTHENTICATING
    if not was_open:
        rest = engine.settings.auth_total - engine.settings.auth_timeout
        connection.set_timer(
            "deadline",
            max(rest, engine.settings.auth_timeout),
            partial(connection.end, Close.AUTH_TIMEOUT, "Authentication timeout"),
        )
    try:
        identity = Identity.of(await engine.authenticate(connection, command.credentials))
        problem = reason = "Authentication failed"
    except Fault as fault:
        identity, problem, reason = None, str(fault), str(fault)
    except Exception:
        engine.log_failure(connection, "authenticate")
        identity, problem, reason = None, "Authentication error", "Authentication failed"
    if connection.is_ending:
        return
    if identity is None:
        _fail(connection, command, "authentication_failed", problem, 401)
        connection.end(Close.AUTH_FAILED, reason)
        return
    if was_open:
        connection.hub.remove(connection)
    connection.identify(identity)
    await _open(connection, command)


def _fail(
    connection: Connection, command: Authenticate, code: str, message: str, status: int = 400
) -> None:
    connection.say(outputs.Failure(code, message, status, command.id))


async def _open(connection: Connection, command: Authenticate | None) -> None:
    engine = connection.engine
    settings = engine.settings
    if not engine.has_room_for(connection):
        connection.end(Close.OVER_CAPACITY, "Too many connections", retry_after=5)
        return
    agreement = await _agreed(connection, {} if command is None else command.credentials)
    if agreement is None:
        return
    connection.cancel_timer("deadline")
    connection.phase = Phase.OPEN
    id = None if command is None else command.id
    # The last frame that others can read; before the hub knows the connection and writes to it.
    now = engine.schedule.epoch_ms()
    asked = command is not None
    ready = outputs.Ready(connection.id, connection.user_id, id, agreement.extra, asked, now)
    connection.say(ready)
    encrypt(connection, agreement)
    connection.hub.add(connection)
    connection.hub.statistics.opened += 1
    watch_expiry(connection)
    for name in settings.default_rooms:
        await subscribe_to(connection, name, quiet=True, fixed=True)
    await engine.notify_open(connection)


async def _agreed(connection: Connection, credentials: dict[str, Any]) -> Agreement | None:
    """What the handshake ends with; None: the connection does."""
    engine = connection.engine
    if engine.handshake is None or connection.agreement is not None:
        return NO_ENCRYPTION
    try:
        agreement = await engine.handshake(connection, credentials)
    except Exception:
        engine.log_failure(connection, "The encryption handshake")
        agreement = None
    if connection.is_ending:
        return None
    if agreement is None:
        connection.say(outputs.Failure("handshake_failed", "Encryption handshake failed", 400))
        connection.end(Close.ENCRYPTION_REQUIRED, "Encryption required")
    elif agreement.opener is not None and connection.inbox.has_waiting:
        # Anybody could have sent it: the client itself had no keys yet.
        connection.end(Close.ENCRYPTION_VIOLATED, "A message came before the keys")
        agreement = None
    return agreement


def watch_expiry(connection: Connection) -> None:
    """End the connection when its permission ends, and warn its client before."""
    connection.cancel_timer("expiry")
    connection.cancel_timer("warning")
    expires = None if connection.identity is None else connection.identity.expires
    if expires is None:
        return
    engine = connection.engine
    left = max(expires - engine.schedule.epoch_ms() / 1000, 0)
    connection.set_timer(
        "expiry", left, partial(connection.end, Close.AUTH_FAILED, "The permission has ended")
    )
    warning = left - engine.settings.expiry_warning
    connection.set_timer(
        "warning",
        max(warning, 0),
        partial(
            connection.say,
            outputs.Failure("token_expires", "Authenticate again: the permission ends soon.", 401),
        ),
    )


async def forget(connection: Connection) -> None:
    """The client has gone: leave nothing of it behind. Safe to call twice."""
    if connection.phase is Phase.CLOSED:
        return
    was_known = connection.id in connection.hub.connections
    connection.phase = Phase.CLOSED
    for name in list(connection.timers):
        connection.cancel_timer(name)
    tasks = [task for task in connection.tasks if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if connection.opening is not None:
        await connection.opening.close()
    await connection.inbox.close()
    for alias in list(connection.subscriptions):
        await unsubscribe_from(connection, alias)
    connection.hub.remove(connection)
    connection.engine.forget(connection)
    if was_known:
        await connection.engine.notify_close(connection)
