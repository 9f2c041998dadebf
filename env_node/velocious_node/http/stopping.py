"""The moment at which a server begins to stop, for those who must know it."""

from __future__ import annotations

import asyncio


class Stopping:
    """Begins once, and never ends."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def begun(self) -> bool:
        return self._event.is_set()

    def begin(self) -> None:
        self._event.set()

    async def wait(self) -> None:
        """Return when it begins."""
        await self._event.wait()
