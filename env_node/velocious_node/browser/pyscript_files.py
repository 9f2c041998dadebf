"""PyScript's own files, for applications with a page that uses them.

Law: nobody keeps them who has no such page; a page that has them works without a network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious_node.browser.runtime_folder import RuntimeFolder

#: Endings of files that load scripts.
PAGES = (".html", ".htm", ".mjs", ".js")

FOLDER = "pyscript/"
#: What PyScript loads for a terminal, an editor and another Python only: it is kept as soon as a
#: page has used it.
_SPECIAL = ("codemirror", "mpy", "xterm")


def loads_pyscript(page: bytes) -> bool:
    """Whether a page or module loads our ``pyscript.mjs``, or PyScript itself."""
    return b"velocious/pyscript" in page


def pyscript_files(runtime: RuntimeFolder) -> list[str]:
    """The files in the runtime folder that every page with PyScript needs."""
    modules = (name for name in runtime.names if name.startswith(FOLDER))
    return sorted(
        name
        for name in modules
        if name.endswith((".js", ".css")) and not name.removeprefix(FOLDER).startswith(_SPECIAL)
    )
