"""What is known about an exception, in a form that can be shown: messages, frames, source lines.

Law: code is shown, values never are: what a variable held may be somebody's secret.
"""

from __future__ import annotations

import linecache
import os
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from velocious.errors import TemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

#: Lines that are shown before and after the one where it happened.
AROUND = 5

_FOREIGN = ("site-packages", "dist-packages", ".venv", "venv", "node_modules")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line of a file; *marked* is the part of it that was running."""

    number: int
    text: str
    is_current: bool = False
    marked: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """One call on the way to the exception. *is_own*: it is in the application's code."""

    path: str
    line: int
    function: str
    is_own: bool
    source: Sequence[SourceLine]


@dataclass(frozen=True, slots=True)
class Problem:
    """One exception of a chain; *relation* says what the one before it has to do with it."""

    name: str
    message: str
    notes: Sequence[str]
    frames: Sequence[Frame]
    relation: str = ""


def report(error: BaseException, directory: str | None) -> list[Problem]:
    """*error* and what led to it, the last first, for the application at *directory*."""
    root = None if directory is None else os.path.abspath(directory)
    return [
        Problem(
            name=type(one).__qualname__,
            message=message_of(one),
            notes=[str(note) for note in getattr(one, "__notes__", ())],
            frames=[*_frames(one.__traceback__, root), *_template(one, root)],
            relation=relation,
        )
        for one, relation in _chain(error)
    ]


def message_of(error: BaseException) -> str:
    """Its message, even of an exception that cannot say it."""
    try:
        return str(error)
    except Exception as second:
        return f"(its message cannot be shown: {type(second).__name__})"


def _chain(error: BaseException) -> Iterator[tuple[BaseException, str]]:
    seen: set[int] = set()
    current: BaseException | None = error
    relation = ""
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current, relation
        if current.__cause__ is not None:
            current, relation = current.__cause__, "caused by"
        elif current.__suppress_context__:
            return
        else:
            current, relation = current.__context__, "while this was handled"


def _frames(trace: TracebackType | None, root: str | None) -> Iterator[Frame]:
    for summary in traceback.extract_tb(trace):
        line = summary.lineno or 0
        yield Frame(
            path=_shown_path(summary.filename, root),
            line=line,
            function=summary.name,
            is_own=_is_own(summary.filename, root),
            source=_source(summary, line),
        )


def _template(error: BaseException, root: str | None) -> Iterator[Frame]:
    """The place in a template that *error* is about: Python's calls do not lead there."""
    if root is not None and isinstance(error, TemplateError) and error.line:
        path = os.path.join(root, error.path)
        yield Frame(error.path, error.line, "the template", True, _around(path, error.line))


def _is_own(path: str, root: str | None) -> bool:
    if root is None or not os.path.abspath(path).startswith(root + os.sep):
        return False
    return not any(part in _FOREIGN for part in path[len(root) :].split(os.sep))


def _shown_path(path: str, root: str | None) -> str:
    if _is_own(path, root):
        return os.path.relpath(path, root)
    for folder in ("site-packages", "dist-packages"):
        _, found, rest = path.rpartition(f"{os.sep}{folder}{os.sep}")
        if found:
            return rest
    return path


def _source(summary: traceback.FrameSummary, line: int) -> list[SourceLine]:
    return [
        replace(one, marked=_marked(summary, one.text)) if one.is_current else one
        for one in _around(summary.filename, line)
    ]


def _around(path: str, line: int) -> list[SourceLine]:
    # A file that was changed since it was last shown is read again.
    linecache.checkcache(path)
    lines = linecache.getlines(path)
    first = max(line - AROUND, 1)
    return [
        SourceLine(number, lines[number - 1].rstrip("\n"), is_current=number == line)
        for number in range(first, min(line + AROUND, len(lines)) + 1)
    ]


def _marked(summary: traceback.FrameSummary, line: str) -> tuple[int, int] | None:
    start, end = summary.colno, summary.end_colno
    if start is None or end is None:
        return None
    if summary.end_lineno != summary.lineno:
        end = len(line.rstrip("\n").encode())
    # Python counts bytes.
    before, within = line.encode()[:start], line.encode()[start:end]
    begin = len(before.decode(errors="replace"))
    marked = (begin, begin + len(within.decode(errors="replace")))
    whole = line.strip()
    return None if line[marked[0] : marked[1]].strip() == whole else marked
