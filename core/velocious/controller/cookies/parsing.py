"""Reads the Cookie header: whatever comes, it never fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from velocious.controller.answer.header_check import TOKEN

if TYPE_CHECKING:
    from starlette.types import Scope

#: RFC 6265: what a cookie may be called, and what may stand in its value.
NAME = re.compile(TOKEN)
VALUE = re.compile(r"[!#-+\--:<-\[\]-~]*")
#: What stands around names and values. No other white space is taken off: a sibling domain may set
#: a cookie called "\xa0__Host-session", which must not become the one that only we can set.
_SPACE = " \t"


def received_cookies(scope: Scope) -> dict[str, str]:
    """The cookies of a request. Of two with one name the first counts: it is the one whose path is
    the longest, and a page of a sibling domain cannot put its own before it.
    """
    found: dict[str, str] = {}
    for header, text in scope["headers"]:
        if header != b"cookie":
            continue
        for pair in text.decode("latin-1").split(";"):
            name, equals, value = pair.partition("=")
            name = name.strip(_SPACE)
            if equals and name not in found and NAME.fullmatch(name):
                found[name] = _unquoted(value.strip(_SPACE))
    return found


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] == '"'
    return value[1:-1] if quoted else value
