"""Evaluates Python code with ``await`` at its top level, in a shell and in a browser alike."""

from __future__ import annotations

import ast
import inspect
import linecache
from typing import TYPE_CHECKING, Any

from velocious.command_words import as_typed
from velocious.errors import CommandError

if TYPE_CHECKING:
    from types import CodeType

    from velocious.configuration import Configuration

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


class CodeError(CommandError):
    """Code that is no Python."""

    code = "code_error"


def scope(configuration: Configuration) -> dict[str, Any]:
    """The names that code finds: the configuration, its default database, every model."""
    names: dict[str, Any] = {"__name__": "__velocious__", "configuration": configuration}
    if "default" in configuration.databases:
        names["database"] = configuration.databases["default"]
    return names | configuration.models.names()


async def evaluate(code: str, names: dict[str, Any], *, file: str = "<code>") -> Any:
    """Run *code* and return the value of its last expression, else None.

    Raises:
        CodeError: for a syntax error, with the line that holds it.
    """
    body, last = _parse(code, file)
    _remember_source(code, file)
    if body is not None:
        await _run(body, names)
    return await _run(last, names) if last is not None else None


def _parse(code: str, file: str) -> tuple[CodeType | None, CodeType | None]:
    try:
        tree = ast.parse(code, file)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        body = compile(tree, file, "exec", _FLAGS) if tree.body else None
        if not isinstance(last, ast.Expr):
            return body, None
        return body, compile(ast.Expression(last.value), file, "eval", _FLAGS)
    except (SyntaxError, ValueError) as error:
        raise CodeError(_explain(error, code)) from error


def _explain(error: SyntaxError | ValueError, code: str) -> str:
    if not isinstance(error, SyntaxError):
        return f"The code cannot be compiled: {error}. Remove what is not text from it."
    lines = code.splitlines()
    number = error.lineno or 1
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return (
        f"The code is not Python: {error.msg} in line {number}: {line!r}. "
        f"Quote it as one word, for example: {as_typed('runner', 'await Task.count()')}."
    )


async def _run(code: CodeType, names: dict[str, Any]) -> Any:
    value = eval(code, names)
    return await value if code.co_flags & inspect.CO_COROUTINE else value


def _remember_source(code: str, file: str) -> None:
    # So that a traceback shows the line.
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
