"""Adds a line to ``app/config/routes.py``, and takes it away again.

Law: the file is read as Python, changed as text: nothing else in it moves, and a route that is
drawn already is not drawn twice.
"""

from __future__ import annotations

import ast

from velocious.errors import CommandError


def with_route(text: str, line: str) -> str:
    """*text* with *line* behind the last statement about ``routes``.

    Raises:
        CommandError: there is no ``routes`` in it, or it is no Python.
    """
    tree = _parsed(text)
    if any(_is_same(node, line) for node in ast.walk(tree)):
        return text
    after = max((_end(node) for node in tree.body if _is_about_routes(node)), default=0)
    if not after:
        raise CommandError(
            "app/config/routes.py has no `routes = Routes()` to draw on. Add it, and this line: "
            f"{line}"
        )
    lines = text.splitlines(keepends=True)
    if not lines[after - 1].endswith("\n"):
        lines[after - 1] += "\n"
    return "".join([*lines[:after], f"{line}\n", *lines[after:]])


def without_route(text: str, line: str) -> str:
    """*text* without the statement *line*, wherever it stands."""
    doomed: set[int] = set()
    for node in _parsed(text).body:
        if _is_same(node, line):
            doomed.update(range(node.lineno, _end(node) + 1))
    lines = text.splitlines(keepends=True)
    return "".join(kept for at, kept in enumerate(lines, 1) if at not in doomed)


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise CommandError(
            f"app/config/routes.py is no Python: {error.msg} (line {error.lineno}). Correct it "
            "first; nothing was written."
        ) from error


def _end(node: ast.stmt) -> int:
    return node.end_lineno or node.lineno


def _is_same(node: ast.AST, line: str) -> bool:
    return isinstance(node, ast.Expr) and ast.dump(node) == ast.dump(ast.parse(line).body[0])


def _is_about_routes(node: ast.stmt) -> bool:
    return any(isinstance(one, ast.Name) and one.id == "routes" for one in ast.walk(node))
