"""Advisory locks across the tabs of one origin: the browser's own locks.

Law: the browser holds the lock, so that it is free again the moment its tab is gone.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious_browser.interop import Host

_requests = count(1)


class TabLocks:
    """The lock broker of the database file at *path*."""

    def __init__(self, host: Host, path: str) -> None:
        self._host = host
        self._path = path
        self._held: dict[str, int] = {}

    async def acquire(self, name: str, timeout: float | None) -> bool:
        request = next(_requests)
        try:
            taken = await self._host.lock(request, f"velocious-lock:{self._path}:{name}", timeout)
        except BaseException:
            await self._host.unlock(request)
            raise
        if taken:
            self._held[name] = request
        return taken

    async def release(self, name: str) -> None:
        await self._host.unlock(self._held.pop(name))
