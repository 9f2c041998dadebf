"""Lets forms of HTML, which only know GET and POST, patch, put and delete.

Law: only a form's body may say so, only for a POST, and only these three methods: what a link or
another site's image could ask for never becomes a change.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope

#: The field of the form. It must come before everything else but other short fields.
FIELD = "_method"
#: How many bytes of a form are looked at. A form's builder writes the field first.
WITHIN = 8192

_METHODS = {b"patch": "PATCH", b"put": "PUT", b"delete": "DELETE"}
_IN_PAIRS = re.compile(rb"(?:^|&)_method=(\w*)(?:&|\Z)")
_IN_PARTS = re.compile(
    rb"(?:^|\r\n)--[^\r\n]+\r\nContent-Disposition: form-data; name=\"_method\"\r\n"
    rb"(?:[!-~ ]+\r\n)*\r\n(\w*)\r\n--",
    re.IGNORECASE,
)
_FORMS = {b"application/x-www-form-urlencoded": _IN_PAIRS, b"multipart/form-data": _IN_PARTS}


async def override_method(scope: Scope, receive: Receive) -> Receive:
    """Put the method that a posted form asks for into *scope*.

    Returns what the body is received from: what was looked at comes from there again.
    """
    pattern = _pattern(scope)
    if pattern is None:
        return receive
    seen: list[Message] = []
    start = b""
    more = True
    while more and len(start) < WITHIN:
        message = await receive()
        seen.append(message)
        start += message.get("body", b"")
        more = message.get("more_body", False)
    found = pattern.search(start, 0, WITHIN)
    if found is not None:
        scope["method"] = _METHODS.get(found[1].lower(), scope["method"])
    return _again(seen, receive)


def _pattern(scope: Scope) -> re.Pattern[bytes] | None:
    for name, value in scope["headers"]:
        if name == b"content-type":
            return _FORMS.get(value.partition(b";")[0].strip().lower())
    return None


def _again(seen: list[Message], receive: Receive) -> Receive:
    waiting = iter(seen)

    async def replay() -> Message:
        for message in waiting:
            return message
        return await receive()

    return replay
