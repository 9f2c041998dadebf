"""What a request is called: in the log, in its answer, in what other services log of it.

Law: an id that a client sends is believed only where it is short and harmless, for it goes into
logs and headers.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Scope

HEADER = b"x-request-id"
#: Where the ASGI scope keeps it.
KEY = "velocious.request_id"

_HARMLESS = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def request_id(scope: Scope) -> str:
    """The id of the request of *scope*: the client's, or one that is made now."""
    known: str | None = scope.get(KEY)
    if known is None:
        known = scope[KEY] = _sent(scope) or os.urandom(16).hex()
    return known


def _sent(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == HEADER:
            return value.decode("ascii") if _HARMLESS.fullmatch(value) else None
    return None
