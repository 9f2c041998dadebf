"""Bytes that nobody keeps, in the memory of the worker.

Law: nothing of a request that is over stays on the device.
"""

from __future__ import annotations


class MemoryScratchFile:
    """The upload of a page: the browser handed all of it over before the request began."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    async def write(self, data: bytes) -> None:
        self._bytes += data

    async def read(self, start: int, size: int) -> bytes:
        return bytes(self._bytes[start : start + size])

    async def close(self) -> None:
        self._bytes.clear()
