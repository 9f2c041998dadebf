"""Numbers as people read them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from velocious.translation.catalogue import find_message

if TYPE_CHECKING:
    type Number = int | float | Decimal


def number(value: Number | None, digits: int | None = None) -> str:
    """``number(1234567.891, 2)`` → ``1,234,567.89``, with the separators of the locale
    (``formats.number.thousands`` and ``.decimal`` of the messages). None is nothing.
    """
    if value is None:
        return ""
    if digits is not None:
        # Through text: 2.675 as people write it, not as binary floats hold it.
        step = Decimal(1).scaleb(-digits)
        value = Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP)
    thousands = find_message([("formats", "number", "thousands")]) or ","
    decimal = find_message([("formats", "number", "decimal")]) or "."
    return f"{value:,}".replace(",", "\0").replace(".", decimal).replace("\0", thousands)
