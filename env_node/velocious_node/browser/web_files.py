"""The files of ``web/``, for a browser that keeps them: their paths, and what tells a change."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from velocious_node.browser.pyscript_files import PAGES, loads_pyscript
from velocious_node.browser.zip_archive import content_digest
from velocious_node.http.static_files import INDEX, may_be_sent

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A larger file is left to the network: a person did not ask for a copy of a film.
LARGEST = 5 * 1024 * 1024
#: All of them together; the rest is left to the network, too.
ALL_TOGETHER = 50 * 1024 * 1024


class WebFiles:
    """The files of one folder; a file is read again only when it changed."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._digests: dict[tuple[str, int, int], str] = {}
        self._with_scripts: dict[tuple[str, int, int], bool] = {}

    def paths(self) -> dict[str, str]:
        """The path of each file ("/app.css") → a digest of its content, small ones first."""
        found = sorted(_files(self._folder), key=lambda file: (file[1].st_size, file[0]))
        kept: dict[str, str] = {}
        room = ALL_TOGETHER
        for name, status in found:
            room -= status.st_size
            if status.st_size > LARGEST or room < 0:
                break
            for address in web_addresses(name):
                kept[address] = self._digest(name, status)
        return dict(sorted(kept.items()))

    def use_pyscript(self) -> bool:
        """Whether a page among them loads PyScript."""
        pages = [file for file in _files(self._folder) if file[0].endswith(PAGES)]
        return any(self._uses_pyscript(name, status) for name, status in pages)

    def contents(self) -> dict[str, bytes]:
        """The name of every file that is served ("app.css") → its content, large ones included."""
        return {name: self._read(name) for name in sorted(name for name, _ in _files(self._folder))}

    def _uses_pyscript(self, name: str, status: os.stat_result) -> bool:
        key = (name, status.st_mtime_ns, status.st_size)
        if key not in self._with_scripts:
            self._with_scripts[key] = loads_pyscript(self._read(name))
        return self._with_scripts[key]

    def _read(self, name: str) -> bytes:
        with open(os.path.join(self._folder, name), "rb") as file:
            return file.read()

    def _digest(self, name: str, status: os.stat_result) -> str:
        key = (name, status.st_mtime_ns, status.st_size)
        if key not in self._digests:
            self._digests[key] = content_digest({name: self._read(name)})
        return self._digests[key]


def _files(folder: str, below: str = "") -> Iterator[tuple[str, os.stat_result]]:
    if not os.path.isdir(os.path.join(folder, below)):
        return
    for entry in os.scandir(os.path.join(folder, below)):
        if not may_be_sent(entry.name) or entry.is_symlink():
            continue
        name = f"{below}{entry.name}"
        if entry.is_dir():
            yield from _files(folder, f"{name}/")
        elif entry.is_file():
            yield name, entry.stat()


def web_addresses(name: str) -> list[str]:
    """An index stands for its folder, too."""
    folder, _, last = f"/{name}".rpartition("/")
    return [quote(f"/{name}"), *([quote(f"{folder}/")] if last == INDEX else [])]
