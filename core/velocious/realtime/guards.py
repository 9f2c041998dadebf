"""Guards: who may connect, and who may send what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.realtime.context import Context

    type GuardFunction = Callable[[Context], Awaitable[bool]]


class Guard(Protocol):
    """An object that decides."""

    async def can_activate(self, context: Context, /) -> bool:
        """True lets it pass; anything else does not."""
        ...


def guard_function(guard: Any) -> GuardFunction:
    """What to call for *guard*: a function, an object with ``can_activate``, or its class."""
    if isinstance(guard, type):
        guard = guard()
    return cast("GuardFunction", getattr(guard, "can_activate", guard))
