"""HTTP requests that come through a websocket."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from velocious.errors import Fault
from velocious.realtime import outputs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from velocious.realtime import commands
    from velocious.realtime.connection import Connection

    #: What answers them: ``realtime.asgi.requests`` asks an ASGI application.
    type Requests = Callable[[Connection, commands.Request], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP application says; *body* is text."""

    status: int = 200
    headers: Mapping[str, str | list[str]] = field(default_factory=dict[str, "str | list[str]"])
    body: str = ""


async def request(connection: Connection, command: commands.Request) -> None:
    """Answer *command*, or say why not."""
    try:
        answer = await _answer(connection, command)
    except Fault as fault:
        connection.say(outputs.Failure(fault.fault, str(fault), fault.status, command.id))
    except TimeoutError:
        connection.say(outputs.Failure("timeout", "The answer took too long.", 504, command.id))
    except Exception:
        reference = connection.engine.log_failure(connection, f"Request of {command.path!r}")
        connection.say(outputs.Failure("internal", f"Internal error {reference}", 500, command.id))
    else:
        connection.say(outputs.Responded(answer.status, answer.headers, answer.body, command.id))


async def _answer(connection: Connection, command: commands.Request) -> Answer:
    engine = connection.engine
    if engine.requests is None:
        raise Fault("no_requests", "This connection takes no requests.", status=404)
    async with asyncio.timeout(engine.settings.call_timeout):
        return await engine.requests(connection, command)
