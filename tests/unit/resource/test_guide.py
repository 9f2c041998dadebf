"""The guide to resources: its Python is run, and its JSON is asked and answered."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.project._snippets import snippets
from tests.suites.exposing import Client
from tests.unit.record.test_guides import defined, run
from velocious.migration import Migration
from velocious.record import Record
from velocious.resource import Resource
from velocious.resource.settings import parse_resource_settings

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/resources.md"


async def test_the_guide_says_what_is_true(environment: TestEnvironment) -> None:
    first, *others = snippets(GUIDE)
    names: dict[str, Any] = {"__name__": "guide"}
    await run(first.text, f"{GUIDE}:{first.line}", names)
    async with environment.application(
        models=defined(names, Record),
        schema=defined(names, Migration),
        resources=defined(names, Resource),
        attachments={"files": {"driver": "database"}},
    ) as configuration:
        client = Client(configuration)
        asked: Any = None
        for block in others:
            if block.language == "python":
                await run(block.text, f"{GUIDE}:{block.line}", names)
            elif asked is None:
                asked = json.loads(block.text)
            else:
                answer = (await client.post(asked)).json
                assert answer == json.loads(block.text), f"{GUIDE}:{block.line}"
                asked = None
        assert asked is None
    assert parse_resource_settings(names["settings"]) == parse_resource_settings(None)
