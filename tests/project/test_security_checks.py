"""The checks that the guide to security promises, and the tests that it says prove them."""

from __future__ import annotations

import re

import pytest

from tests.project._repository import REPOSITORY, tracked_files

#: What every review of a web application asks for.
ASKED = [
    "Headers",
    "CSRF",
    "Cookies",
    "Traversal",
    "Header injection",
    "Request smuggling",
    "Host header",
    "Open redirect",
    "Mass assignment",
    "Upload names",
    "Decompression bombs",
    "Slow clients",
    "Deep JSON",
    "Huge forms",
]


def checks() -> list[list[str]]:
    """The rows of the table: of what, the check, and what proves it."""
    text = (REPOSITORY / "docs/security.md").read_text(encoding="utf-8")
    lines = text.partition("| Of | Check | Proved by |")[2].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:] if line]


@pytest.mark.parametrize("of", ASKED)
def test_there_is_a_check_of(of: str) -> None:
    assert of in [row[0] for row in checks()]


def test_every_check_is_proved_by_tests_that_exist() -> None:
    sources = [name for name in tracked_files() if re.match(r"(tests|browser_tests)/.*\.py$", name)]
    written = "\n".join((REPOSITORY / name).read_text(encoding="utf-8") for name in sources)
    there = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))
    for of, check, proof in checks():
        named = re.findall(r"`(test_\w+)`", proof)
        assert named, f"{of}: {check} names no test"
        assert set(named) <= there, f"{of}: {check} names {sorted(set(named) - there)}"
