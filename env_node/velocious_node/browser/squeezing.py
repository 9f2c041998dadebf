"""Squeezes files once and as hard as it goes, for servers that send what lies beside a file.

Brotli is written where the package ``brotli`` is installed.
"""

from __future__ import annotations

import gzip
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from velocious_node.http.media_type import media_type

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = {"br": ".br", "gzip": ".gz"}
#: Below this, headers weigh more than what is won.
SMALLEST = 512
_TEXT = ("application/json", "application/manifest+json", "application/wasm", "image/svg+xml")


def squeezed(path: str, content: bytes) -> Mapping[str, bytes]:
    """*content* by coding, where that is shorter; nothing for what is squeezed already."""
    kind = media_type(path).partition(";")[0]
    if len(content) < SMALLEST or not (kind.startswith("text/") or kind in _TEXT):
        return {}
    made = {"gzip": gzip.compress(content, 9, mtime=0)}
    if find_spec("brotli"):
        brotli: Any = import_module("brotli")
        made = {"br": brotli.compress(content), **made}
    return {coding: body for coding, body in made.items() if len(body) < len(content)}
