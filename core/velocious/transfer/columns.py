"""How the values of a column become those of the same column elsewhere.

Law: a value arrives exactly, or the copy stops with an error that names its row. Nothing is cut,
rounded or guessed.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from velocious.errors import CopyError, UnsupportedValueError
from velocious.transfer.checksum import comparable, plain_decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious.database.schema import Column
    from velocious.sql.dialects.base import Dialect
    from velocious.sql.types import ColumnType

_TEXT = frozenset({"string", "text"})
#: What a value that cannot be copied may raise.
WRONG = (UnsupportedValueError, ValueError, TypeError, ArithmeticError, RecursionError)


class ColumnCopy:
    """One column: as the source stores it, and as the target does.

    Arguments:
        nul: whether the target's text may hold NUL characters.
    """

    def __init__(
        self, source: Column, target: Column, dialects: tuple[Dialect, Dialect], *, nul: bool
    ) -> None:
        self.name = target.name
        self._kind = target.kind
        self._scale = target.scale
        self._nul = nul
        self._read = _reading(dialects[0].column_type(source.kind), source.kind)
        self._type = dialects[1].column_type(target.kind)
        # Unlike the source's, the target's type knows what a value of another kind means.
        self._casts = source.kind != target.kind and target.kind not in ("json", "any")

    def values(self, stored: Sequence[Any]) -> Sequence[Any]:
        """The Python values of what the source gave (JSON as its text). May raise any of WRONG."""
        read = self._read
        values = stored if read is None else [None if one is None else read(one) for one in stored]
        if self._casts:
            cast = self._type.cast
            values = [None if one is None else cast(one) for one in values]
        return values

    def encoded(self, values: Sequence[Any]) -> Sequence[Any]:
        """*values* as the target's driver binds them. May raise any of WRONG."""
        kind = self._kind
        if kind == "json":
            self._check_json(values)
            return values
        if kind == "decimal" and self._scale is not None:
            self._check_scale(values, self._scale)
        if self._nul and kind in _TEXT and {str, type(None)}.issuperset(map(type, values)):
            return values
        return self._type.encode_many(values)

    def comparable(self, values: Sequence[Any]) -> Sequence[Any]:
        """*values* as they enter a checksum."""
        return comparable(self._kind, values)

    def failure(self, stored: Any) -> Exception | None:
        """What is wrong with one stored value."""
        try:
            self.comparable(self.encoded(self.values([stored])))
        except WRONG as error:
            return error
        return None

    def _check_json(self, values: Sequence[Any]) -> None:
        # The text goes as it is, all digits of its numbers with it. Only what a dialect cannot
        # store is looked at, which it says itself.
        write = self._type.write
        if write is not None:
            for text in values:
                if text is not None and "\\u0000" in text:
                    write(text)

    def _check_scale(self, values: Sequence[Any], scale: int) -> None:
        for value in values:
            if isinstance(value, Decimal) and -int(value.as_tuple().exponent) > scale:
                fraction = plain_decimal(value).partition(".")[2]
                if len(fraction) > scale:
                    raise ValueError(
                        f"{value} has {len(fraction)} digits behind the point, and the target's "
                        f"column keeps {scale}"
                    )


class ColumnReader:
    """One column of a target, read again to be compared."""

    def __init__(self, column: Column, dialect: Dialect) -> None:
        self._kind = column.kind
        self._read = _reading(dialect.column_type(column.kind), column.kind)

    def comparable(self, stored: Sequence[Any]) -> Sequence[Any]:
        """What was *stored*, as it enters a checksum."""
        read = self._read
        values = stored if read is None else [None if one is None else read(one) for one in stored]
        return comparable(self._kind, values)


def failed(
    table: str, columns: Sequence[ColumnCopy], row: Sequence[Any], key: str, error: Exception
) -> CopyError:
    """The error for *row* (as the source stores it), naming the column at fault."""
    for column, stored in zip(columns, row, strict=True):
        reason = column.failure(stored)
        if reason is not None:
            return CopyError(
                f"The row of {table} with {key} cannot be copied: its column {column.name} holds "
                f"{_shown(stored)}. {_sentence(reason)} Correct the row in the source, and run "
                "db:copy again: it goes on where it stopped."
            )
    return CopyError(
        f"The row of {table} with {key} was refused by the target: {_sentence(error)} Correct the "
        "row in the source, or the target's table, and run db:copy again: it goes on where it "
        "stopped."
    )


def fits(columns: Sequence[ColumnCopy], row: Sequence[Any]) -> bool:
    """Whether every value of *row* can be sent to the target."""
    return all(column.failure(one) is None for column, one in zip(columns, row, strict=True))


def _reading(type: ColumnType, kind: str) -> Callable[[Any], Any] | None:
    if kind == "json":
        return _json_text
    return type.decode if type.decodes else None


def _json_text(stored: Any) -> str:
    # SQLite makes numbers of digits in a column declared as JSON.
    text = stored.decode() if isinstance(stored, bytes) else stored
    return text if isinstance(text, str) else json.dumps(text)


def _shown(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _sentence(error: Exception) -> str:
    text = str(error).rstrip() or type(error).__name__
    return text if text.endswith((".", "!", "?")) else f"{text}."
