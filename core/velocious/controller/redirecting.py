"""Keeps redirects at home: an address that came from a request may lead anywhere."""

from __future__ import annotations

import re

from velocious.errors import RenderError

#: A path of ours; browsers read "//" and "/\" as the beginning of another host.
_OWN = re.compile(r"/(?![/\\])[^\x00-\x20\\]*")


def own_address(address: str) -> str:
    """*address*, where it is a path of this application.

    Raises:
        RenderError: it may lead to another host.
    """
    if _OWN.fullmatch(address):
        return address
    raise RenderError(
        f"The redirect to {address!r} would leave this application. Redirect to a path like "
        "'/tasks/1', or say redirect_to(…, allow_other_host=True) where the address is yours and "
        "not the client's."
    )
