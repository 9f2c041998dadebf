"""Refuses headers that would end their line: whoever chooses the rest of it answers in our name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What a header, and a cookie, may be called (RFC 9110, 5.6.2).
TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_NAME = re.compile(TOKEN.encode())
_BROKEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def check_headers(headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise RenderError where one of *headers* has no name, or control characters in its value."""
    for name, value in headers:
        if _NAME.fullmatch(name) is None:
            raise RenderError(
                f"An answer cannot have a header called {name.decode('latin-1')!r}. Use letters, "
                "digits and -."
            )
        if _BROKEN.search(value) is not None:
            raise RenderError(
                f"The header {name.decode('latin-1')} would be {value.decode('latin-1')!r}. Take "
                "line breaks and other control characters out of it: what follows them would be "
                "read as another header, or as the answer itself."
            )
