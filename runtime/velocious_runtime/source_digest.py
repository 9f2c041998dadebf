"""One digest over the sources that the velocious archive is compiled from.

The build records it in ``runtime.json``; a server compares it with the digest of the packages that
it runs, so that a page never gets older code than the server has.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SKIPPED_DIRECTORIES = frozenset({"__pycache__", "js", "typings"})
SKIPPED_SUFFIXES = frozenset({".pyc", ".pyi"})
#: Packages of the library that only a server needs: no browser gets them, and nothing that it gets
#: may import them.
SERVER_PARTS = (
    "velocious/database/mysql",
    "velocious/database/postgresql",
    "velocious/generator",
    "velocious/realtime/envelopes",
)


def source_files(package: Path) -> Iterator[tuple[str, Path]]:
    """The (name in the archive, file) pairs of a package, sorted by name."""
    for path in sorted(package.rglob("*")):
        relative = path.relative_to(package)
        if SKIPPED_DIRECTORIES.intersection(relative.parts) or path.suffix in SKIPPED_SUFFIXES:
            continue
        name = f"{package.name}/{relative.as_posix()}"
        if path.is_file() and not name.startswith(tuple(f"{part}/" for part in SERVER_PARTS)):
            yield name, path


def source_digest(packages: Iterable[Path]) -> str:
    """A digest that changes when a source file is added, removed, renamed or edited."""
    digest = hashlib.sha256()
    for package in packages:
        for name, path in source_files(package):
            digest.update(name.encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
