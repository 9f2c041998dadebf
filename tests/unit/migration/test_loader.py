"""Finding migrations in source files."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from velocious.errors import MigrationError
from velocious.migration.loader import MigrationFile, load

if TYPE_CHECKING:
    from velocious.migration.provider import MigrationSource

GOOD = """
from velocious.migration import Migration

class CreateTasks(Migration):
    async def up(self):
        await self.execute("SELECT 1")
"""


def loaded(**files: str) -> list[MigrationSource]:
    return load(
        MigrationFile(f"/app/db/migrations/{name}.py", text) for name, text in files.items()
    )


def test_migrations_come_in_the_order_of_their_versions() -> None:
    sources = loaded(**{"20260202000000_later": GOOD, "20260101000000_sooner": GOOD})
    assert [(source.version, source.name) for source in sources] == [
        ("20260101000000", "sooner"),
        ("20260202000000", "later"),
    ]
    assert sources[0].migration.__name__ == "CreateTasks"


def test_the_checksum_follows_what_is_done_but_not_how_it_is_written() -> None:
    (one,) = loaded(**{"20260101000000_a": GOOD})
    (windows,) = loaded(**{"20260101000000_a": GOOD.replace("\n", "\r\n")})
    told = GOOD.replace("\n\n", "\n\n# said\n") + "# at the end\n"
    (said,) = loaded(**{"20260101000000_a": told})
    (edited,) = loaded(**{"20260101000000_a": GOOD.replace("SELECT 1", "SELECT 2")})
    (longer,) = loaded(**{"20260101000000_a": GOOD + "        await self.execute('SELECT 1')\n"})
    assert one.checksum == windows.checksum == said.checksum
    assert len({one.checksum, edited.checksum, longer.checksum}) == 3


def test_loading_leaves_no_module_behind() -> None:
    before = set(sys.modules)
    loaded(**{"20260101000000_a": GOOD})
    with pytest.raises(MigrationError):
        loaded(**{"20260101000000_a": "1 / 0"})
    assert set(sys.modules) == before


def test_a_data_class_can_be_defined_in_a_migration() -> None:
    text = (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Row:\n    name: str\n"
    )
    assert len(loaded(**{"20260101000000_a": text + GOOD})) == 1


@pytest.mark.parametrize("name", ["create_tasks", "2026_create_tasks", "20260101000000", "x"])
def test_a_wrong_file_name_is_an_error(name: str) -> None:
    with pytest.raises(MigrationError, match="20260131120000_create_tasks.py"):
        loaded(**{name: GOOD})


def test_two_files_of_one_version_are_an_error_that_names_both() -> None:
    with pytest.raises(MigrationError, match=r"_a\.py and 20260101000000_b\.py"):
        loaded(**{"20260101000000_a": GOOD, "20260101000000_b": GOOD})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it has none"),
        ("class Migration: ...", "it has none"),
        ("from velocious.migration import Migration", "it has none"),
        (GOOD + GOOD.replace("CreateTasks", "Other"), "CreateTasks, Other"),
        (GOOD.replace("up", "upp"), r"has no up\(\)"),
        (GOOD.replace("async def up", "def up").replace("await ", ""), "not asynchronous"),
        ("def broken(:", "SyntaxError"),
        ("import velocious.nothing", "ModuleNotFoundError"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
    ],
)
def test_a_file_without_a_usable_migration_is_an_error(text: str, message: str) -> None:
    with pytest.raises(MigrationError, match=message) as caught:
        loaded(**{"20260101000000_broken": text})
    assert "20260101000000_broken.py" in str(caught.value)


def test_a_base_class_whose_name_starts_with_an_underscore_is_no_migration() -> None:
    text = "from velocious.migration import Migration\nclass _Base(Migration): ...\n"
    assert len(loaded(**{"20260101000000_a": text + GOOD.replace("(Migration)", "(_Base)")})) == 1
