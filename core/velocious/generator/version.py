"""The version of a new migration: the moment it is written, later than every other one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = "%Y%m%d%H%M%S"
_VERSION = re.compile(r"\d{14}(?=_)")


def next_version(now: datetime, names: Iterable[str]) -> str:
    """14 digits for *now*, or the second after the newest of the files *names*."""
    wanted = now.astimezone(UTC)
    newest = max((found[0] for name in names if (found := _VERSION.match(name))), default=None)
    if newest is None or newest < wanted.strftime(FORMAT):
        return wanted.strftime(FORMAT)
    return _after(newest)


def _after(version: str) -> str:
    try:
        moment = datetime.strptime(version, FORMAT).replace(tzinfo=UTC)
    except ValueError:
        # Hand-made versions need not be moments ("20260199000000").
        return f"{int(version) + 1:014}"
    return (moment + timedelta(seconds=1)).strftime(FORMAT)
