"""What a client sends: read, limited, put into order and led to what answers it.

Law: whatever arrives, the answer is a frame or a close, never an exception.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.errors import BadFrameError
from velocious.realtime import commands, outputs
from velocious.realtime.calling import call, client_event, raw
from velocious.realtime.close_codes import Close
from velocious.realtime.connection import Phase
from velocious.realtime.encryption.sealing import sealed_size
from velocious.realtime.life_cycle import authenticate
from velocious.realtime.requesting import request
from velocious.realtime.subscribing import subscribe, unsubscribe

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from velocious.realtime.connection import Connection

#: Found without a look at the class: it is asked for again and again.
_OPEN = Phase.OPEN
_AWAITING_AUTH = Phase.AWAITING_AUTH


def receive(connection: Connection, frame: str | bytes) -> None:
    """Take *frame*. What it asks for runs when all before it is done.

    Whoever reads the frames asks :attr:`Connection.is_full` afterwards, and waits for room.
    """
    if connection.is_ending:
        return
    engine = connection.engine
    connection.last_seen = now = engine.schedule.monotonic()
    connection.pinged = False
    opening = connection.opening
    if len(frame) > engine.small and not _is_small_enough(connection, frame, _limit(connection)):
        return
    if connection.phase is _AWAITING_AUTH and not _is_among_few(connection, frame):
        return
    if not connection.throttles.messages.takes(now):
        _overrun(connection, now)
    elif opening is None:
        _read(connection, frame)
    else:
        opening.put(frame)


def receive_opened(connection: Connection, frame: str | bytes) -> None:
    """Take *frame*, which was encrypted until now, and counted when it came."""
    if not connection.is_ending and _is_small_enough(connection, frame, _opened_limit(connection)):
        _read(connection, frame)


def _read(connection: Connection, frame: str | bytes) -> None:
    try:
        asked = connection.dialect.decode(frame)
    except BadFrameError as error:
        _bad_frame(connection, error)
        return
    for command in asked:
        handler = _HANDLERS.get(command.__class__)
        inbox = connection.inbox
        if handler is None or inbox.is_busy or connection.phase is not _OPEN:
            _take(connection, command)
        else:
            inbox.begin(handler(connection, command))


def _overrun(connection: Connection, now: float) -> None:
    if connection.throttles.overruns.takes(now):
        connection.say(outputs.Failure("rate_limited", "Too many messages: dropped.", 429))
    else:
        connection.end(Close.RATE_LIMIT, "Too many messages", retry_after=5)


def _limit(connection: Connection) -> int:
    """The bytes that a frame may have, as it comes."""
    limit = _opened_limit(connection)
    return limit if connection.opening is None else sealed_size(limit)


def _opened_limit(connection: Connection) -> int:
    settings = connection.engine.settings
    is_early = connection.phase is not _OPEN
    return settings.early_message_limit if is_early else settings.message_limit


def _is_small_enough(connection: Connection, frame: str | bytes, limit: int) -> bool:
    if len(frame) * 4 > limit and _size(frame) > limit:
        connection.end(Close.TOO_BIG, f"A message has at most {limit} bytes")
        return False
    return True


def _is_among_few(connection: Connection, frame: str | bytes) -> bool:
    """Whether all that a stranger has sent is small together: it has one thing to say."""
    limit = _limit(connection)
    connection.early += _size(frame)
    if connection.early > limit:
        connection.end(Close.TOO_BIG, f"Before authentication at most {limit} bytes are read")
        return False
    return True


def _size(frame: str | bytes) -> int:
    return len(frame) if isinstance(frame, bytes) else len(frame.encode("utf-8", "surrogatepass"))


def _bad_frame(connection: Connection, error: BadFrameError) -> None:
    now = connection.engine.schedule.monotonic()
    if connection.throttles.bad_frames.takes(now):
        connection.say(outputs.Failure(error.fault, str(error), error.status))
    else:
        connection.end(Close.REFUSED, "Too many unreadable frames")


def _take(connection: Connection, command: commands.Command) -> None:
    if isinstance(command, commands.Ping):
        connection.say(outputs.Ponged(command.id))
        return
    if isinstance(command, commands.Pong):
        return
    if connection.inbox.is_full and connection.phase is not _OPEN:
        connection.end(Close.RATE_LIMIT, "Too many messages before the connection is open")
        return
    connection.inbox.put(partial(_handle, connection, command))


async def _handle(connection: Connection, command: commands.Command) -> None:
    # What waited may find the connection gone.
    if connection.is_ending:
        return
    if isinstance(command, commands.Authenticate):
        await authenticate(connection, command)
    elif connection.phase is not _OPEN:
        connection.say(outputs.Failure("not_authenticated", "Not authenticated", 401, command.id))
    else:
        await _HANDLERS[type(command)](connection, command)


async def resume(connection: Connection, command: commands.Resume) -> None:
    await connection.engine.parking.resume(connection, command)


async def metadata(connection: Connection, command: commands.Metadata) -> None:
    connection.state["metadata"] = command.data
    for subscription in list(connection.subscriptions.values()):
        try:
            await subscription.channel.metadata_changed()
        except Exception:
            connection.engine.log_failure(connection, f"Metadata in {subscription.name!r}")


#: What is done with a command once the connection is open.
_HANDLERS: dict[type[Any], Callable[[Connection, Any], Coroutine[Any, Any, None]]] = {
    commands.Subscribe: subscribe,
    commands.Unsubscribe: unsubscribe,
    commands.Call: call,
    commands.ClientEvent: client_event,
    commands.Raw: raw,
    commands.Request: request,
    commands.Resume: resume,
    commands.Metadata: metadata,
}
