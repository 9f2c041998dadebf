"""The JavaScript of the page and the worker, and the types of what pages import.

Law: it needs no runtime folder, so that a page without one can still load and say what is missing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from velocious_node.browser.devtools import FOLDER
from velocious_node.browser.joined_scripts import ENTRIES, join, reached
from velocious_node.browser.own_sources import package_directory
from velocious_node.browser.zip_archive import content_digest

#: How the names of files end that only compilers and editors read.
TYPES = ".d.mts"


@dataclass(frozen=True, slots=True)
class Scripts:
    """The files by name, and the digest in their address.

    Attributes:
        modules: everything that is sent: modules, style sheets, and types beside some of them.
        kept: the names of those that a browser keeps for the time without a network, asked or not.
    """

    modules: dict[str, bytes]
    kept: list[str]
    digest: str


def read_scripts(*, devtools: bool) -> Scripts:
    """The modules in ``velocious_browser/js`` with their style sheets, as they are now; those that
    a start needs are joined.

    Those of the developer tools are among them only where *devtools* says so.
    """
    folder = package_directory("velocious_browser") / "js"
    texts = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.mjs"))
    }
    joined = join(tuple(texts.items()))
    tools = [name for name in joined if name.startswith(FOLDER)]
    kept = sorted(reached(joined, ENTRIES))
    sent = sorted(reached(joined, [*ENTRIES, *tools]))
    beside = [*folder.rglob("*.css"), *(folder / "types").glob(f"*{TYPES}")]
    # Types stand beside their modules: there TypeScript looks for them.
    other = {path.relative_to(folder).as_posix().removeprefix("types/"): path for path in beside}
    every = {name: joined[name].encode() for name in sent}
    every |= {name: path.read_bytes() for name, path in sorted(other.items())}
    # Of every module: the address of the others is the same with the developer tools and without.
    digest = content_digest(every)
    if not devtools:
        only_tools = {*tools, *(name for name in other if name.startswith(FOLDER))}
        only_tools |= set(sent) - set(kept)
        every = {name: content for name, content in every.items() if name not in only_tools}
    return Scripts(every, kept, digest)


def leading_module(address: str) -> str:
    """A module with the exports of the one at *address*."""
    return f"export * from {json.dumps(address)};\n"
