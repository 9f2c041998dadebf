"""Bytes and UUIDs."""

from __future__ import annotations

from typing import Any, ClassVar, cast
from uuid import UUID

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import parsed

_BUFFERS = (bytearray, memoryview)


class BinaryType(ColumnType):
    """Bytes, NUL included."""

    kind: ClassVar[str] = "binary"
    storage: ClassVar[str] = "binary"
    takes: ClassVar[str] = "bytes"
    native: ClassVar[frozenset[type]] = frozenset({bytes})
    exact: ClassVar[frozenset[type]] = frozenset({bytes})

    def cast(self, value: Any) -> Any:
        return bytes(cast("bytearray", value)) if isinstance(value, _BUFFERS) else value


class UuidType(ColumnType):
    """A universally unique identifier."""

    kind: ClassVar[str] = "uuid"
    storage: ClassVar[str] = "uuid"
    takes: ClassVar[str] = "a UUID, or its text"
    native: ClassVar[frozenset[type]] = frozenset({UUID})
    exact: ClassVar[frozenset[type]] = native

    def cast(self, value: Any) -> Any:
        return parsed(value, UUID) if isinstance(value, str) else value

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, UUID):
            raise self.refusal(value)
        return value if self.write is None else self.write(value)
