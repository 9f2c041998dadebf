"""``velocious openapi``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from velocious.cli.command import Invocation
from velocious.cli.commands.openapi import openapi
from velocious.cli.output import TextOutput
from velocious.configuration import Configuration
from velocious.openapi import openapi_document
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from pathlib import Path


def shop(directory: Path) -> Configuration:
    (directory / "app").mkdir(exist_ok=True)
    return Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        directory=str(directory),
        databases={"default": "sqlite:///:memory:"},
        routes=Routes(),
        http={"openapi": {"title": "Shöp"}},
    )


async def run(configuration: Configuration, *words: str) -> str:
    output = TextOutput()
    call = openapi.parse(list(words), output, "velocious")
    assert not isinstance(call, int)
    assert await call.run(Invocation(output, configuration)) == 0
    return output.text


async def test_the_document_is_printed(tmp_path: Path) -> None:
    configuration = shop(tmp_path)
    printed = await run(configuration)
    assert json.loads(printed) == openapi_document(configuration)
    assert "Shöp" in printed


async def test_the_document_is_written_where_it_is_wanted(tmp_path: Path) -> None:
    printed = await run(shop(tmp_path), "--output", "public/openapi.json")
    assert printed == "Wrote public/openapi.json.\n"
    written = (tmp_path / "public" / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(written)["info"]["title"] == "Shöp"
