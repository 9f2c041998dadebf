"""Collects the sources of an archive in one zip, without what a browser never reads."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from velocious_runtime.source_digest import source_files

from runtime.builder.failure import BuildError
from runtime.builder.left_out import is_left_out_of_libraries, is_left_out_of_stdlib
from runtime.builder.zip_file import write_zip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

KEPT_METADATA = ("/METADATA", "/entry_points.txt")
DROPPED_SUFFIXES = (".so", ".pyi", ".c", "/py.typed", "/")
DROPPED_FOLDERS = ("/tests/", "/test/")


def collect_wheels(wheels: Iterable[Path], target: Path) -> None:
    """Write the modules and the needed metadata of several wheels into one zip."""
    write_zip(target, (member for wheel in wheels for member in _members(wheel)), compress=False)


def collect_packages(packages: Iterable[Path], target: Path) -> None:
    """Write packages of ours into one zip."""
    members = [
        (name, path.read_bytes())
        for package in packages
        for name, path in source_files(package)
        if path.name != "py.typed"
    ]
    write_zip(target, members, compress=False)


def collect_standard_library(
    archive: Path, target: Path, *, added: Iterable[Path] = (), stand_ins: Path | None = None
) -> None:
    """Write Pyodide's standard library into a zip, without what no browser can use, and with the
    modules *added*. Each module below *stand_ins* takes the place of the one at the same path,
    whose name ends with ``_whole`` from then on.

    Raises:
        BuildError: there is no module that a stand-in could take the place of.
    """
    with zipfile.ZipFile(archive) as library:
        members = {
            info.filename: library.read(info)
            for info in library.infolist()
            if not info.is_dir() and not is_left_out_of_stdlib(info.filename)
        }
    members |= {path.name: path.read_bytes() for path in added}
    if stand_ins is not None:
        for path in sorted(stand_ins.rglob("*.py")):
            _stand_in(members, path.relative_to(stand_ins).as_posix(), path.read_bytes())
    write_zip(target, members.items(), compress=False)


def _stand_in(members: dict[str, bytes], name: str, content: bytes) -> None:
    if name not in members:
        raise BuildError(
            f"runtime/stand_ins/{name} has nothing to stand in for: Pyodide's standard library has "
            "no such module. Look what has become of it, and move or delete the file."
        )
    members[f"{name.removesuffix('.py')}_whole.py"] = members[name]
    members[name] = content


def top_level_modules(source: Path) -> list[str]:
    """The names without a dot that ``import`` finds something of in a zip of sources, or of
    compiled modules.
    """
    with zipfile.ZipFile(source) as archive:
        roots = {name.split("/")[0].partition(".py")[0] for name in archive.namelist()}
    return sorted(root for root in roots if root.isidentifier())


def _members(wheel: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if _is_read_by_a_browser(name):
                yield name, archive.read(name)


def _is_read_by_a_browser(name: str) -> bool:
    if ".dist-info/" in name:
        return name.endswith(KEPT_METADATA)
    dropped = any(folder in f"/{name}" for folder in DROPPED_FOLDERS)
    return not (dropped or name.endswith(DROPPED_SUFFIXES) or is_left_out_of_libraries(name))
