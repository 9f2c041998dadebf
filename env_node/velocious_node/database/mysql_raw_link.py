"""What the links of both driver packages have in common: one began as a copy of the other."""

from __future__ import annotations

from typing import Any


class RawLink:
    """See :class:`velocious_node.database.mysql_link.Link`; *raw* is the package's connection."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    @property
    def in_transaction(self) -> bool:
        # SERVER_STATUS_IN_TRANS
        return bool(self._raw.server_status & 1)

    @property
    def thread_id(self) -> int:
        return self._raw.thread_id()

    @property
    def server_version(self) -> str:
        return self._raw.get_server_info()

    async def close(self) -> None:
        await self._raw.ensure_closed()
