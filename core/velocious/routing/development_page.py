"""What a developer sees when an action fails: the message with its advice, and where it happened.

Law: everything on it is escaped, and what sounds secret is not on it.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from velocious.routing.error_style import DETAILED_STYLE, page

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from velocious.routing.error_report import Frame, Problem, SourceLine


def development_page(
    problems: Sequence[Problem],
    request: str,
    facts: Mapping[str, Mapping[str, str]],
    text: str,
) -> str:
    """A whole page.

    Arguments:
        problems: the exception and what led to it.
        request: what was asked for, in one line.
        facts: tables about the request, by their titles.
        text: the whole traceback, to be copied.
    """
    last = problems[0]
    head = (
        f'<header>\n<p class="request">{escape(request)}</p>\n<h1>{escape(last.name)}</h1>\n'
        f'<p class="message">{escape(last.message)}</p>{_notes(last)}\n</header>'
    )
    body = "\n".join(
        [
            _frames(last.frames),
            *(_earlier(problem) for problem in problems[1:]),
            *(_table(title, rows) for title, rows in facts.items() if rows),
            f'<h2>To copy</h2>\n<div class="copy"><pre tabindex="0">{escape(text)}</pre></div>',
        ]
    )
    title = escape(f"{last.name}: {last.message.partition(chr(10))[0]}"[:120])
    return page(title, DETAILED_STYLE, f"{head}\n<main>\n{body}\n</main>")


def _earlier(problem: Problem) -> str:
    return (
        f'<h2><span class="relation">{escape(problem.relation)}</span> {escape(problem.name)}</h2>'
        f'\n<p class="message">{escape(problem.message)}</p>{_notes(problem)}\n'
        f"{_frames(problem.frames)}"
    )


def _notes(problem: Problem) -> str:
    return "".join(f'\n<p class="note">{escape(note)}</p>' for note in problem.notes)


def _frames(frames: Sequence[Frame]) -> str:
    """The calls, the innermost first; those in libraries folded."""
    parts = ["<h2>Where</h2>"] if frames else []
    for is_own, group in groupby(reversed(frames), key=lambda frame: frame.is_own):
        calls = list(group)
        parts.append("\n".join(map(_own, calls)) if is_own else _folded(calls))
    return "\n".join(parts)


def _own(frame: Frame) -> str:
    return f'<section class="frame">\n{_place(frame)}{_source(frame.source)}</section>'


def _folded(frames: list[Frame]) -> str:
    calls = "one call" if len(frames) == 1 else f"{len(frames)} calls"
    inner = "\n".join(
        f"<details>\n<summary>{_where(frame)}</summary>{_source(frame.source)}</details>"
        for frame in frames
    )
    summary = f"{calls} in libraries, the last in {escape(frames[0].path)}"
    return f"<details>\n<summary>{summary}</summary>\n{inner}\n</details>"


def _place(frame: Frame) -> str:
    return f'<div class="place">{_where(frame)}</div>'


def _where(frame: Frame) -> str:
    return (
        f'<span class="path">{escape(frame.path)}:{frame.line}</span> '
        f'<span class="function">in {escape(frame.function)}</span>'
    )


def _source(lines: Iterable[SourceLine]) -> str:
    shown = "".join(map(_line, lines))
    return f'<pre tabindex="0">{shown}</pre>' if shown else ""


def _line(line: SourceLine) -> str:
    text = escape(line.text)
    if line.marked is not None:
        start, end = line.marked
        parts = (line.text[:start], line.text[start:end], line.text[end:])
        before, marked, after = map(escape, parts)
        text = f"{before}<mark>{marked}</mark>{after}"
    kind = ' class="current"' if line.is_current else ""
    return f"<span{kind}><i>{line.number}</i>{text or ' '}</span>"


def _table(title: str, rows: Mapping[str, str]) -> str:
    cells = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows.items()
    )
    return f"<h2>{escape(title)}</h2>\n<table>{cells}</table>"
