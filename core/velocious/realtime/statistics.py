"""What the engine has done so far, for `channels:stats` and the metrics page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Statistics:
    """Counts since the start of the process.

    Attributes:
        publications: publications of this process.
        deliveries: frames that were handed to connections.
        evictions: connections that were closed because they read too slowly.
        drops: events that slow readers missed.
        closed: connections that the engine closed, by reason.
        refused: subscriptions that were refused.
        opened: connections that were opened.
    """

    publications: int = 0
    deliveries: int = 0
    evictions: int = 0
    drops: int = 0
    refused: int = 0
    opened: int = 0
    closed: Counter[str] = field(default_factory=Counter[str])
