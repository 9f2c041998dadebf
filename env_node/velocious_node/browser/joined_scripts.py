"""Joins modules that a start needs together: a page that starts waits for two files, not for sixty.

An entry keeps its address and its exports; the modules that it holds become functions in it, each
called once, in the order that their imports ask for. Comments that stand alone stay behind, which
is a third of the bytes; names stay, so that an error's place can be read.

Law: a module runs once in a page. What is inside of the page's file and imported by another file,
too, has a file of its own that leads there.
"""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

#: What pages import; it also holds every module that several of the others need.
PAGE = "client.mjs"
#: Scripts of pages besides, each a file with what only it needs.
PAGES = ("page.mjs", "page/shell.mjs", "pyscript.mjs")
#: Scripts of places of their own: they share nothing with a page.
ALONE = ("interpreter.mjs", "service_worker/main.mjs", "worker.mjs")
#: Small modules, used alone or beside the others: files as they are.
SINGLE = ("rescue.mjs", "storage_badge.mjs", "use_velocious.mjs")
ENTRIES = (PAGE, *PAGES, *ALONE, *SINGLE)

_HELD = "$modules"
_IMPORT = re.compile(r"^import \{ (.+) \} from '(\.[^']+)';$", re.MULTILINE)
_EXPORT = re.compile(r"^export (?:async )?(?:function\*?|class|const) ([\w$]+)", re.MULTILINE)
_LIST = re.compile(r"^export \{ (.+) \};$", re.MULTILINE)
_COMMENT = re.compile(r"^[ ]*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/[ ]*)\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*|.*\bimport\.meta\b.*", re.MULTILINE)


class CannotBeJoinedError(ValueError):
    """A module of ours is written in a way that cannot be joined with others."""

    def __init__(self, name: str, line: str) -> None:
        super().__init__(
            f"{name} cannot be put into another file: {line.strip()!r}. Write its imports as "
            "`import { name } from './file.mjs';` in one line, export functions, classes and "
            "constants where they are declared, and leave import.meta to the files of "
            "joined_scripts.py."
        )
        self.name = name
        self.line = line


@lru_cache(maxsize=2)
def join(modules: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The files that take the place of *modules* (pairs of a name and its text).

    Raises:
        CannotBeJoinedError: a module is written in another way than all the others.
    """
    texts = {name: _COMMENT.sub("", text) for name, text in modules}
    imports = _all_imports(texts)
    pages = [name for name in (PAGE, *PAGES) if name in texts]
    needs = {name: _reached([name], imports) - {PAGE, *PAGES} for name in pages}
    every = [one for names in needs.values() for one in names]
    shared = {name for name in every if name in needs.get(PAGE, ()) or every.count(name) > 1}
    files = {**texts, **{name: _leading(name, texts[name]) for name in shared}}
    for name in (*pages, *ALONE):
        if name in texts:
            reached = needs.get(name) or _reached([name], imports)
            others = frozenset(shared if name in PAGES else ())
            held = shared if name == PAGE else reached - {name, PAGE, *others}
            files[name] = _joined(name, held, others, texts, imports)
    return files


def reached(files: Mapping[str, str], entries: Iterable[str]) -> set[str]:
    """The names of *entries* and of everything that they import."""
    return _reached([name for name in entries if name in files], _all_imports(files))


def _all_imports(texts: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: _imports(name, text) for name, text in texts.items()}


def _imports(name: str, text: str) -> list[str]:
    return [_resolved(name, match[2]) for match in _IMPORT.finditer(text)]


def _resolved(name: str, way: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), way))


def _reached(start: Iterable[str], imports: Mapping[str, Iterable[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(start)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += imports.get(name, ())
    return found


def _joined(
    entry: str,
    held: Collection[str],
    others: Collection[str],
    texts: Mapping[str, str],
    imports: Mapping[str, list[str]],
) -> str:
    """The file of *entry*, with the modules *held* in it; *others* are in the page's file."""
    places: dict[str, str] = {}
    lines: list[str] = []
    for name in sorted(_reached([entry, *held], imports) & set(others)):
        places[name] = f"{_HELD}[{name!r}]"
    if places:
        lines.append(f"import {{ {_HELD} }} from '{_way(entry, PAGE)}';")
    for name in _in_order(held, imports):
        place = f"${len(places)}"
        lines.append(
            f"const {place} = (() => {{ // {name}\n{_body(name, texts[name], places)}}})();"
        )
        places[name] = place
    lines.append(f"// {entry}\n{_bound(entry, texts[entry], places)}")
    if entry == PAGE:
        inside = ", ".join(f"{name!r}: {places[name]}" for name in sorted(held))
        lines.append(f"export const {_HELD} = {{ {inside} }};\n")
    return "\n".join(lines)


def _in_order(held: Collection[str], imports: Mapping[str, list[str]]) -> Iterator[str]:
    """Each after what it imports."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in held and name not in done:
            done.add(name)
            for needed in imports[name]:
                yield from visit(needed)
            yield name

    for name in sorted(held):
        yield from visit(name)


def _bound(name: str, text: str, places: Mapping[str, str]) -> str:
    """*text* with its imports taken from where they are in the file."""

    def bind(match: re.Match[str]) -> str:
        place = places.get(_resolved(name, match[2]))
        if place is None:
            return match[0]
        return f"const {{ {match[1].replace(' as ', ': ')} }} = {place};"

    return _IMPORT.sub(bind, text)


def _body(name: str, text: str, places: Mapping[str, str]) -> str:
    """A module as the body of a function that returns what it exports."""
    text = _bound(name, text, places)
    exported = _exports(text)
    text = _EXPORT.sub(lambda match: match[0].removeprefix("export "), _LIST.sub("", text))
    left = _LEFT.search(text)
    if left is not None:
        raise CannotBeJoinedError(name, left[0])
    return f"{text}return {{ {', '.join(exported)} }};\n"


def _exports(text: str) -> list[str]:
    lists = [one.strip() for match in _LIST.finditer(text) for one in match[1].split(",")]
    return [match[1] for match in _EXPORT.finditer(text)] + lists


def _leading(name: str, text: str) -> str:
    """A module that is inside of the page's file, for those who import it by its own name."""
    exported = ", ".join(_exports(text))
    return (
        f"import {{ {_HELD} }} from '{_way(name, PAGE)}';\n\n"
        f"export const {{ {exported} }} = {_HELD}[{name!r}];\n"
    )


def _way(name: str, target: str) -> str:
    way = posixpath.relpath(target, posixpath.dirname(name) or ".")
    return way if way.startswith(".") else f"./{way}"
