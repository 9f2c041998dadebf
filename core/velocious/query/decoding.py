"""From stored values to Python's, for rows that become no records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import Sequence


def decode_rows(rows: list[tuple[Any, ...]], types: Sequence[Any], what: str) -> list[Any]:
    """*rows* decoded by the *types* of their columns (None: as they are); of one column, its
    values.

    Raises:
        QueryError: that names *what* was read, for a stored value that does not fit its type.
    """
    try:
        return _decoded(rows, types)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise QueryError(
            f"A stored value of {what} does not fit its column's type ({error}). "
            "Read the records to see which: their error names it."
        ) from error


def _decoded(rows: list[tuple[Any, ...]], types: Sequence[Any]) -> list[Any]:
    decoders = [type.decode if type is not None and type.decodes else None for type in types]
    if len(decoders) == 1:
        decode = decoders[0]
        if decode is None:
            return [row[0] for row in rows]
        return [None if row[0] is None else decode(row[0]) for row in rows]
    if not any(decoders):
        return rows
    return [
        tuple(
            value if decode is None or value is None else decode(value)
            for decode, value in zip(decoders, row, strict=True)
        )
        for row in rows
    ]
