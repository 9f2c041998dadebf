"""Divides an archive into what a start needs and the rest."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from runtime.builder.zip_file import write_zip

if TYPE_CHECKING:
    from collections.abc import Set
    from pathlib import Path


def split(archive: Path, needed: Set[str], start: Path, rest: Path) -> None:
    """Write the modules *needed* of *archive* into *start* and everything else into *rest*.

    A file that is no module goes where the package is that it lies in: only there would the
    package look for it.
    """
    with zipfile.ZipFile(archive) as zip_file:
        members = [(name, zip_file.read(name)) for name in zip_file.namelist()]
    names = {name for name, _ in members}
    chosen = {name for name in names if _is_needed(name, names, needed)}
    for path, is_start in ((start, True), (rest, False)):
        part = [(name, content) for name, content in members if (name in chosen) == is_start]
        write_zip(path, part, compress=False)


def _is_needed(name: str, names: Set[str], needed: Set[str]) -> bool:
    if name.endswith(".pyc"):
        module = name.removesuffix(".pyc").replace("/", ".").removesuffix(".__init__")
        return module in needed
    folder = name
    while folder := folder.rpartition("/")[0]:
        if f"{folder}/__init__.pyc" in names:
            return folder.replace("/", ".") in needed
    return False
