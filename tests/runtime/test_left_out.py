"""What the browser's Python goes without: nothing that is there may need it."""

from __future__ import annotations

import ast
import zipfile
from typing import TYPE_CHECKING

import pytest

from runtime.builder.left_out import is_left_out_of_stdlib
from runtime.builder.paths import PYODIDE

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARY = PYODIDE / "python_stdlib.zip"
#: What is imported in them is imported only where, or when, it can be used.
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
GUARDS = (ast.Try, ast.If)
#: The modules that are in Python's binary are found without a file.
IN_BINARY = frozenset(
    "_collections_abc _sitebuiltins abc codecs genericpath importlib._bootstrap "
    "importlib._bootstrap_external importlib.machinery importlib.util io ntpath os posixpath runpy "
    "site stat zipimport".split()
)


def module_of(file: str) -> str:
    return file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def plain_imports(node: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that happen whenever a module is imported."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        elif not isinstance(child, FUNCTIONS + GUARDS):
            yield from plain_imports(child)


def names_of(found: ast.Import | ast.ImportFrom, file: str) -> list[str]:
    if isinstance(found, ast.Import):
        return [alias.name for alias in found.names]
    parts = file.removesuffix(".py").split("/")
    above = ".".join(parts[: len(parts) - found.level]) if found.level else ""
    whole = ".".join(part for part in (above, found.module or "") if part)
    return [whole, *(f"{whole}.{alias.name}" for alias in found.names)]


@pytest.mark.skipif(not LIBRARY.exists(), reason="npm's Pyodide is not installed")
def test_no_module_of_the_standard_library_that_a_browser_gets_needs_one_that_it_does_not() -> None:
    with zipfile.ZipFile(LIBRARY) as library:
        files = [name for name in library.namelist() if name.endswith(".py")]
        absent = {module_of(one) for one in files if is_left_out_of_stdlib(one)} - IN_BINARY
        assert {"imaplib", "http.server", "multiprocessing.managers", "_pydatetime"} <= absent
        missed: list[tuple[str, str]] = []
        parsed = 0
        for file in files:
            if is_left_out_of_stdlib(file):
                continue
            try:
                tree = ast.parse(library.read(file))
            except SyntaxError:
                # A newer Python's than the one that runs this.
                continue
            parsed += 1
            missed += [
                (file, name)
                for found in plain_imports(tree)
                for name in names_of(found, file)
                if name in absent
            ]
    assert missed == []
    assert parsed > 400
