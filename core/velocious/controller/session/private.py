"""Keeps answers that depend on a session out of caches that others share."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.responses import Response

logger = logging.getLogger("velocious.http")


def make_private(response: Response, *, sets_cookie: bool) -> None:
    """Say in the headers of *response* that it is for one visitor.

    What the action said itself about caches stays, unless it would hand one visitor's cookie to
    others.
    """
    headers = response.headers
    headers.add_vary_header("Cookie")
    said = headers.get("cache-control")
    if said is None:
        headers["cache-control"] = "private"
    elif sets_cookie and "public" in said.lower():
        logger.warning("an answer that sets the session's cookie said %r: made private", said)
        headers["cache-control"] = "private"
