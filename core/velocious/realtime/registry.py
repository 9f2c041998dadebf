"""``MessageRegistry``: handlers by type of message, without routers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from velocious.errors import DuplicateMessageError, Fault
from velocious.realtime.message import Message

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from velocious.realtime.context import Context

    #: Its result is the reply.
    type Handler = Callable[[Context], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Handled:
    """*result*: what the handler returned."""

    result: Any = None


@dataclass(frozen=True, slots=True)
class NotHandled:
    """*reason*: ``"unknown_type"`` or ``"validation_failed"``; *details*: where it does not fit."""

    reason: str
    details: str = ""


class MessageRegistry:
    """Handlers by type.

    ::

        messages = MessageRegistry()

        @messages.on(Message("task.move", {"type": "object", "required": ["id"]}))
        async def move(context):
            return {"moved": context.data["id"]}
    """

    def __init__(self) -> None:
        self._handlers: dict[str, tuple[Message, Handler]] = {}

    def on(self, message: Message | str, *, replace: bool = False) -> Callable[[Handler], Handler]:
        """A decorator for the handler of *message*.

        Raises:
            DuplicateMessageError: there is one already.
        """
        known = message if isinstance(message, Message) else Message(message)

        def add(handler: Handler) -> Handler:
            if known.name in self._handlers and not replace:
                raise DuplicateMessageError(known.name)
            self._handlers[known.name] = (known, handler)
            return handler

        return add

    def has(self, name: str) -> bool:
        return name in self._handlers

    @property
    def types(self) -> Sequence[str]:
        """The types that have a handler."""
        return list(self._handlers)

    async def handle(self, context: Context) -> Handled | NotHandled:
        """Call the handler for the context's type, with data that fits its schema.

        What the handler raises is the caller's.
        """
        found = self._handlers.get(context.type)
        if found is None:
            return NotHandled("unknown_type")
        message, handler = found
        try:
            context.data = message.checked(context.data)
        except Fault as fault:
            return NotHandled("validation_failed", str(fault))
        return Handled(await handler(context))
