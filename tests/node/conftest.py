"""Fixtures of the server environment's tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.node.application import GeneratedApplication, without_modules_of_applications
from tests.node.second_try import give_second_try
from velocious.cli.output import TextOutput
from velocious.generator.application import write_application
from velocious.generator.writing import GeneratedFiles
from velocious_node.files import NodeFiles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def generated(tmp_path: Path) -> Iterator[GeneratedApplication]:
    """A new application in a folder called blog."""
    directory = tmp_path / "blog"
    write_application(GeneratedFiles(NodeFiles(str(directory)), TextOutput()), "blog")
    cleaning = without_modules_of_applications()
    next(cleaning)
    yield GeneratedApplication(directory)
    next(cleaning, None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    give_second_try(items)
