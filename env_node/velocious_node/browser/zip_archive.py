"""Zip files that depend on their content alone."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

# The earliest moment that a zip can express.
NO_TIME = (1980, 1, 1, 0, 0, 0)
READABLE_FILE = 0o100644 << 16


def zip_of(contents: Mapping[str, bytes]) -> bytes:
    """A zip of *contents* (name → bytes): the same content gives the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(contents):
            entry = ZipInfo(name, NO_TIME)
            entry.external_attr = READABLE_FILE
            archive.writestr(entry, contents[name], ZIP_DEFLATED)
    return buffer.getvalue()


def content_digest(contents: Mapping[str, bytes]) -> str:
    """A short digest that changes with any name or byte in *contents*."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(contents[name]).digest())
    return digest.hexdigest()[:16]
