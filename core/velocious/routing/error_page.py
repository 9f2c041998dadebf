"""A page for people, in place of the one they asked for."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from velocious.routing.error_style import FRIENDLY_STYLE, page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TITLES = {
    400: "This request could not be understood",
    401: "Please sign in first",
    403: "This is not open to you",
    404: "There is no page here",
    405: "This cannot be done here",
    408: "That took too long to arrive",
    413: "That is too large",
    422: "Something in the form does not fit",
    429: "That was a little too often",
    500: "Something went wrong on our side",
    503: "We will be right back",
}


def error_page(status: int, details: Mapping[str, Any], request_id: str | None = None) -> str:
    """A whole page that says *status* and *details*."""
    title = escape(_TITLES.get(status) or _phrase(status))
    number = f'\n<p class="id">Request <code>{escape(request_id)}</code></p>' if request_id else ""
    return page(
        title,
        FRIENDLY_STYLE,
        f'<main>\n<p class="status">{status}</p>\n<h1>{title}</h1>\n'
        f"<p>{escape(str(details['message']))}</p>\n"
        + _nearest(details.get("nearest_routes") or ())
        + f'<p><a href="/">Go to the start page</a></p>{number}\n</main>',
    )


def _nearest(routes: Sequence[str]) -> str:
    """The routes that may have been meant."""
    if not routes:
        return ""
    items = "".join(f"<li><code>{escape(route)}</code></li>" for route in routes)
    return f"<p>Nearest routes:</p>\n<ul>{items}</ul>\n"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
