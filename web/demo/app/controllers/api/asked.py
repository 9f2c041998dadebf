"""What a request may ask for, out of all that it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import MalformedRequestError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.controller.params import Params

#: What a SQLite integer can hold.
LARGEST = 2**63 - 1


def chosen(
    params: Params, *, texts: Iterable[str] = (), numbers: Iterable[str] = ()
) -> dict[str, Any]:
    """The parameters of these names that the request has.

    Raises:
        MalformedRequestError: a text is no text, or a number no whole number.
    """
    found: dict[str, Any] = {name: _text(name, params[name]) for name in texts if name in params}
    return found | {name: _number(name, params[name]) for name in numbers if name in params}


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise MalformedRequestError(f"The parameter {name!r} must be text, not {value!r}.")
    return value


def _number(name: str, value: Any) -> int | None:
    if value is None:
        return None
    digits = str(value)
    if isinstance(value, bool) or not (digits.isascii() and digits.isdecimal()):
        raise MalformedRequestError(
            f"The parameter {name!r} must be a whole number, not {value!r}."
        )
    return min(int(digits[:20]), LARGEST)
