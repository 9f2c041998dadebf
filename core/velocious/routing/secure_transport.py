"""``http={"force_ssl": True}``: nothing is answered over plain HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from velocious.routing.hosts import host_name

if TYPE_CHECKING:
    from starlette.types import Scope

#: A year; names below the host are their owners' business.
STRICT_TRANSPORT_SECURITY = "max-age=31536000"


def to_https(scope: Scope) -> Response | None:
    """The redirect to the same address over HTTPS; None where it is HTTPS already.

    Law: the host has been checked before, or this would lead anywhere.
    """
    if scope["scheme"] == "https":
        return None
    given = next((value for name, value in scope["headers"] if name == b"host"), b"")
    name = host_name(given.decode("latin-1"))
    if name is None:
        return Response(status_code=400)
    # Other methods than these must be repeated with their body.
    status = 301 if scope["method"] in ("GET", "HEAD") else 308
    return Response(status_code=status, headers={"Location": f"https://{name}{_address(scope)}"})


def _address(scope: Scope) -> str:
    path: bytes = scope.get("raw_path") or b"/"
    query: bytes = scope["query_string"]
    address = path + (b"?" + query if query else b"")
    return "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in address)
