"""Which dialect a client wants.

Law: it is said, by the path or by ``Sec-WebSocket-Protocol``; never guessed from a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.realtime.dialects.base import Dialect


def chosen(
    dialects: Sequence[Dialect], offered: Sequence[str]
) -> tuple[Dialect, str | None] | None:
    """The dialect and what the server answers; None where it speaks nothing that is offered."""
    for name in offered:
        for dialect in dialects:
            if name in dialect.subprotocols:
                return dialect, name
    first = dialects[0]
    # Who offers only words of other protocols does not understand this one.
    return None if offered and first.subprotocols else (first, None)
