"""From values to text.

Law: the fast way and the careful way give texts that mean the same. The fast way takes the encoder
of ``json`` and then looks whether there was anything that it writes down wrongly: keys that are no
text, integers that JavaScript would round, and members that are called like our mark.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from velocious.wire.marks import DEEPEST, MARK

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.wire.tagging import Tagger

#: What ``json`` takes for lists and objects whatever else it is: a named tuple, a counter.
_CONTAINERS = (dict, list, tuple)
_TO_ZEROS = bytes(ord("0") if chr(code).isdigit() else code for code in range(128)) + bytes(
    range(128, 256)
)
#: As many digits as the smallest integer has that a number of JavaScript does not hold exactly.
_MANY_DIGITS = b"0" * 16


def encode(value: Any, *, exact: bool = False, plain: bool = False) -> str:
    """*value* as text that :func:`~velocious.wire.decode` reads, and JavaScript's ``decode``.

    Arguments:
        exact: the reader is Python, too: decimals, UUIDs, dates without a time zone and tuples stay
            what they are, where a page would get text and lists.
        plain: the caller knows that all containers are dicts and lists, that all keys are text, and
            that none of them is the mark.

    Raises:
        WireError: a value has no form; the message says where it lies in *value*.
    """
    text = _fast(value, exact=exact, plain=plain)
    return _careful(value, exact=exact) if text is None else text


def _fast(value: Any, *, exact: bool, plain: bool = False) -> str | None:
    """The text of *value*, or None where it takes care."""

    tagger: Tagger | None = None

    def default(inner: Any) -> Any:
        nonlocal tagger
        if tagger is None:
            tagger = _tagger(exact=exact)
        return tagger.tagged(inner)

    try:
        text = _json(value, default)
    except (TypeError, ValueError, OverflowError, RecursionError):
        # The careful way finds what it was, and where.
        return None
    is_right = (plain or _is_right(value, text, exact=exact)) and not _may_hold_big_integers(text)
    return text if is_right else None


def _json(value: Any, default: Callable[[Any], Any]) -> str:
    make: Any = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(
            ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=default
        ).encode(value)
    # json.dumps makes the same encoder anew for each value, and four objects more.
    quote = json.encoder.encode_basestring
    encoder: Any = make({}, default, quote, None, ":", ",", False, False, False)
    return "".join(encoder(value, 0))


def _careful(value: Any, *, exact: bool) -> str:
    return _json(_tagger(exact=exact).tagged(value), _tagged_already)


def _tagger(*, exact: bool) -> Tagger:
    # Imported late: most of what pages get needs no marks.
    from velocious.wire.tagging import Tagger

    return Tagger(exact=exact)


def _tagged_already(value: Any) -> Any:
    raise AssertionError(f"{value!r} should have been tagged")


def _is_right(value: Any, text: str, *, exact: bool) -> bool:
    """Whether all keys in *value* are text, and no container is of a kind that takes care; *text*
    is what was made of it.

    It goes level by level, so that the loops over thousands of rows are the interpreter's own, and
    ends with the last container: there are as many as brackets. Those inside of texts only make it
    look further.
    """
    left = text.count("{") + text.count("[")
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        kinds = set(map(type, level))
        if any(issubclass(kind, _CONTAINERS) for kind in kinds - _PLAIN[exact]):
            return False
        objects: list[dict[Any, Any]] = _of(dict, level, kinds)
        lists = _of(list, level, kinds) + _of(tuple, level, kinds)
        names = set[Any]().union(*objects)
        if MARK in names or not set(map(type, names)) <= {str}:
            return False
        left -= len(objects) + len(lists)
        if left <= 0 or not (objects or lists):
            return True
        level = list(chain(*map(dict[Any, Any].values, objects), *lists))
    return False


#: By whether the reader is Python: which types of containers the encoder writes down rightly.
_PLAIN = {False: {dict, list, tuple}, True: {dict, list}}


def _of(kind: type, level: list[Any], kinds: set[type]) -> list[Any]:
    if kind not in kinds:
        return []
    return level if len(kinds) == 1 else [one for one in level if type(one) is kind]


def _may_hold_big_integers(text: str) -> bool:
    digits = text.encode("utf-8", "surrogatepass").translate(_TO_ZEROS)
    return _MANY_DIGITS in digits
