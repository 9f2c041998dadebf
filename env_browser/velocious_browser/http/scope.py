"""What ASGI calls a scope: a request, described for the application."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from velocious_browser.http.cookie_jar import SAFE_METHODS

if TYPE_CHECKING:
    from velocious_browser.http.cookie_jar import CookieJar
    from velocious_browser.http.exchange import LocalRequest

#: What the browser adds where a request leaves it, which this one never does. What arrives under
#: such a name was written by a script and means nothing.
ADDED_HERE = frozenset({"cookie", "host", "origin", "sec-fetch-site", "sec-fetch-mode"})


def http_scope(request: LocalRequest, jar: CookieJar, root_path: str) -> dict[str, Any]:
    """The scope of *request*, with the cookies of the application in this browser.

    Arguments:
        root_path: the path that the application is served below.
    """
    address = urlsplit(request.url)
    raw_path = address.path or "/"
    path = unquote(raw_path) if "%" in raw_path else raw_path
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": address.scheme,
        "path": path,
        "raw_path": raw_path.encode("ascii"),
        "query_string": address.query.encode("ascii"),
        "root_path": root_path,
        "headers": _headers(request, jar.header(path, **_sender(request)), address.netloc),
        "client": None,
        "server": _server(address.scheme, address.netloc),
        "state": {},
        "extensions": {},
    }


def _sender(request: LocalRequest) -> dict[str, Any]:
    return {"method": request.method, "cross_site": request.cross_site}


def _headers(request: LocalRequest, cookies: str, host: str) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in request.headers if name.lower() not in ADDED_HERE]
    added = [("host", host), *_origin(request), *([("cookie", cookies)] if cookies else [])]
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in (*kept, *added)
    ]


def _origin(request: LocalRequest) -> list[tuple[str, str]]:
    """Who asks: the application itself, or another site that must not change anything."""
    site = "cross-site" if request.cross_site else "same-origin"
    told = [("sec-fetch-site", site), ("sec-fetch-mode", request.mode)]
    if request.method not in SAFE_METHODS:
        address = urlsplit(request.url)
        own = f"{address.scheme}://{address.netloc}"
        told.append(("origin", "null" if request.cross_site else own))
    return told


@lru_cache(maxsize=8)
def _server(scheme: str, netloc: str) -> tuple[str, int]:
    # A tab has one origin.
    address = urlsplit(f"{scheme}://{netloc}")
    return address.hostname or "", address.port or (443 if scheme == "https" else 80)
