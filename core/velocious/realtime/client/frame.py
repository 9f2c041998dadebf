"""What a server says in one message: an object of JSON."""

from __future__ import annotations

import json
import logging
from typing import Any, cast

logger = logging.getLogger("velocious.realtime.client")


def read_frame(text: str) -> dict[str, Any] | None:
    """The object that *text* is; None, and a warning, where it is something else."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        frame = None
    if isinstance(frame, dict):
        return cast("dict[str, Any]", frame)
    logger.warning("A message of %d characters was left out: it is no object", len(text))
    return None
