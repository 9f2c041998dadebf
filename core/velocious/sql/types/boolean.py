"""True and false."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from velocious.sql.types.base import ColumnType
from velocious.sql.types.parsing import parsed

if TYPE_CHECKING:
    from collections.abc import Sequence

TRUE_TEXTS = frozenset({"1", "true", "t", "yes", "y", "on"})
FALSE_TEXTS = frozenset({"0", "false", "f", "no", "n", "off"})


class BooleanType(ColumnType):
    """True or false."""

    kind: ClassVar[str] = "boolean"
    storage: ClassVar[str] = "boolean"
    takes: ClassVar[str] = "True or False (or text such as 'true', 'no', '1')"
    native: ClassVar[frozenset[type]] = frozenset({bool})
    exact: ClassVar[frozenset[type]] = native

    def cast(self, value: Any) -> Any:
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float) and value in (0, 1):
            return value == 1
        return parsed(value, _boolean) if isinstance(value, str) else value

    def encode(self, value: Any) -> Any:
        if value is True or value is False:
            return value if self.write is None else self.write(value)
        return None if value is None else self.encode_other(self.cast(value))

    def encode_many(self, values: Sequence[Any]) -> Sequence[Any]:
        if self.write is not None and set(map(type, values)) == {bool}:
            return list(map(self.write, values))
        return super().encode_many(values)

    def encode_other(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, bool):
            raise self.refusal(value)
        return value if self.write is None else self.write(value)


def _boolean(text: str) -> bool:
    lowered = text.lower()
    if lowered in TRUE_TEXTS:
        return True
    if lowered in FALSE_TEXTS:
        return False
    raise ValueError(text)
