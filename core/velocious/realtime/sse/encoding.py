"""One event as it is sent.

Law: no field of an event can end its line.
"""

from __future__ import annotations

import re

from velocious.errors import RenderError

#: Proxies pass each piece on at once; no cache keeps any.
HEADERS = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
}
#: What fills silence, so that proxies keep the connection and a client that is gone is noticed.
COMMENT = b":\n\n"

_LINE = re.compile(r"\r\n|\r|\n")
_ENDS = re.compile(r"[\r\n\0]")


def encode_event(
    data: str, *, event: str | None = None, id: str | None = None, retry: int | None = None
) -> bytes:
    """*data*, of several lines if need be, with the other fields of its event.

    Raises:
        RenderError: a field holds a line break.
    """
    lines: list[str] = []
    if event is not None:
        lines.append(f"event: {_one_line('event', event)}")
    if id is not None:
        lines.append(f"id: {_one_line('id', id)}")
    if retry is not None:
        lines.append(f"retry: {int(retry)}")
    lines += [f"data: {line}" for line in _LINE.split(data)]
    return ("\n".join(lines) + "\n\n").encode("utf-8", "replace")


def _one_line(name: str, value: str) -> str:
    if _ENDS.search(value):
        raise RenderError(
            f"The {name} of an event would be {value!r}. Take line breaks out of it: what follows "
            "them would be read as another field."
        )
    return value
