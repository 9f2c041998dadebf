"""Makes a ``none-any`` wheel out of one whose compiled modules are optional."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from packaging.utils import parse_wheel_filename
from pyodide_build.common import modify_wheel

from runtime.builder.zip_file import write_zip

COMPILED_SUFFIXES = frozenset({".so", ".pyd", ".c"})
PURE = "Root-Is-Purelib: true\nTag: py3-none-any\n"


def repack_as_pure(wheel: Path, directory: Path) -> Path:
    """Write the pure variant of ``wheel`` into ``directory`` and return it."""
    copy = Path(shutil.copy(wheel, directory))
    with modify_wheel(copy, verbose=False) as unpacked:
        for path in unpacked.rglob("*"):
            if path.suffix in COMPILED_SUFFIXES:
                path.unlink()
        _tag_as_pure(next(unpacked.glob("*.dist-info/WHEEL")))
    name, version, _, _ = parse_wheel_filename(wheel.name)
    pure = directory / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    _without_dates(pure)
    return pure


def _tag_as_pure(tags: Path) -> None:
    lines = tags.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith(("Tag:", "Root-Is-"))]
    tags.write_text("\n".join([*kept, PURE]), encoding="utf-8")


def _without_dates(wheel: Path) -> None:
    """The lock file holds the wheel's hash: the same input has to give the same bytes."""
    with zipfile.ZipFile(wheel) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    write_zip(wheel, members, compress=True)
