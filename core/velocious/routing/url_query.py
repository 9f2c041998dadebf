"""Writes the query of an address: nested values by the names that ``params`` reads them by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, quote_plus

from velocious.routing.url_value import value_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def query_text(values: Mapping[str, Any], anchor: str = "") -> str:
    """``"?page=2&tags[]=a#top"``; None is left out, as are empty lists.

    Raises:
        UrlError: for a value without a clear text.
    """
    pairs = [pair for name, value in values.items() for pair in _pairs(name, value)]
    query = "&".join(f"{quote_plus(name, safe='[]')}={quote_plus(text)}" for name, text in pairs)
    return ("?" + query if query else "") + ("#" + quote(anchor) if anchor else "")


def _pairs(name: str, value: Any) -> Iterable[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, one in cast("Mapping[Any, Any]", value).items():
            yield from _pairs(f"{name}[{key}]", one)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in cast("Iterable[Any]", value):
            yield from _pairs(f"{name}[]", one)
    else:
        yield name, value if value == "" else value_text(value, f"{name!r} of the query")
