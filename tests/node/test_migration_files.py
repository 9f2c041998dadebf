"""Migrations in a folder, by version alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.errors import MigrationError
from velocious_browser.migration.bundled import BundledMigrations
from velocious_node.migration.files import FileMigrations

if TYPE_CHECKING:
    from pathlib import Path

    from velocious.migration.provider import MigrationProvider

TEXT = """
from velocious.migration import Migration

class Change(Migration):
    async def up(self):
        await self.execute("SELECT 1")
"""


@pytest.fixture(params=[FileMigrations, BundledMigrations])
def provider(request: pytest.FixtureRequest, tmp_path: Path) -> MigrationProvider:
    return request.param(str(tmp_path))


def write(directory: Path, *names: str, text: str = TEXT) -> None:
    folder = directory / "app/db/migrations"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text(text)


def test_versions_are_those_of_the_sources(provider: MigrationProvider, tmp_path: Path) -> None:
    write(tmp_path, "20260102000000_second.py", "20260101000000_first.py", "_helper.py", "x.sql")
    assert provider.versions() == ["20260101000000", "20260102000000"]
    assert provider.versions() == [source.version for source in provider.sources()]


def test_versions_are_known_without_loading(provider: MigrationProvider, tmp_path: Path) -> None:
    write(tmp_path, "20260101000000_broken.py", text="syntax error")
    assert provider.versions() == ["20260101000000"]
    with pytest.raises(MigrationError, match="cannot be loaded"):
        provider.sources()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("create_tasks.py",), "is not the name of a migration"),
        (("20260101000000_a.py", "20260101000000_b.py"), "Two migrations have the version"),
    ],
)
def test_names_are_checked(
    provider: MigrationProvider, tmp_path: Path, names: tuple[str, ...], told: str
) -> None:
    write(tmp_path, *names)
    with pytest.raises(MigrationError, match=told):
        provider.versions()


@pytest.mark.parametrize("kind", [FileMigrations, BundledMigrations])
def test_without_a_directory_there_are_none(kind: type[FileMigrations | BundledMigrations]) -> None:
    assert kind(None).versions() == []
