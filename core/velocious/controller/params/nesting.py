"""Nested names in queries and forms: ``a[b][c]=1``, ``a[]=1``, ``items[0][name]=x``.

Law: the work grows with the bytes that were sent and no faster, and a name that can be read in two
ways is refused instead of guessed.

- ``tags[]`` adds to a list.
- ``items[][name]`` sets the name of the last object of a list; the first name that this object has
  already begins the next one.
- ``items[0][name]``, ``items[1][name]``, …: indexes that count from 0 without a gap make a list.
  Others stay names (``amounts[42]``), because they are somebody's keys.
- A plain name that is sent twice has its last value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote_to_bytes

from velocious.controller.params.params import Params, SentList
from velocious.errors import MalformedRequestError, TooManyParametersError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How deep names may be nested.
DEEPEST = 32

_NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(?:\[[^\[\]]*\])*)")
#: Longer numbers are nobody's index.
_LONGEST_INDEX = 6


def pairs_of(text: bytes, limit: int) -> list[tuple[str, str]]:
    """The names and values of a query or an urlencoded form.

    Raises:
        TooManyParametersError: there are more than *limit*.
        MalformedRequestError: they are not UTF-8, or hold NUL.
    """
    if text.count(b"&") >= limit:
        raise TooManyParametersError(limit)
    if b"%00" in text or b"\0" in text:
        # No column takes it, no file name, and no form of a person has it.
        raise MalformedRequestError("The parameters hold a NUL character. Leave it out.")
    plain = text.replace(b"+", b" ")
    try:
        if b"%" not in plain:
            return [_split(one) for one in plain.decode().split("&") if one]
        pairs = [one.partition(b"=") for one in plain.split(b"&") if one]
        return [
            (unquote_to_bytes(name).decode(), unquote_to_bytes(value).decode())
            for name, _, value in pairs
        ]
    except UnicodeDecodeError as error:
        raise MalformedRequestError(f"The parameters are not UTF-8: {error.reason}.") from error


def _split(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name, value


def nested(pairs: Iterable[tuple[str, Any]]) -> Params:
    """*pairs* by name, with what their names nest.

    Raises:
        MalformedRequestError: a name is malformed, too deep, or contradicts another one.
    """
    found = Params()
    indexed: list[tuple[Any, Any, Params]] = []
    for name, value in pairs:
        if "[" in name or "]" in name or not name:
            _put(found, name, value, indexed)
        elif isinstance(found.get(name), dict | list):
            raise _conflict(name)
        else:
            found[name] = value
    # The innermost first: an outer list then takes what the inner ones have become.
    for holder, key, numbered in reversed(indexed):
        holder[key] = _counted(numbered)
    return found


def _put(found: Params, name: str, value: Any, indexed: list[tuple[Any, Any, Params]]) -> None:
    path = _path(name)
    holder: Any = found
    key: Any = path[0]
    for place, step in enumerate(path[1:], start=1):
        if step:
            inner = _inner(holder, key, Params, name)
            if not inner and _is_index(step):
                indexed.append((holder, key, inner))
            holder, key = inner, step
        elif place < len(path) - 1:
            holder = _inner(holder, key, SentList, name)
            key = _item(holder, path[place + 1 :], name)
        else:
            _add(_inner(holder, key, SentList, name), value, name)
            return
    if isinstance(_at(holder, key), dict | list):
        raise _conflict(name)
    holder[key] = value


def _item(items: list[Any], path: list[str], name: str) -> int:
    """The place of the object in *items* that the value at *path* belongs to."""
    if items and not isinstance(items[-1], dict):
        raise _conflict(name)
    if not items or _has(items[-1], path):
        items.append(Params())
    return len(items) - 1


def _add(items: list[Any], value: Any, name: str) -> None:
    if items and isinstance(items[-1], dict):
        raise _conflict(name)
    items.append(value)


def _path(name: str) -> list[str]:
    """``a[b][]`` → ``["a", "b", ""]``."""
    read = _NAME.fullmatch(name)
    path = [] if read is None else [read["first"], *read["rest"][1:-1].split("][")]
    if read is None or ("", "") in zip(path, path[1:], strict=False):
        raise MalformedRequestError(
            f"The parameter name {_shown(name)} is malformed. Write it like 'name', 'tags[]', "
            "'task[name]' or 'items[0][name]'."
        )
    if len(path) > DEEPEST:
        raise MalformedRequestError(
            f"The parameter name {_shown(name)} is nested more than {DEEPEST} levels deep."
        )
    return path


def _inner(holder: Any, key: Any, kind: type[Any], name: str) -> Any:
    """The container at *key* of *holder*, made where there is none."""
    existing = _at(holder, key)
    if existing is None:
        existing = holder[key] = kind()
    elif not isinstance(existing, kind):
        raise _conflict(name)
    return existing


def _at(holder: Any, key: Any) -> Any:
    return holder.get(key) if isinstance(holder, Params) else holder[key]


def _has(item: Any, path: list[str]) -> bool:
    """Whether the object *item* holds a value at *path* already, so that another one is meant."""
    for step in path:
        if step == "":
            return False
        if not isinstance(item, dict) or step not in item:
            return False
        item = cast("Any", item[step])
    return True


def _is_index(step: str) -> bool:
    """Whether *step* is a number without leading zeros."""
    is_number = step.isascii() and step.isdecimal() and len(step) <= _LONGEST_INDEX
    return is_number and (step == "0" or step[0] != "0")


def _counted(numbered: Params) -> Params | list[Any]:
    """A list, where the names of *numbered* are 0, 1, 2, … in any order."""
    if any(str(number) not in numbered for number in range(len(numbered))):
        return numbered
    return SentList(numbered[str(number)] for number in range(len(numbered)))


def _conflict(name: str) -> MalformedRequestError:
    return MalformedRequestError(
        f"The parameter {_shown(name)} contradicts an earlier one: the same name is used for a "
        "value, a list or an object. Use a name for one of them."
    )


def _shown(name: str) -> str:
    return repr(name if len(name) <= 100 else f"{name[:100]}…")
