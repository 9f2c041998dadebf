"""Keeps secrets in addresses out of logs, and line breaks with them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote

FILTERED = "[filtered]"

_SECRET = re.compile(
    r"passw|passphrase|secret|token|api[-_]?key|private[-_]?key|authorization|cookie"
)


def logged_address(path: str, query: bytes) -> str:
    """*path* and *query* as one word, without the values of parameters that sound secret."""
    address = quote(path, safe="/:@!$&'()*+,;=~")
    if not query:
        return address
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    shown = [f"{quote(name, safe='[]')}={_shown(name, value)}" for name, value in pairs]
    return f"{address}?{'&'.join(shown)}"


def is_secret(name: str) -> bool:
    """Whether a parameter's name sounds like its value must not be logged."""
    return _SECRET.search(name.lower()) is not None


def _shown(name: str, value: str) -> str:
    return FILTERED if is_secret(name) else quote(value)
