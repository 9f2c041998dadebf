"""The page of the developer tools.

Law: people who use an application in production get it only where its configuration says so.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.configuration import Configuration

PAGE = "devtools.html"
#: Of the library's scripts those that only the developer tools need.
FOLDER = "devtools/"

_STYLE = (
    ":root{color-scheme:light dark;background:light-dark(#f6f5f2,#101216);"
    "font:16px/1.5 system-ui,sans-serif}body{margin:0}#devtools{block-size:100dvh}"
    "noscript{display:block;padding:2rem}"
)


def has_devtools(configuration: Configuration, environment: str) -> bool:
    """Whether the page is served where the application runs in *environment*."""
    if configuration.devtools is None:
        return environment in ("development", "test")
    return configuration.devtools


def devtools_page(name: str, root: str) -> str:
    """The page, for the application called *name* below the path *root*."""
    module = escape(f"{root}/velocious/{FOLDER}page.mjs")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\n'
        f"<title>{escape(name)} · Developer tools</title>\n"
        '<meta name="robots" content="noindex">\n<link rel="icon" href="data:,">\n'
        f'<style>{_STYLE}</style>\n<script type="module" src="{module}"></script>\n</head>\n'
        f'<body>\n<div id="devtools" data-application="{escape(name)}"></div>\n'
        "<noscript>The developer tools run in your browser, which takes JavaScript.</noscript>\n"
        "</body>\n</html>\n"
    )
