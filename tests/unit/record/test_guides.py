"""The Python blocks of the guides to records are run, one after another."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from tests.project._snippets import snippets
from velocious.migration import Migration
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GUIDES = (
    "docs/records.md",
    "docs/queries.md",
    "docs/live.md",
    "docs/relationships.md",
    "docs/validations.md",
    "docs/record-life.md",
    "docs/users.md",
    "docs/authorization.md",
    "docs/attachments.md",
)


@pytest.mark.parametrize("guide", GUIDES)
async def test_a_guide_says_what_is_true(environment: TestEnvironment, guide: str) -> None:
    first, *others = [
        block for block in snippets(guide) if block.language == "python" and block.reason is None
    ]
    if ', where="' in first.text:
        environment.needs("partial_indexes")
    names: dict[str, Any] = {"__name__": "guide"}
    await run(first.text, f"{guide}:{first.line}", names)
    migrations = defined(names, Migration)
    models = defined(names, Record)
    secret = "what the guides sign their tokens with"
    async with (
        environment.directory() as directory,
        environment.application(
            models=models,
            secret=secret,
            schema=migrations,
            attachments={"files": {"driver": "files", "directory": f"{directory}/storage"}},
        ),
    ):
        for block in others:
            await run(block.text, f"{guide}:{block.line}", names)


async def run(text: str, place: str, names: dict[str, Any]) -> None:
    """Run a block that may await."""
    code = compile(text, place, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    answer = eval(code, names)
    if inspect.iscoroutine(answer):
        await answer


def defined(names: dict[str, Any], base: type) -> list[Any]:
    """The classes that a block defined from *base*."""
    return [
        value
        for value in names.values()
        if isinstance(value, type) and issubclass(value, base) and value.__module__ == "guide"
    ]
