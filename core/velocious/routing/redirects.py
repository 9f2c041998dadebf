"""Redirects that are drawn: where they lead, and that no request can choose it.

Law: the host of a redirect is written in the routes, never taken from a request. What a request
fills in is percent-encoded, and no path begins with two slashes, which browsers read as a host.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from velocious.errors import RoutingError, suggestion
from velocious.routing.path import parameters, pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

STATUSES = (301, 302, 303, 307, 308)
_WITH_HOST = re.compile(r"(https?://[^/{}?#\\\s]+)(.*)")


def check_redirect(path: str, address: str, status: int) -> None:
    """Raises RoutingError where such a redirect makes no sense, or could lead anywhere."""
    if status not in STATUSES:
        known = ", ".join(map(str, STATUSES))
        raise RoutingError(f"A redirect cannot have the status {status!r}. Take one of {known}.")
    host, rest = _cut(address)
    if not rest.startswith("/") and (rest or not host):
        raise RoutingError(
            f"The redirect to {address!r} does not say where it leads. Write a path of this "
            'application like "/tasks/{id}", or an address whose host is written out.'
        )
    known = [one.name for one in parameters(path)]
    for parameter in parameters(rest):
        if parameter.name not in known:
            raise RoutingError(
                f"The redirect to {address!r} has a parameter {parameter.name!r} that {path!r} "
                f"does not have. {suggestion(parameter.name, known)}"
            )


def redirect_address(
    address: str, texts: Mapping[str, str], *, root_path: str = "", query: str = ""
) -> str:
    """Where a request goes whose parameters are *texts*: *address* with these filled in, and with
    the request's *query* where it has none of its own.
    """
    host, rest = _cut(address)
    filled = "".join(
        piece if isinstance(piece, str) else quote(texts[piece.name], safe=_safe(piece.type))
        for piece in pieces(rest)
    )
    if not host:
        filled = quote(root_path, safe="/") + "/" + filled.lstrip("/")
    if query and "?" not in rest:
        filled, hash_sign, fragment = filled.partition("#")
        filled = f"{filled}?{query}{hash_sign}{fragment}"
    return host + quote(filled, safe="/:%#?=@[]!$&'()*+,;~")


def _cut(address: str) -> tuple[str, str]:
    found = _WITH_HOST.fullmatch(address)
    return (found[1], found[2]) if found else ("", address)


def _safe(kind: str) -> str:
    return "/" if kind == "path" else ""
