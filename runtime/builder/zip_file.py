"""Writes zip files whose bytes depend on nothing but their content."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
PERMISSIONS = 0o644 << 16


def write_zip(target: Path, members: Iterable[tuple[str, bytes]], *, compress: bool) -> None:
    """Write the members sorted by name, all with the same date and permissions."""
    method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in sorted(members):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = method
            info.external_attr = PERMISSIONS
            archive.writestr(info, content, compresslevel=9 if compress else None)
