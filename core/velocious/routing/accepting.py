"""What a client likes to get, by its Accept header."""

from __future__ import annotations


def prefers_html(accept: str) -> bool:
    """Whether the client is a person's browser rather than a program.

    Programs say ``*/*`` or nothing; a browser that opens a page names HTML.
    """
    html = _weight(accept, ("text/html", "application/xhtml+xml"))
    json = _weight(accept, ("application/json",))
    return html > 0 and html >= json


def _weight(accept: str, types: tuple[str, ...]) -> float:
    best = 0.0
    for item in accept.lower().split(","):
        kind, *parameters = (part.strip() for part in item.split(";"))
        if kind in types:
            best = max(best, _quality(parameters))
    return best


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
