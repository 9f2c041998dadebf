"""Makes a ``none-any`` wheel out of one whose compiled modules are optional."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

from packaging.utils import parse_wheel_filename

from runtime.builder.zip_file import write_zip

if TYPE_CHECKING:
    from pathlib import Path

COMPILED_SUFFIXES = (".so", ".pyd", ".c")


def repack_as_pure(wheel: Path, directory: Path) -> Path:
    """Write the pure variant of ``wheel`` into ``directory`` and return it."""
    name, version, _, _ = parse_wheel_filename(wheel.name)
    stem = f"{name.replace('-', '_')}-{version}"
    with zipfile.ZipFile(wheel) as archive:
        members = {
            info.filename: archive.read(info)
            for info in archive.infolist()
            if not info.is_dir() and not info.filename.endswith(COMPILED_SUFFIXES)
        }
    record = next(member for member in members if member.endswith(".dist-info/RECORD"))
    tags = record.replace("RECORD", "WHEEL")
    members[tags] = _pure_tags(members[tags])
    members[record] = _record(members, record)
    target = directory / f"{stem}-py3-none-any.whl"
    write_zip(target, members.items(), compress=True)
    return target


def _pure_tags(text: bytes) -> bytes:
    kept = [line for line in text.splitlines() if not line.startswith((b"Tag:", b"Root-Is-"))]
    return b"\n".join([*kept, b"Root-Is-Purelib: true", b"Tag: py3-none-any", b""])


def _record(members: dict[str, bytes], record: str) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\n")
    for name, content in members.items():
        if name != record:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            writer.writerow([name, f"sha256={digest.decode()}", len(content)])
    writer.writerow([record, "", ""])
    return output.getvalue().encode()
