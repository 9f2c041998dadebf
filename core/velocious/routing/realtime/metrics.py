"""``GET …/metrics``: for those who watch the process, and know its token."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import Response

from velocious.errors import MissingSecretError
from velocious.realtime.metrics import CONTENT_TYPE, metrics_text

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.routing.realtime.asked import Asked


async def metrics(asked: Asked) -> None:
    """Answer in Prometheus' text format."""
    given = (asked.upgrade.bearer or "").encode("utf-8", "replace")
    try:
        token = metrics_token(asked.configuration).encode()
    except MissingSecretError:
        raise HTTPException(404) from None
    if not hmac.compare_digest(given, token):
        raise HTTPException(401, "Unauthorized", {"WWW-Authenticate": "Bearer"})
    realtime = asked.configuration.realtime
    text = metrics_text(realtime.hub, realtime.engines)
    headers = {"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"}
    await Response(text, headers=headers)(asked.scope, asked.receive, asked.send)


def metrics_token(configuration: Configuration) -> str:
    """What opens the metrics: the setting's, or one that belongs to the application's secret.

    Raises:
        MissingSecretError: it has neither.
    """
    given = configuration.realtime_settings.metrics_token
    return configuration.secret.keys("metrics")[0].hex() if given is None else given
