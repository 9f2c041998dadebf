"""The JavaScript of the page and the worker.

Law: it needs no runtime folder, so that a page without one can still load and say what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from velocious_node.browser.own_sources import package_directory
from velocious_node.browser.zip_archive import content_digest


@dataclass(frozen=True, slots=True)
class Scripts:
    """All modules by name, and the digest in their address."""

    modules: dict[str, bytes]
    digest: str


def read_scripts() -> Scripts:
    """The modules in ``velocious_browser/js``, as they are now."""
    folder = package_directory("velocious_browser") / "js"
    modules = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.mjs"))
    }
    return Scripts(modules, content_digest(modules))
