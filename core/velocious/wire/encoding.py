"""From values to text.

Law: the fast way and the careful way give texts that mean the same. The fast way takes the encoder
of ``json`` and then looks, level by level, whether there was anything that it writes down wrongly.
"""

from __future__ import annotations

import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from velocious.wire.marks import DEEPEST, MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from velocious.wire.tagging import Tagger

#: What ``json`` writes down rightly by itself, as far as the type says.
_PLAIN = frozenset({str, int, float, bool, type(None), list, dict})
#: What ``json`` takes for one of those although it may be more: an enum, a named tuple.
_BASES = (str, int, float, list, dict, tuple)
_TO_ZEROS = bytes(ord("0") if chr(code).isdigit() else code for code in range(128)) + bytes(
    range(128, 256)
)
#: As many digits as the smallest integer has that a number of JavaScript does not hold exactly.
_MANY_DIGITS = b"0" * 16


def encode(value: Any, *, exact: bool = False) -> str:
    """*value* as text that :func:`~velocious.wire.decode` reads, and JavaScript's ``decode``.

    Arguments:
        exact: the reader is Python, too: decimals, UUIDs, dates without a time zone and tuples stay
            what they are, where a page would get text and lists.

    Raises:
        WireError: a value has no form; the message says where it lies in *value*.
    """
    text = _fast(value, exact=exact)
    return _careful(value, exact=exact) if text is None else text


def _fast(value: Any, *, exact: bool) -> str | None:
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
    is_right = _is_right(value, exact=exact) and not _may_hold_big_integers(text)
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


def _is_right(value: Any, *, exact: bool) -> bool:
    """Whether no type of a value, and no key, is one that ``json`` writes down as another.

    It goes level by level, so that the loops over thousands of rows are the interpreter's own.
    """
    level: list[Any] = [value]
    for _ in range(DEEPEST + 1):
        if not level:
            return True
        kinds = set(map(type, level))
        if not kinds <= _PLAIN and not _are_right(kinds - _PLAIN, exact=exact):
            return False
        inner: list[Any] = []
        if dict in kinds:
            objects: list[dict[Any, Any]] = _of(dict, level, kinds)
            names = set[Any]().union(*objects)
            if MARK in names or not set(map(type, names)) <= {str}:
                return False
            inner += chain.from_iterable(map(dict[Any, Any].values, objects))
        if list in kinds:
            inner += chain.from_iterable(_of(list, level, kinds))
        if tuple in kinds:
            inner += chain.from_iterable(_of(tuple, level, kinds))
        level = inner
    return False


def _are_right(kinds: Iterable[type], *, exact: bool) -> bool:
    # What is no kind of a plain value comes to `default`, which takes care of all that is in it.
    return all((kind is tuple and not exact) or not issubclass(kind, _BASES) for kind in kinds)


def _of(kind: type, level: list[Any], kinds: set[type]) -> list[Any]:
    return level if len(kinds) == 1 else [one for one in level if type(one) is kind]


def _may_hold_big_integers(text: str) -> bool:
    digits = text.encode("utf-8", "surrogatepass").translate(_TO_ZEROS)
    return _MANY_DIGITS in digits
