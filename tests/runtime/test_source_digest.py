"""The digest that tells a server whether the compiled archive is that of its own code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from velocious_runtime import source_digest

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "example"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "inner" / "code.py").write_text("answer = 42\n")
    return package


def test_the_same_sources_have_the_same_digest_anywhere(package: Path, tmp_path: Path) -> None:
    before = source_digest([package])
    assert source_digest([package.rename(tmp_path / "moved").rename(package)]) == before


@pytest.mark.parametrize("name", ["inner/__pycache__/code.pyc", "js/worker.mjs", "typings/js.pyi"])
def test_what_is_not_compiled_does_not_count(package: Path, name: str) -> None:
    before = source_digest([package])
    (package / name).parent.mkdir(parents=True, exist_ok=True)
    (package / name).write_text("anything")
    assert source_digest([package]) == before


def test_an_edit_a_new_file_and_a_new_name_each_change_it(package: Path) -> None:
    digests = [source_digest([package])]
    (package / "inner" / "code.py").write_text("answer = 43\n")
    digests.append(source_digest([package]))
    (package / "data.csv").write_text("a,b\n")
    digests.append(source_digest([package]))
    (package / "data.csv").rename(package / "other.csv")
    digests.append(source_digest([package]))
    assert len(set(digests)) == len(digests)
