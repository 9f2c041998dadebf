"""The Python blocks of the guide to migrations are files of an application, which is migrated."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.project._snippets import snippets
from velocious.configuration import Configuration
from velocious.naming import underscore

if TYPE_CHECKING:
    import pytest

    from velocious.testing.environment import TestEnvironment


async def test_the_guide_to_migrations_says_what_is_true(
    environment: TestEnvironment, capsys: pytest.CaptureFixture[str]
) -> None:
    blocks = [block.text for block in snippets("docs/migrations.md") if block.language == "python"]
    migrations = [text for text in blocks if "(Migration):" in text]
    functions = [text for text in blocks if "async def " in text and text not in migrations]
    assert len(migrations) + len(functions) == len(blocks)
    async with environment.directory() as directory:
        names = write_files(Path(directory) / "app" / "db" / "migrations", migrations)
        configuration = Configuration(
            environment_handler=environment.handler(),
            environment="test",
            directory=directory,
            databases={
                "default": "sqlite:///default.sqlite3",
                "logs": "sqlite:///logs.sqlite3",
            },
        )
        async with configuration:
            for text in functions:
                scope: dict[str, Any] = {}
                exec(text, scope)
                (function,) = re.findall(r"^async def (\w+)", text, re.MULTILINE)
                await scope[function](configuration)
            assert await configuration.database("default").table("comments") is not None
            assert await configuration.database("logs").table("logs") is not None
    said = capsys.readouterr().out
    assert len(names) == 13
    assert [name for name in names if name not in said] == []


def write_files(directory: Path, migrations: list[str]) -> list[str]:
    """Write each of *migrations* as its file; their names."""
    directory.mkdir(parents=True)
    names: list[str] = []
    for place, text in enumerate(migrations):
        (name,) = re.findall(r"^class (\w+)\(Migration\)", text, re.MULTILINE)
        names.append(underscore(name))
        file = directory / f"{20260131120000 + place}_{names[-1]}.py"
        file.write_text(text, encoding="utf-8")
    return names
