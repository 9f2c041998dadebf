"""Reads JSON that somebody else wrote.

Law: how deep it goes is known before it is parsed, in time that grows with its bytes: no body
reaches the limits of the interpreter's stack. What two readers could understand differently (a
name twice, NaN, half characters) is refused.
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, cast

from velocious.controller.params import Params, SentList
from velocious.errors import MalformedRequestError
from velocious.wire.depth import depth

if TYPE_CHECKING:
    from collections.abc import Callable

#: How deep arrays and objects may be nested.
DEEPEST = 100

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def parse_json(body: bytes) -> Any:
    """The value that *body* holds, objects as Params; an empty body is an empty object.

    Raises:
        MalformedRequestError: with the place of the mistake.
    """
    if not body:
        return Params()
    lists = body.count(b"[")
    if lists + body.count(b"{") > DEEPEST and depth(body) > DEEPEST:
        raise MalformedRequestError(
            f"The JSON body is nested too deeply: more than {DEEPEST} levels."
        )
    try:
        text = body.decode("utf-8")
        value = (_WITH_LISTS if lists else _DECODER).decode(text)
        if "\\u" in text:
            # Half of a surrogate pair is no character: no database and no answer could hold it.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
            if _NUL.search(text):
                raise ValueError("a text holds a NUL character")
    except (UnicodeDecodeError, UnicodeEncodeError) as error:
        raise MalformedRequestError(f"The JSON body is not UTF-8: {error.reason}.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise MalformedRequestError(
            f"The JSON body is malformed: {error.msg} ({place})."
        ) from error
    except ValueError as error:
        raise MalformedRequestError(f"The JSON body is malformed: {error}.") from error
    return _sent(cast("list[Any]", value)) if type(value) is list else value


def _object(pairs: list[tuple[str, Any]]) -> Params:
    found = Params(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"an object has the name {_repeated(pairs)!r} twice")
    return found


def _object_with_lists(pairs: list[tuple[str, Any]]) -> Params:
    found = _object(pairs)
    for name, value in pairs:
        if type(value) is list:
            found[name] = _sent(cast("list[Any]", value))
    return found


def _sent(members: list[Any]) -> SentList:
    if list in map(type, members):
        return SentList(
            _sent(cast("list[Any]", one)) if type(one) is list else one for one in members
        )
    return SentList(members)


def _repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name[:100]
        seen.add(name)
    return ""


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _float(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise ValueError(f"{digits[:40]} is too large for a number")
    return value


def _decoder(hook: Callable[[list[tuple[str, Any]]], Params]) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=hook, parse_constant=_constant, parse_float=_float)


_DECODER, _WITH_LISTS = _decoder(_object), _decoder(_object_with_lists)
