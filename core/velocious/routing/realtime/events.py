"""``GET …/events`` and the two POSTs that say what its stream listens to."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response

from velocious.errors import Fault, NotAuthorizedError
from velocious.realtime import commands
from velocious.realtime.granting import asker
from velocious.realtime.sse.positions import STOP, Positions
from velocious.realtime.sse.stream import EventStream, listen
from velocious.realtime.subscribing import unsubscribe
from velocious.realtime.upgrade import Admit, Reject

if TYPE_CHECKING:
    from velocious.realtime.connection import Connection
    from velocious.realtime.sse.dialect import SseDialect
    from velocious.routing.realtime.asked import Asked


async def stream(asked: Asked) -> None:
    """Answer with the events of the channels that the query names, from where the client was."""
    asked.check_page()
    upgrade = asked.upgrade
    last = upgrade.headers.get("last-event-id") or upgrade.query.get("lastEventId", "")
    if last == STOP:
        # It was told to stay away, and comes by itself: this is what ends that.
        await Response(status_code=204)(asked.scope, asked.receive, asked.send)
        return
    channels = [name for name in upgrade.query.get("channels", "").split(",") if name]
    most = asked.engine.settings.channels
    if len(channels) > most:
        raise HTTPException(400, f"A connection may be in {most} channels.")
    admitted = await _admitted(asked)
    run = EventStream(asked.engine, _dialect(asked), channels, Positions.read(last))
    await run.run(upgrade, admitted, asked.receive, asked.send)


async def subscribe(asked: Asked) -> None:
    """Listen to one more channel on a stream."""
    connection, channel, body = await _named(asked)
    token, member = body.get("token"), body.get("member")
    command = commands.Subscribe(
        channel,
        token=token if isinstance(token, str) else None,
        member=member if isinstance(member, str) else None,
    )
    try:
        listens = await listen(connection, command)
    except TimeoutError:
        raise HTTPException(503, headers={"Retry-After": "5"}) from None
    if listens:
        await asked.answer(200, {"success": True})
    else:
        await asked.answer(403, {"error": "You may not listen here."})


async def leave(asked: Asked) -> None:
    """Listen to a channel no longer."""
    connection, channel, _ = await _named(asked)
    await unsubscribe(connection, commands.Unsubscribe(channel))
    if channel in connection.subscriptions:
        await asked.answer(403, {"error": "Nobody can leave this channel."})
    else:
        await asked.answer(200, {"success": True})


async def _admitted(asked: Asked) -> Admit:
    """Whose stream it is. Raises HTTPException where it is nobody's who may have one."""
    engine, upgrade = asked.engine, asked.upgrade
    found = await engine.admit(upgrade)
    if isinstance(found, Reject):
        headers = {"Retry-After": "5"} if found.status in (429, 503) else None
        raise HTTPException(found.status, found.body, headers)
    if found.identity is not None:
        return found
    try:
        asking = await asker(engine, upgrade, "sse")
    except Fault as fault:
        raise HTTPException(fault.status, str(fault)) from fault
    if asking.identity is None and engine.awaits_authentication:
        # A stream has no first message in which somebody could say who it is.
        raise HTTPException(401, "Unauthorized", {"WWW-Authenticate": "Bearer"})
    return Admit(asking.identity, asking.state)


async def _named(asked: Asked) -> tuple[Connection, str, dict[str, Any]]:
    """The stream and the channel that a body names. Raises HTTPException."""
    asked.check_page()
    body = await asked.body()
    id, secret, channel = (body.get(name) for name in ("connectionId", "secret", "channel"))
    if not (isinstance(id, str) and isinstance(secret, str) and isinstance(channel, str)):
        raise HTTPException(400, "connectionId, secret and channel are texts.")
    connection = asked.engine.connections.get(id)
    dialect = _dialect(asked)
    is_known = hmac.compare_digest(
        dialect.secret_of(id).encode(), secret.encode("utf-8", "replace")
    )
    if connection is None or connection.dialect is not dialect or not is_known:
        raise HTTPException(404, "There is no such stream in this process.")
    await _check_owner(asked, connection)
    return connection, channel, body


async def _check_owner(asked: Asked, connection: Connection) -> None:
    """Raise HTTPException where somebody else asks than whose stream it is."""
    try:
        asking = await asker(asked.engine, asked.upgrade, connection.id)
    except Fault as fault:
        status = 403 if isinstance(fault, NotAuthorizedError) else fault.status
        raise HTTPException(status, str(fault)) from fault
    if asking.user_id != connection.user_id:
        raise HTTPException(403, "This stream belongs to somebody else.")


def _dialect(asked: Asked) -> SseDialect:
    return cast("SseDialect", asked.configuration.realtime.dialect("sse"))
