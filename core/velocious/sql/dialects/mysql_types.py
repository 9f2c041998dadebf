"""Types that MySQL and MariaDB limit in their own way."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from velocious.sql.types import FloatType, IntegerType, SmallIntegerType

if TYPE_CHECKING:
    from velocious.database.schema import Column

_WHOLE = IntegerType()


class MysqlIntegerType(SmallIntegerType):
    """INT has 32 bits; UNSIGNED, which other programs declare, moves them."""

    def fitted(self, column: Column) -> Self:
        return cast("Self", _WHOLE) if "unsigned" in column.declared.lower() else self


class FiniteFloatType(FloatType):
    """A floating-point number; there is no infinity here."""

    takes: ClassVar[str] = "a finite number"

    def encode_other(self, value: Any) -> Any:
        if isinstance(value, float) and math.isinf(value):
            raise self.refusal(value)
        return super().encode_other(value)
