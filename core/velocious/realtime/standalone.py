"""``get_events``: publishing from programs that have no ``Configuration``.

Law: one emitter for each event loop, and one set of options for it. Where a configuration is open,
nothing is made: its own hub publishes, with its transactions and its channels.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.environment import EnvironmentHandler
    from velocious.realtime.emitter import Emitter, StandaloneEmitter


@dataclass(frozen=True, slots=True)
class _Made:
    """The emitter of one event loop, and what it was made with."""

    redis: str | Mapping[str, Any]
    emitter: StandaloneEmitter


_of_loops: dict[asyncio.AbstractEventLoop, _Made] = {}


async def get_events(
    *,
    environment_handler: EnvironmentHandler | None = None,
    redis: str | Mapping[str, Any] | None = None,
) -> Emitter:
    """What publishes to the clients of all servers: the same object for whoever asks.

    ::

        events = await get_events(
            environment_handler=NodeEnvironmentHandler(), redis="redis://localhost:6379/0"
        )
        await events.publish("orders", "order.paid", {"id": 5})

    Arguments:
        environment_handler: where the program runs; asked for by the first call alone.
        redis: as in ``Configuration(realtime={"redis": …})``. Later calls leave it out, or say the
            same.

    Raises:
        ConfigurationError: the first call does not say what connects the program with its servers,
            or a later one says something else.
        NotAvailableHereError: outside of servers.
    """
    configuration = current.opened()
    if configuration is not None:
        _check_same(redis, configuration.realtime_settings.redis, "The open configuration has")
        return configuration.channels
    loop = asyncio.get_running_loop()
    made = _of_loops.get(loop)
    if made is None:
        made = _of_loops[loop] = _make(environment_handler, redis)
        _forget_ended()
    else:
        _check_same(redis, made.redis, "The first call of get_events() had")
    await made.emitter.start()
    return made.emitter


async def close_events() -> None:
    """Send what waits, and end what :func:`get_events` began in this event loop; safe to call
    twice. The hub of a configuration ends with that.
    """
    made = _of_loops.pop(asyncio.get_running_loop(), None)
    if made is not None:
        await made.emitter.stop()


def _make(handler: EnvironmentHandler | None, redis: str | Mapping[str, Any] | None) -> _Made:
    if handler is None or not redis:
        raise ConfigurationError(
            "Nothing connects this program with its servers: no configuration is open, and the "
            "first call of get_events() names no environment_handler and no redis. Give both: "
            'get_events(environment_handler=NodeEnvironmentHandler(), redis="redis://…").'
        )
    return _Made(redis, handler.realtime_emitter(redis))


def _check_same(given: object, known: object, whose: str) -> None:
    # Addresses have passwords: they are not repeated.
    if given is not None and given != known:
        raise ConfigurationError(
            f"{whose} another `redis`, and one program publishes in one place. Leave the options "
            "out, or call close_events() before others are given."
        )


def _forget_ended() -> None:
    """What was left open when its loop was closed can be closed no more."""
    for loop in [one for one in _of_loops if one.is_closed()]:
        del _of_loops[loop]
