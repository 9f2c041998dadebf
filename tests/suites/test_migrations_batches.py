"""Migrations that change many rows, a batch at a time."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import MigrationError
from velocious.migration import Migration, Migrator, sql
from velocious.progress import Progress
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.configuration import Configuration
    from velocious.progress import Report
    from velocious.testing.environment import TestEnvironment

ROWS = 23


class CreateTasks(Migration):
    async def change(self) -> None:
        async with self.create_table("tasks") as t:
            t.string("name", null=False)
            t.string("slug")
            t.boolean("done")
        async with self.create_table("pairs", primary_key=["one", "other"]) as t:
            t.integer("one")
            t.integer("other")
        values = ", ".join(f"('Task {number}')" for number in range(ROWS))
        await self.up_only(lambda: self.execute(f"INSERT INTO tasks (name) VALUES {values}"))


@asynccontextmanager
async def tasks(environment: TestEnvironment) -> AsyncGenerator[Configuration]:
    async with environment.application(schema=[CreateTasks]) as configuration:
        yield configuration


async def run(configuration: Configuration, migration: type[Migration], **options: Any) -> None:
    provider = ListedMigrations([CreateTasks, migration])
    await Migrator(configuration, provider=provider, **options).migrate()


async def count(configuration: Configuration, condition: str) -> int:
    sql = f"SELECT count(*) FROM tasks WHERE {condition}"
    return (await configuration.database().fetch(sql))[0][0]


@pytest.mark.parametrize("bare", [False, True])
async def test_a_backfill_gives_every_row_its_value(
    environment: TestEnvironment, bare: bool
) -> None:
    reports: list[Report] = []

    class Fills(Migration):
        disable_transaction = bare

        async def up(self) -> None:
            await self.backfill("tasks", {"done": False, "slug": sql("lower(name)")}, size=5)

    async with tasks(environment) as configuration:
        await run(configuration, Fills, progress=Progress(reports.append, interval=0))
        assert await count(configuration, "done = FALSE AND slug LIKE 'task %'") == ROWS
    assert [report.done for report in reports] == [0, 5, 10, 15, 20, 23, 23]
    assert reports[-1].finished
    assert {report.total for report in reports} == {ROWS}
    assert reports[0].label == "Filling done, slug of tasks"


async def test_a_backfill_leaves_values_alone(environment: TestEnvironment) -> None:
    class Fills(Migration):
        async def up(self) -> None:
            await self.execute("UPDATE tasks SET slug = 'kept' WHERE name = ?", ("Task 3",))
            await self.backfill("tasks", {"slug": "filled"}, size=4)
            await self.backfill("tasks", {"done": True}, where="slug = 'kept'")

    async with tasks(environment) as configuration:
        await run(configuration, Fills)
        assert await count(configuration, "slug = 'kept' AND done = TRUE") == 1
        assert await count(configuration, "slug = 'filled' AND done IS NULL") == ROWS - 1


async def test_batches_have_the_columns_that_were_asked_for(environment: TestEnvironment) -> None:
    class Reads(Migration):
        async def up(self) -> None:
            sizes: list[int] = []
            async for batch in self.in_batches("tasks", size=10, columns=["name"]):
                sizes.append(len(batch.keys))
                assert [row["id"] for row in batch.rows] == batch.keys
                assert batch.rows[0]["name"].startswith("Task ")
                if len(sizes) == 1:
                    assert await batch.delete() == 10
                else:
                    assert await batch.update({"slug": "x"}) == len(batch.keys)
            assert sizes == [10, 10, 3]

    async with tasks(environment) as configuration:
        await run(configuration, Reads)
        assert await count(configuration, "slug = 'x'") == 13


async def test_outside_of_a_transaction_each_batch_is_one(environment: TestEnvironment) -> None:
    class Fails(Migration):
        disable_transaction = True

        async def up(self) -> None:
            number = 0
            async for batch in self.in_batches("tasks", size=10):
                number += 1
                await batch.update({"slug": "x"})
                if number == 2:
                    raise RuntimeError("stop")

    async with tasks(environment) as configuration:
        with pytest.raises(MigrationError, match="stop"):
            await run(configuration, Fails)
        assert await count(configuration, "slug = 'x'") == 10
        assert configuration.database().current_transaction() is None


async def test_a_second_loop_begins_at_the_first_row_again(environment: TestEnvironment) -> None:
    class Twice(Migration):
        disable_transaction = True

        async def up(self) -> None:
            for column in ("slug", "name"):
                async for batch in self.in_batches("tasks", size=10):
                    await batch.update({column: "x"})

    async with tasks(environment) as configuration:
        await run(configuration, Twice)
        assert await count(configuration, "slug = 'x' AND name = 'x'") == ROWS


async def test_batches_that_are_left_early_are_kept(environment: TestEnvironment) -> None:
    class Breaks(Migration):
        disable_transaction = True

        async def up(self) -> None:
            async for batch in self.in_batches("tasks", size=10):
                await batch.update({"slug": "x"})
                break

    async with tasks(environment) as configuration:
        await run(configuration, Breaks)
        assert await count(configuration, "slug = 'x'") == 10


async def test_inside_of_a_transaction_nothing_of_a_failure_is_kept(
    environment: TestEnvironment,
) -> None:
    environment.needs("transactional_ddl")

    class Fails(Migration):
        async def up(self) -> None:
            await self.backfill("tasks", {"slug": "x"}, size=5)
            raise RuntimeError("stop")

    async with tasks(environment) as configuration:
        with pytest.raises(MigrationError, match="Nothing of it was kept"):
            await run(configuration, Fails)
        assert await count(configuration, "slug IS NULL") == ROWS


async def test_a_table_without_a_single_key_has_no_batches(environment: TestEnvironment) -> None:
    class Pairs(Migration):
        async def up(self) -> None:
            async for _ in self.in_batches("pairs"):
                pass

    async with tasks(environment) as configuration:
        with pytest.raises(MigrationError, match="its key is not one column"):
            await run(configuration, Pairs)


async def test_an_unknown_column_is_not_filled(environment: TestEnvironment) -> None:
    class Fills(Migration):
        async def up(self) -> None:
            await self.backfill("tasks", {"slgu": "x"})

    async with tasks(environment) as configuration:
        with pytest.raises(MigrationError, match="Did you mean 'slug'"):
            await run(configuration, Fills)
