"""``{% content_for "title" %}Posts{% endcontent_for %}``: a page says something to its layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import nodes
from jinja2.ext import Extension
from markupsafe import Markup

from velocious.view.rendering import current_rendering

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from jinja2.parser import Parser


class ContentForTag(Extension):
    """Captures a block for ``{{ content("title") }}`` of the layout; what is said twice is
    appended.
    """

    tags = {"content_for"}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        name = parser.parse_expression()
        body = parser.parse_statements(("name:endcontent_for",), drop_needle=True)
        call = self.call_method("_capture", [name], lineno=line)
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def _capture(self, name: str, caller: Callable[[], Any]) -> Markup:
        contents = current_rendering().contents
        contents[name] = contents.get(name, Markup()) + caller()
        return Markup()
