"""Reading values from text, leniently: what cannot be read comes back unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def parsed(text: str, parse: Callable[[str], Any]) -> Any:
    """What *parse* makes of *text* without the white space around it; None for blank text."""
    stripped = text.strip()
    if not stripped:
        return None
    try:
        return parse(stripped)
    # decimal.InvalidOperation is an ArithmeticError.
    except (ValueError, ArithmeticError):
        return text


def parsed_number(text: str, number: Callable[[str], Any]) -> Any:
    """:func:`parsed`, for Python's number types."""
    # int() and float() would read "1_000", which is Python's notation and nobody's input.
    return text if "_" in text else parsed(text, number)


def is_unicode(text: str) -> bool:
    """Whether *text* can be written as UTF-8: it holds no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
