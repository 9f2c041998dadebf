"""Which form of a message a number takes, for the languages that differ from English."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ONE, FEW, MANY, OTHER = "one", "few", "many", "other"


def plural_form(locale: str, count: float) -> str:
    """``"one"``, ``"few"``, ``"many"`` or ``"other"``."""
    return _RULES.get(locale.split("-")[0], _english)(count)


def _english(count: float) -> str:
    return ONE if count == 1 else OTHER


def _none(count: float) -> str:
    return OTHER


def _french(count: float) -> str:
    return ONE if 0 <= count < 2 else OTHER


def _russian(count: float) -> str:
    if count != int(count):
        return OTHER
    if count % 10 == 1 and count % 100 != 11:
        return ONE
    return FEW if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else MANY


def _polish(count: float) -> str:
    if count == 1:
        return ONE
    if count != int(count):
        return OTHER
    return FEW if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else MANY


def _czech(count: float) -> str:
    if count == 1:
        return ONE
    if count != int(count):
        return MANY
    return FEW if count in (2, 3, 4) else OTHER


_RULES: dict[str, Callable[[float], str]] = {
    **dict.fromkeys(("fr", "pt", "hy"), _french),
    **dict.fromkeys(("ja", "zh", "ko", "vi", "th", "id", "ms", "lo"), _none),
    **dict.fromkeys(("ru", "uk", "be", "sr", "hr", "bs"), _russian),
    "pl": _polish,
    **dict.fromkeys(("cs", "sk"), _czech),
}
