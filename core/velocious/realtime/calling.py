"""Messages of an application's own types, and what clients tell each other."""

from __future__ import annotations

import asyncio
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

from velocious.errors import Fault, NotAuthorizedError
from velocious.realtime import commands, outputs
from velocious.realtime.begun import Begun
from velocious.realtime.context import Context
from velocious.realtime.names import Privacy, privacy_of
from velocious.realtime.presence import Change
from velocious.realtime.publication import Audience, Publication, to_json
from velocious.realtime.registry import Handled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Coroutine

    from velocious.realtime.connection import Connection
    from velocious.realtime.router import SocketRoute

#: Characters that the name of an event may have.
LONGEST_EVENT = 200
#: Nobody else may say that somebody came or went.
_OWN_EVENTS = frozenset(Change)


def call(connection: Connection, command: commands.Call) -> Coroutine[Any, Any, None]:
    """Answer *command*, with what its handler returns."""
    engine = connection.engine
    route = engine.routes.by_type.get(command.name)
    if route is None:
        if command.frame is not None and engine.on_message is not None:
            if not engine.messages.has(command.name):
                return raw(connection, commands.Raw(command.frame))
    elif route.concurrent:
        return _beside(connection, command, route)
    return _answer(connection, command, route)


async def _beside(connection: Connection, command: commands.Call, route: SocketRoute) -> None:
    """Answer while other messages are handled, up to a limit."""
    tasks = connection.tasks
    while len(tasks) >= connection.engine.settings.concurrent_calls:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    task = asyncio.get_running_loop().create_task(_answer(connection, command, route))
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _answer(
    connection: Connection, command: commands.Call, route: SocketRoute | None
) -> None:
    try:
        work = _work(connection, command, route)
        # Most answers need not wait for anything, and a deadline costs more than they do.
        try:
            waits = work.send(None)
        except StopIteration as done:
            result = done.value
        else:
            async with asyncio.timeout(connection.engine.settings.call_timeout):
                result = await Begun(work, waits)
        now = connection.hub.epoch_ms() if connection.dialect.dates_replies else 0
        # The frame is made in here, so that a result that has no form is the handler's failure.
        connection.say(
            outputs.Reply(command.name, result, command.id, result is None, command.channel, now)
        )
    except Fault as fault:
        _fail(connection, command, fault.fault, str(fault), fault.status)
    except TimeoutError:
        _fail(connection, command, "timeout", "The answer took too long.", 504)
    except Exception:
        reference = connection.engine.log_failure(connection, f"Message {command.name!r}")
        _fail(connection, command, "internal", f"Internal error {reference}", 500)


def _work(
    connection: Connection, command: commands.Call, route: SocketRoute | None
) -> Coroutine[Any, Any, Any]:
    """What makes the result of *command*."""
    if route is None or route.guards or command.channel is not None:
        return _result(connection, command, route)
    context = Context(connection, command.name, command.data, id=command.id)
    if route.message.schema is not None:
        context.data = route.message.checked(command.data)
    work: Any = route.handler(context)
    # A handler may return anything that can be awaited.
    return cast("Any", work) if isinstance(work, CoroutineType) else _awaited(work)


async def _awaited(work: Awaitable[Any]) -> Any:
    return await work


async def _result(connection: Connection, command: commands.Call, route: SocketRoute | None) -> Any:
    subscription = None
    if command.channel is not None:
        subscription = connection.subscriptions.get(command.channel)
        if subscription is None or subscription.held is not None:
            raise Fault("not_subscribed", "There is no such subscription.", status=404)
    context = Context(
        connection, command.name, command.data, id=command.id, subscription=subscription
    )
    if subscription is not None:
        result = await subscription.channel.perform(context)
        if result is not NotImplemented:
            return result
    if route is not None:
        return await route(context)
    found = await connection.engine.messages.handle(context)
    if isinstance(found, Handled):
        return found.result
    if found.reason == "unknown_type":
        raise Fault("unknown_type", "Nobody handles messages of this type.", status=404)
    raise Fault("validation_failed", found.details, status=422)


def _fail(
    connection: Connection, command: commands.Call, code: str, message: str, status: int
) -> None:
    failure = outputs.Failure(code, message, status, command.id, command.name, command.channel)
    connection.say(failure)


async def raw(connection: Connection, command: commands.Raw) -> None:
    """Frames that the dialect leaves to the application."""
    handler = connection.engine.on_message
    if handler is None:
        connection.say(outputs.Failure("bad_frame", "Nobody takes frames like this.", 400))
        return
    try:
        await handler(connection, command.data)
    except Exception:
        connection.engine.log_failure(connection, "The handler of raw messages")


async def client_event(connection: Connection, command: commands.ClientEvent) -> None:
    """Tell the others in a channel what a client says."""
    try:
        publication = await _client_publication(connection, command)
        await connection.hub.send(publication)
    except Fault as fault:
        failure = outputs.Failure(
            fault.fault, str(fault), fault.status, command.id, channel=command.channel
        )
        connection.say(failure)
    except Exception:
        connection.engine.log_failure(connection, f"A client event in {command.channel!r}")
        connection.say(outputs.Failure("internal", "Internal error", 500, command.id))


async def _client_publication(connection: Connection, command: commands.ClientEvent) -> Publication:
    subscription = connection.subscriptions.get(command.channel)
    if subscription is None or subscription.held is not None:
        raise NotAuthorizedError("Only listeners may speak in a channel.")
    channel = subscription.channel
    if not channel.client_events or privacy_of(subscription.name) is Privacy.PUBLIC:
        raise NotAuthorizedError("Clients do not speak in this channel.")
    if not 0 < len(command.event) <= LONGEST_EVENT:
        raise Fault("bad_event", f"An event has a name of {LONGEST_EVENT} characters at most.")
    if command.event in _OWN_EVENTS:
        raise Fault("bad_event", "This is what the engine itself says.")
    if not connection.throttles.client_events.takes(connection.engine.schedule.monotonic()):
        raise Fault("rate_limited", "Too many events.", status=429)
    text = to_json(command.data)
    _check_size(connection, text)
    hub = connection.hub
    member = subscription.member
    publication = Publication(
        Audience.CHANNEL,
        subscription.name,
        command.event,
        text,
        epoch_ms=hub.epoch_ms(),
        id=hub.new_id(),
        exclude=(connection.id,),
        member=None if member is None else member.id,
    )
    if not await channel.client_event(publication):
        raise NotAuthorizedError("This may not be said here.")
    return publication


def _check_size(connection: Connection, text: str) -> None:
    """Raise Fault where the protocol of the client has a limit that *text*, data, is above."""
    limit = connection.dialect.client_event_limit
    # A character has four bytes at most: hardly anything needs to be encoded to be measured.
    if limit is None or len(text) * 4 <= limit:
        return
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        raise Fault(
            "event_too_big",
            f"The event has {size} bytes of data; {limit} are allowed. Send an id, and let the "
            "others fetch the rest.",
            status=413,
        )
