"""What a parameter of a path may be: which text fits, and what it is turned into.

Law: the path that a helper writes is the path that a request is matched by: both ask here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isinf
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class ParameterType:
    """One type.

    Attributes:
        name: what stands behind the colon in ``"{id:int}"``.
        pattern: the text that fits, as a regular expression without groups.
        convert: makes the value of a text that fits; a ValueError says that there is none. None:
            the text is the value.
    """

    name: str
    pattern: str
    convert: Callable[[str], Any] | None = None

    def fits(self, text: str) -> bool:
        """Whether a request could have *text* here."""
        if re.fullmatch(self.pattern, text, re.DOTALL) is None:
            return False
        try:
            self.value(text)
        except ValueError:
            return False
        return True

    def matcher(self) -> Callable[[str], tuple[str, ...] | None]:
        """The texts of a part of a path that is this parameter and nothing else."""
        if self.name == "int":
            return _digits
        return matcher(re.compile(f"({self.pattern})", re.DOTALL))

    def value(self, text: str) -> Any:
        """The value of *text*, which fits the pattern. Raises ValueError where there is none."""
        return text if self.convert is None else self.convert(text)


def matcher(pattern: re.Pattern[str]) -> Callable[[str], tuple[str, ...] | None]:
    """A function that gives the groups of *pattern* in a text, where it is the whole of it."""

    def match(text: str) -> tuple[str, ...] | None:
        found = pattern.fullmatch(text)
        return None if found is None else found.groups()

    return match


def _digits(text: str) -> tuple[str] | None:
    # As the pattern says, in a third of its time: most parameters are keys.
    return (text,) if text.isdecimal() and text.isascii() else None


def _float(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise ValueError(f"{text[:20]}… is no number that a float can hold")
    return value


#: Numbers are written in ASCII digits and have no sign. An integer of thousands of digits is none
#: to Python (ValueError).
TYPES = {
    one.name: one
    for one in (
        ParameterType("str", "[^/]+"),
        ParameterType("int", "[0-9]+", int),
        ParameterType("float", r"[0-9]+(?:\.[0-9]+)?", _float),
        ParameterType("uuid", "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}", UUID),
        ParameterType("path", ".*"),
    )
}
