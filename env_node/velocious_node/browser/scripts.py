"""The JavaScript of the page and the worker, and the types of what pages import.

Law: it needs no runtime folder, so that a page without one can still load and say what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

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
        return [name for name in self.modules if not name.endswith(TYPES)]


def read_scripts() -> Scripts:
    """The modules in ``velocious_browser/js``, as they are now."""
    folder = package_directory("velocious_browser") / "js"
    modules = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.mjs"))
    }
    # Beside their modules: there TypeScript looks for them.
    types = sorted((folder / "types").glob(f"*{TYPES}"))
    modules |= {path.name: path.read_bytes() for path in types}
    return Scripts(modules, content_digest(modules))
