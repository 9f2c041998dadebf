"""Users with an avatar and documents, and an application that keeps them, for the suites."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from velocious.migration import Migration
from velocious.record import (
    Record,
    SoftDelete,
    belongs_to,
    has_many,
    has_many_attachments,
    has_one_attachment,
    validates,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment


class CreateTables(Migration):
    async def up(self) -> None:
        await self.create_attachments_tables()
        async with self.create_table("teams") as t:
            t.string("name")
        async with self.create_table("users") as t:
            t.string("name", null=False)
            t.references("team")
        async with self.create_table("papers") as t:
            t.string("title")
            t.datetime("deleted_at")


class Team(Record):
    id: Attribute[int]
    name: Attribute[str]
    users = has_many("User", dependent="destroy")


class User(Record):
    id: Attribute[int]
    name: Attribute[str]
    team = belongs_to("Team")
    avatar = has_one_attachment(maximum_size=1_000_000)
    documents = has_many_attachments()
    validations = [
        validates("name", presence=True),
        validates(
            "avatar",
            attachment={"content_types": ["image/*", "text/plain"], "maximum_size": 400_000},
        ),
        validates("documents", attachment={"maximum_count": 3, "minimum_size": 1}),
    ]


class Paper(SoftDelete):
    title: Attribute[str]
    scan = has_one_attachment()
    validations = [validates("scan", presence=True)]


MODELS = (Team, User, Paper)


@asynccontextmanager
async def keeping(
    environment: TestEnvironment, driver: str = "files", **options: Any
) -> AsyncGenerator[Configuration]:
    """An application whose files are kept by *driver*."""
    async with environment.directory() as directory:
        place = {"directory": f"{directory}/kept"} if driver == "files" else {}
        storages = {"main": {"driver": driver, **place}}
        settings: dict[str, Any] = {
            "models": MODELS,
            "schema": [CreateTables],
            "attachments": storages,
        }
        async with environment.application(**{**settings, **options}) as configuration:
            yield configuration


async def stored_keys(configuration: Configuration) -> list[str]:
    """The keys of every file that is kept."""
    return sorted([found.key async for found in configuration.attachments.storage().keys()])


async def rows(configuration: Configuration) -> list[Any]:
    """(name, filename) of every row."""
    return await configuration.database().fetch(
        "SELECT name, filename FROM velocious_attachments ORDER BY name, position"
    )
