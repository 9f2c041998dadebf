"""The mean of exact numbers: the database adds them up, and Python divides, with the same digits
everywhere.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any, ClassVar

from velocious.sql.types import ColumnType

#: How many digits a mean has that would go on for ever.
DIVISION = Context(prec=40)


class MeanType(ColumnType):
    """A mean as :meth:`velocious.sql.dialects.base.Dialect.average` gives it: a number, or a sum, a
    slash and how many were added.
    """

    kind: ClassVar[str] = "decimal"

    def decode(self, value: Any) -> Decimal:
        total, _, count = str(value).partition("/")
        mean = DIVISION.divide(Decimal(total), Decimal(count)) if count else Decimal(total)
        return Decimal(format(mean.normalize(DIVISION), "f"))
