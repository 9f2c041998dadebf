"""What is in the wheel that users install, and in the one that a browser loads: the same files."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from tests.project._repository import REPOSITORY, tracked_files

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES = {
    "velocious": "core/velocious/",
    "velocious_node": "env_node/velocious_node/",
    "velocious_browser": "env_browser/velocious_browser/",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    build = ["-m", "hatchling", "build", "--target", "wheel", "--directory", str(target)]
    done = subprocess.run(
        [sys.executable, *build], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    [built] = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    return set(ZipFile(wheel).namelist())


def test_the_wheel_holds_exactly_the_files_of_the_three_packages(names: set[str]) -> None:
    inside = {name for name in names if ".dist-info/" not in name}
    expected = {
        package + "/" + name.removeprefix(folder)
        for package, folder in PACKAGES.items()
        for name in tracked_files()
        if name.startswith(folder)
    }
    assert inside == expected


@pytest.mark.parametrize(
    "name",
    [
        "velocious/py.typed",
        "velocious_node/py.typed",
        "velocious_browser/py.typed",
        "velocious_browser/js/client.mjs",
        "velocious_browser/js/worker.mjs",
        "velocious_browser/js/opfs/pool.mjs",
    ],
)
def test_the_wheel_holds_what_is_no_python_module(names: set[str], name: str) -> None:
    assert name in names


def test_the_wheel_holds_the_templates_of_the_generators(names: set[str]) -> None:
    assert [name for name in names if name.startswith("velocious/generator/templates/")]


def test_the_wheel_is_pure_python_and_installs_the_program(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    archive = ZipFile(wheel)
    [entry_points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
    text = archive.read(entry_points).decode()
    assert "velocious = velocious_node.cli.main:main" in text
    assert "velocious = velocious.testing.plugin" in text
