"""``{% cache post %}…{% endcache %}``: renders a block once, until what it is of changes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.ext import Extension
from markupsafe import Markup

from velocious.current import Current
from velocious.translation import current_locale
from velocious.view.fragments import key_part, owner_part
from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.parser import Parser


class CacheTag(Extension):
    """Keeps the block under its key, its place, its template's text, the locale and the tenant."""

    tags = {"cache"}

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        self._digest = sha256(source.encode()).hexdigest()[:16]
        return source

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        parts = [parser.parse_expression()]
        while parser.stream.skip_if("comma"):
            parts.append(parser.parse_expression())
        body = parser.parse_statements(("name:endcache",), drop_needle=True)
        place = nodes.Const(f"{parser.name}:{line}:{self._digest}")
        call = self.call_method("_cached", [place, nodes.List(parts)], lineno=line)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _cached(self, place: str, parts: list[Any], caller: Callable[[], Any]) -> Markup:
        rendering = current_rendering()
        kept = rendering.views.fragments
        owner = owner_part(Current.tenant())
        key = (place, current_locale(), owner, *(key_part(part) for part in parts))
        found = kept.get(key)
        if found is None:
            with rendering.caching():
                found = Markup(caller())
            kept.put(key, found)
        return found
