"""What values of a client must look like before anything is made of them."""

from __future__ import annotations

from typing import Any, cast

from velocious.errors import MalformedCommandError


def mapping(value: Any, name: str) -> dict[str, Any]:
    """*value* as an object; None is an empty one. Raises MalformedCommandError."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedCommandError(f"{name!r} takes an object, not {value!r:.80}.")
    return cast("dict[str, Any]", value)


def sequence(value: Any, name: str) -> list[Any]:
    """*value* as a list; None is an empty one. Raises MalformedCommandError."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise MalformedCommandError(f"{name!r} takes a list, not {value!r:.80}.")
    return cast("list[Any]", value)


def text(value: Any, name: str) -> str:
    """*value* as text that says something. Raises MalformedCommandError."""
    if not isinstance(value, str) or not value.strip():
        raise MalformedCommandError(f"{name!r} takes text, not {value!r:.80}.")
    return value


def flag(value: Any, name: str) -> bool:
    """*value* as true or false; None is false. Raises MalformedCommandError."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise MalformedCommandError(f"{name!r} is true or false, not {value!r:.80}.")
    return value


def whole(value: Any, name: str, least: int) -> int | None:
    """*value* as a whole number, or None. Raises MalformedCommandError."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**53:
        raise MalformedCommandError(
            f"{name!r} takes a whole number from {least} on, not {value!r:.80}."
        )
    return value


def single(value: Any, name: str) -> Any:
    """*value*, where it is one value and no list or object. Raises MalformedCommandError."""
    if isinstance(value, dict | list | tuple | set):
        raise MalformedCommandError(f"{name!r} takes one value, not {value!r:.80}.")
    return value
