"""Writes compressed siblings beside the files that shrink, so that a server need not."""

from __future__ import annotations

import gzip
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import brotli

from runtime.builder.paths import SQUEEZED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHRINKING_SUFFIXES = frozenset({".wasm", ".js", ".mjs", ".json", ".css", ".zip"})
"""Members of our archives are stored: an archive shrinks as a whole."""
SMALLEST = 1_000
WORTH_IT = 0.9
BROTLI_QUALITY = 11
"""Half a minute for Pyodide's 9.6 MB of WebAssembly, once: what was squeezed before is kept."""


def write_siblings(directory: Path) -> int:
    """Write ``<file>.br`` and ``<file>.gz`` where they are smaller; returns how many have them."""
    SQUEEZED.mkdir(parents=True, exist_ok=True)
    used: set[Path] = set()
    paths = [path for path in sorted(directory.rglob("*")) if _may_shrink(path)]
    # Both codings let other threads work while they do.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        written = sum(threads.map(_compress, paths, [used] * len(paths)))
    for kept in set(SQUEEZED.iterdir()) - used:
        kept.unlink()
    return written


def _may_shrink(path: Path) -> bool:
    return (
        path.is_file()
        and path.suffix in SHRINKING_SUFFIXES
        and path.name != "runtime.json"
        and path.stat().st_size >= SMALLEST
    )


def _brotli(content: bytes) -> bytes:
    return brotli.compress(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        content, quality=BROTLI_QUALITY
    )


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)


def _compress(path: Path, used: set[Path]) -> bool:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:32]

    def kept(name: str, make: Callable[[], bytes]) -> bytes:
        place = SQUEEZED / f"{digest}.{name}"
        used.add(place)
        if not place.is_file():
            partial = place.with_suffix(f"{place.suffix}.partial")
            partial.write_bytes(make())
            partial.replace(place)
        return place.read_bytes()

    packed = kept(f"br{BROTLI_QUALITY}", lambda: _brotli(content))
    if len(packed) > len(content) * WORTH_IT:
        return False
    path.with_name(f"{path.name}.br").write_bytes(packed)
    path.with_name(f"{path.name}.gz").write_bytes(kept("gz", lambda: _gzip(content)))
    return True
