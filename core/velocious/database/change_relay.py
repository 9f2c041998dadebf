"""Changes on their way to others, and theirs on the way here.

Law: what came from others is never sent on. A burst of commits is one message.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextvars import copy_context
from typing import TYPE_CHECKING

from velocious.database.changes import Change

if TYPE_CHECKING:
    from velocious.database.change_carrier import ChangeCarrier
    from velocious.database.changes import Changes

#: Seconds between two messages: the first change goes at once, those behind it together.
PAUSE = 0.005

_log = logging.getLogger("velocious.changes")


class ChangeRelay:
    """Connects *changes* with those of others through *carrier*, until :meth:`close`."""

    def __init__(self, changes: Changes, carrier: ChangeCarrier) -> None:
        self._changes = changes
        self._carrier = carrier
        self._waiting: dict[tuple[str | None, str | None], frozenset[str] | None] = {}
        # The last that waits: who writes row by row says the same again and again.
        self._last: Change | None = None
        self._context = copy_context()
        self._timer: asyncio.Handle | None = None
        self._free_at = 0.0
        self._unsubscribe = changes.subscribe(self._collect)
        carrier.open(self._receive)

    def close(self) -> None:
        """Send what waits, and end it."""
        self._unsubscribe()
        self._send()
        self._carrier.close()

    def _collect(self, change: Change) -> None:
        if change is self._last or change.foreign:
            return
        if not self._waiting:
            loop = asyncio.get_running_loop()
            if loop.time() < self._free_at:
                self._timer = loop.call_at(self._free_at, self._send)
            else:
                self._timer = loop.call_soon(self._send)
        key = change.database, change.place
        before = self._waiting.get(key, frozenset[str]())
        if before is None or change.tables is None:
            self._waiting[key] = None
        else:
            self._waiting[key] = before | change.tables
        self._last = change

    def _send(self) -> None:
        waiting, self._waiting, self._last = self._waiting, {}, None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if waiting:
            sent = [
                [database, place, None if tables is None else sorted(tables)]
                for (database, place), tables in waiting.items()
            ]
            self._carrier.send(json.dumps(sent))
            self._free_at = asyncio.get_running_loop().time() + PAUSE

    def _receive(self, text: str) -> None:
        # Who calls may be JavaScript, which has no context.
        self._context.copy().run(self._publish, text)

    def _publish(self, text: str) -> None:
        try:
            told = [
                Change(
                    database,
                    None if tables is None else frozenset[str](tables),
                    place,
                    foreign=True,
                )
                for database, place, tables in json.loads(text)
            ]
        except (ValueError, TypeError):
            _log.warning("A notice of changes from elsewhere cannot be read: %.200s", text)
            told = [Change(None, None, foreign=True)]
        for change in told:
            self._changes.publish(change)
