"""Modules of the browser's side by themselves: pages get those of a start joined in one file."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

from browser_tests._server import JAVASCRIPT

_FROM = re.compile(r"(?<=\bfrom ')\.[^']+(?=')")


def module_url(name: str) -> str:
    """An address from which *name*, with what it imports, can be imported in any page."""

    def imported(found: re.Match[str]) -> str:
        return module_url(posixpath.normpath(posixpath.join(posixpath.dirname(name), found[0])))

    source = (JAVASCRIPT / name).read_text(encoding="utf-8")
    return "data:text/javascript;charset=utf-8," + quote(_FROM.sub(imported, source), safe="")
