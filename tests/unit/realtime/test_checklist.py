"""The checklist names tests that exist, and leaves no line without one."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

CHECKLIST = Path(__file__).with_name("CHECKLIST.md")
TESTS = Path(__file__).parents[2]
REPOSITORY = TESTS.parent
#: Tables, and how many numbered lines they have.
NUMBERED = {"Security and reliability": 27, "Acceptance": 13}

LINES = [
    line for line in CHECKLIST.read_text(encoding="utf-8").splitlines() if line.startswith("| ")
]
PROMISES = [line for line in LINES if line.rstrip(" |").rpartition("| ")[2] != "tests"]
NAMED = sorted({name for line in PROMISES for name in re.findall(r"`([^`]+\.py::[^`]+)`", line)})


@cache
def defined_in(path: Path) -> frozenset[str]:
    """The tests that the file at *path* defines, as ``name`` or ``Class::name``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        for one in inside:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(before + one.name)
    return frozenset(found)


@pytest.mark.parametrize("name", NAMED)
def test_a_test_that_is_named_exists(name: str) -> None:
    path, _, test = name.partition("::")
    home = REPOSITORY if path.startswith("browser_tests/") else TESTS
    assert (home / path).is_file(), path
    assert test in defined_in(home / path)


@pytest.mark.parametrize("line", PROMISES, ids=lambda line: line[2:60])
def test_no_line_is_without_a_test(line: str) -> None:
    assert re.search(r"`[^`]+\.py::test_|`[^`]+\.py::\w+::test_", line)


@pytest.mark.parametrize("title", NUMBERED)
def test_every_number_has_its_line(title: str) -> None:
    text = CHECKLIST.read_text(encoding="utf-8")
    part = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    numbers = [int(one) for one in re.findall(r"^\| (\d+) \|", part, re.MULTILINE)]
    assert numbers == list(range(1, NUMBERED[title] + 1))
