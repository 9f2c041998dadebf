"""Keeps secrets in addresses out of logs, and line breaks with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

if TYPE_CHECKING:
    from collections.abc import Sequence

FILTERED = "[filtered]"
#: Bytes of a query and characters of a path that are shown: what a client sends beyond them would
#: cost a server time, and its log room, for nothing.
LONGEST = 2048

_SECRET = re.compile(
    r"passw|passphrase|secret|token|api[-_]?key|private[-_]?key|authorization|cookie"
)


def logged_address(path: str, query: bytes, secret: Sequence[str] = ()) -> str:
    """*path* and *query* as one word, without the values of parameters that are *secret* or sound
    so.
    """
    address = quote(path[:LONGEST], safe="/:@!$&'()*+,;=~") + ("…" if path[LONGEST:] else "")
    if not query:
        return address
    # A name that is cut in two has no value that could be shown.
    pairs = parse_qsl(query[:LONGEST].decode("latin-1"), keep_blank_values=True)
    shown = [f"{quote(name, safe='[]')}={_shown(name, value, secret)}" for name, value in pairs]
    return f"{address}?{'&'.join(shown)}{'…' if query[LONGEST:] else ''}"


def is_secret(name: str, secret: Sequence[str] = ()) -> bool:
    """Whether a parameter's value must not be logged: its name, or a part of it in brackets, is
    *secret* or sounds like it.
    """
    if secret and not set(re.split(r"[\[\]]+", name)).isdisjoint(secret):
        return True
    return _SECRET.search(name.lower()) is not None


def _shown(name: str, value: str, secret: Sequence[str]) -> str:
    return FILTERED if is_secret(name, secret) else quote(value)
