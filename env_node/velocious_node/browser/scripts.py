"""The JavaScript of the page and the worker, and the types of what pages import.

Law: it needs no runtime folder, so that a page without one can still load and say what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from velocious_node.browser.devtools import FOLDER
from velocious_node.browser.own_sources import package_directory
from velocious_node.browser.zip_archive import content_digest

#: How the names of files end that only compilers and editors read.
TYPES = ".d.mts"


@dataclass(frozen=True, slots=True)
class Scripts:
    """All modules by name, the types of some of them beside these, and the digest in their
    address.
    """

    modules: dict[str, bytes]
    digest: str

    @property
    def kept(self) -> list[str]:
        """The names of those that a browser keeps for the time without a network, asked or not."""
        return [
            name
            for name in self.modules
            if not name.startswith(FOLDER) and not name.endswith(TYPES)
        ]


def read_scripts(*, devtools: bool) -> Scripts:
    """The modules in ``velocious_browser/js`` with their style sheets, as they are now.

    Those of the developer tools are among them only where *devtools* says so.
    """
    folder = package_directory("velocious_browser") / "js"
    every = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".mjs", ".css")
    }
    # Beside their modules: there TypeScript looks for them.
    types = sorted((folder / "types").glob(f"*{TYPES}"))
    every |= {path.name: path.read_bytes() for path in types}
    sent = {name: one for name, one in every.items() if devtools or not name.startswith(FOLDER)}
    # Of every module: the address of the others is the same with the developer tools and without.
    return Scripts(sent, content_digest(every))
