"""Compressors: the content codings that this server speaks, best first.

Brotli is spoken where the package ``brotli`` is installed, zstd where Python has it (3.14).
"""

from __future__ import annotations

import zlib
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: How hard answers are squeezed that are made for one client and used once.
GZIP_LEVEL, BROTLI_QUALITY, ZSTD_LEVEL = 4, 4, 3


class Compressor(Protocol):
    """Squeezes one body."""

    def chunk(self, data: bytes, /) -> bytes:
        """What stands for *data*, all of it: whoever reads along need not wait for the next."""
        ...

    def last(self, data: bytes, /) -> bytes:
        """What stands for the last *data*."""
        ...


class Gzip:
    """``gzip``."""

    def __init__(self) -> None:
        self._squeeze = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, 31)

    def chunk(self, data: bytes, /) -> bytes:
        return self._squeeze.compress(data) + self._squeeze.flush(zlib.Z_SYNC_FLUSH)

    def last(self, data: bytes, /) -> bytes:
        return self._squeeze.compress(data) + self._squeeze.flush()


class Brotli:
    """``br``."""

    def __init__(self) -> None:
        self._squeeze: Any = import_module("brotli").Compressor(quality=BROTLI_QUALITY)

    def chunk(self, data: bytes, /) -> bytes:
        return self._squeeze.process(data) + self._squeeze.flush()

    def last(self, data: bytes, /) -> bytes:
        return self._squeeze.process(data) + self._squeeze.finish()


class Zstd:
    """``zstd``."""

    def __init__(self) -> None:
        module = import_module("compression.zstd")
        self._squeeze: Any = module.ZstdCompressor(level=ZSTD_LEVEL)
        self._block, self._frame = self._squeeze.FLUSH_BLOCK, self._squeeze.FLUSH_FRAME

    def chunk(self, data: bytes, /) -> bytes:
        return self._squeeze.compress(data, self._block)

    def last(self, data: bytes, /) -> bytes:
        return self._squeeze.compress(data, self._frame)


@cache
def codings() -> Mapping[str, Callable[[], Compressor]]:
    """Name → what makes a compressor, best first."""
    known: dict[str, Callable[[], Compressor]] = {}
    if find_spec("brotli"):
        known["br"] = Brotli
    if _has_zstd():
        known["zstd"] = Zstd
    known["gzip"] = Gzip
    return known


@lru_cache(maxsize=256)
def chosen_coding(accepted: bytes, known: tuple[str, ...] | None = None) -> str | None:
    """The coding out of *known* (ours) that a client with this Accept-Encoding likes best."""
    weights = _weights(accepted.decode("latin-1"))
    rest = weights.get("*", 0.0)
    best, most = None, 0.0
    for name in known or tuple(codings()):
        weight = weights.get(name, weights.get("x-gzip", rest) if name == "gzip" else rest)
        if weight > most:
            best, most = name, weight
    return best if most >= weights.get("identity", 0.0) else None


def _weights(accepted: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for item in accepted.lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name:
            weights[name] = _quality(parameters)
    return weights


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _has_zstd() -> bool:
    try:
        return find_spec("compression.zstd") is not None
    except ModuleNotFoundError:
        return False
