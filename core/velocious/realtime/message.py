"""``Message``: a type of message with a schema, the same for whoever sends it and gets it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Message:
    """A type of message.

    ::

        Moved = Message("task.moved", {"type": "object", "required": ["id"], …})

    Attributes:
        name: its type on the wire.
        schema: JSON Schema of its data; None for any.
    """

    name: str
    schema: Mapping[str, Any] | None = None

    def checked(self, data: Any) -> Any:
        """*data* with the schema's defaults filled in.

        Raises:
            Fault: ``validation_failed``; it names the place, never the value.
        """
        return data if self.schema is None else self._validate(data)

    @cached_property
    def _validate(self) -> Callable[[Any], Any]:
        # Imported here: messages without a schema need none of it.
        from velocious.realtime.message_schema import MessageSchema

        return MessageSchema(self.schema or {}).validate
