"""Text."""

from __future__ import annotations

import sys
from copy import copy
from datetime import date, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import UUID

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import is_unicode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.schema import Column
    from velocious.errors import UnsupportedValueError


class TextType(ColumnType):
    """Text of any length. NUL is refused: C strings inside databases end there."""

    kind: ClassVar[str] = "text"
    storage: ClassVar[str] = "text"
    takes: ClassVar[str] = "text without NUL characters"
    native: ClassVar[frozenset[type]] = frozenset({str})

    def cast(self, value: Any) -> Any:
        if isinstance(value, str):
            return value if type(value) is str else str.__str__(value)
        if isinstance(value, int | float | Decimal | UUID | date | time) and not isinstance(
            value, bool
        ):
            return str(value)
        return value

    def encode(self, value: Any) -> Any:
        if type(value) is str and "\x00" not in value and (value.isascii() or is_unicode(value)):
            return value
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if set(map(type, values)) == {str}:
            joined = "".join(values)
            if "\x00" not in joined and (joined.isascii() or is_unicode(joined)):
                return values
        return list(map(self.encode, values))

    def encode_other(self, value: Any) -> Any:
        if type(value) is not str:
            raise self.refusal(value)
        if "\x00" in value:
            raise self.refusal(value, "it holds a NUL character")
        if not is_unicode(value):
            raise self.refusal(value, "it holds half of a surrogate pair")
        return value


class StringType(TextType):
    """Short text. That of a column with a limit takes so many characters, on every database."""

    kind: ClassVar[str] = "string"
    limit: int = sys.maxsize
    _unlimited: ColumnType | None = None

    def fitted(self, column: Column) -> Self:
        if column.limit is None or column.kind != "string":
            return self
        bound = copy(self)
        bound.limit = column.limit
        bound._unlimited = self
        return bound

    @property
    def sought(self) -> ColumnType:
        return self._unlimited or self

    def encode(self, value: Any) -> Any:
        encoded = super().encode(value)
        if encoded is not None and len(encoded) > self.limit:
            raise self._too_long(encoded)
        return encoded

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        encoded = super().encode_many(values)
        if encoded is values and max(map(len, values), default=0) > self.limit:
            raise self._too_long(max(values, key=len))
        return encoded

    def _too_long(self, value: Any) -> UnsupportedValueError:
        limit = f"the column takes {self.limit} characters, and the text has {len(value)}"
        return self.refusal(value, limit)
