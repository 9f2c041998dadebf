"""Colours: a type of column of the application's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from velocious.sql.types import ColumnType


@dataclass(frozen=True)
class Color:
    """A colour."""

    name: str


class ColorType(ColumnType):
    """Colours, stored by their names."""

    kind: ClassVar[str] = "color"
    takes: ClassVar[str] = "a Color"
    decodes: ClassVar[bool] = True

    def encode_other(self, value: Any) -> Any:
        if not isinstance(value, Color):
            raise self.refusal(value)
        return value.name

    def decode(self, value: Any) -> Color:
        return Color(str(value))
