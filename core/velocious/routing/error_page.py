"""The page that a person sees in place of the one that was asked for."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The page needs nothing but its own style, whatever an error's message holds.
CONTENT_SECURITY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; padding: 10vh 1.5rem 3rem; }
main { max-width: 44rem; margin: auto; }
.status { opacity: .65; letter-spacing: .08em; margin: 0; }
h1 { margin: 0 0 .75rem; font-size: 1.75rem; line-height: 1.25; text-wrap: balance; }
p { overflow-wrap: anywhere; }
pre { overflow-x: auto; padding: 1rem; font-size: .8125rem; border-radius: .5rem;
  border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
a { color: inherit; }
""".strip()


def error_page(status: int, details: Mapping[str, Any]) -> str:
    """A whole page that says *status* and *details*."""
    title = escape(_phrase(status))
    traceback = details.get("traceback")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f'<p class="status">{status}</p>\n<h1>{title}</h1>\n'
        f"<p>{escape(str(details['message']))}</p>\n"
        + (f'<pre tabindex="0">{escape(traceback)}</pre>\n' if traceback else "")
        + '<p><a href="/">Start page</a></p>\n</main>\n</body>\n</html>\n'
    )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"
