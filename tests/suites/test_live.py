"""Live results: one now, one after each change of what was read, and nothing after the end."""

from __future__ import annotations

import asyncio
import gc
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Project, Task
from velocious import Current
from velocious.database.changes import Change
from velocious.errors import LiveWriteError, QueryError, TenantError
from velocious.live import live
from velocious.record import Record

if TYPE_CHECKING:
    from velocious.configuration import Configuration
    from velocious.live import Live, LiveResults
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

#: Far more than any run takes; whoever waits so long has missed a change.
PATIENCE = 30.0


class Failure(Exception):
    pass


async def soon[T](results: LiveResults[T]) -> T:
    return await asyncio.wait_for(anext(results), PATIENCE)


async def is_quiet(results: LiveResults[Any], configuration: Configuration) -> bool:
    """Whether no result is due: what follows a change of everything would come after it."""
    waiting = asyncio.ensure_future(anext(results))
    for _ in range(20):
        await asyncio.sleep(0)
    quiet = not waiting.done()
    waiting.cancel()
    await asyncio.wait([waiting])
    return quiet


@pytest.fixture
def others(tracker: Configuration) -> int:
    """How many listen to changes before a test does: in a browser the other tabs are told."""
    return len(tracker.changes)


def names(tasks: list[Task]) -> list[str]:
    return [task.name for task in tasks]


async def test_a_query_gives_its_rows_now_and_after_each_change(tracker: Configuration) -> None:
    results = aiter(Task.where(done=False).order("id").live(interval=0))
    assert names(await soon(results)) == []
    task = await Task.create(name="a")
    assert names(await soon(results)) == ["a"]
    await task.update(name="b")
    assert names(await soon(results)) == ["b"]
    await task.update(done=True)
    assert names(await soon(results)) == []


async def test_a_loop_runs_once_for_each_result(tracker: Configuration) -> None:
    seen: list[list[str]] = []
    async for tasks in Task.order("id").live(interval=0):
        seen.append(names(tasks))
        if len(seen) == 3:
            break
        await Task.create(name=f"t{len(seen)}")
    assert seen == [[], ["t1"], ["t1", "t2"]]


async def test_what_does_not_concern_it_brings_no_result(tracker: Configuration) -> None:
    results = aiter(Task.all().live(interval=0))
    await soon(results)
    await Project.create(name="x")
    with pytest.raises(Failure):
        async with Task.transaction():
            await Task.create(name="lost")
            raise Failure
    assert await is_quiet(results, tracker)


async def test_preloaded_and_joined_tables_concern_it(tracker: Configuration) -> None:
    project = await Project.create(name="x")
    await Task.create(name="a", project=project)
    preloaded = aiter(Task.all().preload("project").live(interval=0))
    joined = aiter(Task.where(project={"name": "y"}).live(interval=0))
    assert (await soon(preloaded))[0].project.name == "x"
    assert names(await soon(joined)) == []
    await project.update(name="y")
    assert (await soon(preloaded))[0].project.name == "y"
    assert names(await soon(joined)) == ["a"]


async def test_a_function_follows_all_that_it_reads(tracker: Configuration) -> None:
    async def board() -> tuple[list[str], int]:
        names, count = await asyncio.gather(Project.order("id").pluck("name"), Task.count())
        return names, count

    results = aiter(live(board, interval=0))
    assert await soon(results) == ([], 0)
    await Project.create(name="x")
    assert await soon(results) == (["x"], 0)
    await Task.create(name="a")
    assert await soon(results) == (["x"], 1)


async def test_raw_statements_and_fragments_are_followed(tracker: Configuration) -> None:
    async def raw() -> Any:
        return await tracker.database().fetch("SELECT count(*) FROM tasks")

    fragment = Project.where("EXISTS (SELECT 1 FROM tasks WHERE project_id = projects.id)")
    by_statement, by_fragment = aiter(live(raw, interval=0)), aiter(fragment.live(interval=0))
    assert [tuple(row) for row in await soon(by_statement)] == [(0,)]
    assert await soon(by_fragment) == []
    await Task.create(name="a", project=await Project.create(name="x"))
    assert [tuple(row) for row in await soon(by_statement)] == [(1,)]
    assert len(await soon(by_fragment)) == 1


async def test_an_equal_number_is_not_given_again(tracker: Configuration) -> None:
    results = aiter(live(Task.where(done=True).count, interval=0))
    assert await soon(results) == 0
    await Task.create(name="a")
    assert await is_quiet(results, tracker)
    await Task.create(name="b", done=True)
    assert await soon(results) == 1


async def test_changes_during_a_run_bring_exactly_one_more(tracker: Configuration) -> None:
    runs: list[int] = []
    running, go_on = asyncio.Event(), asyncio.Event()

    async def load() -> list[str]:
        runs.append(1)
        found = await Task.order("id").pluck("name")
        running.set()
        await go_on.wait()
        return found

    results = aiter(live(load, interval=0))
    first = asyncio.ensure_future(soon(results))
    await running.wait()
    for number in range(5):
        await Task.create(name=f"t{number}")
    go_on.set()
    assert await first == []
    assert len(await soon(results)) == 5
    assert await is_quiet(results, tracker)
    assert len(runs) == 2


async def test_a_burst_of_commits_is_one_run(tracker: Configuration) -> None:
    results = aiter(Task.all().live())
    await soon(results)
    for number in range(30):
        await Task.create(name=f"t{number}")
    assert len(await soon(results)) == 30
    assert await is_quiet(results, tracker)


async def test_it_runs_beside_the_transaction_that_it_is_used_in(tracker: Configuration) -> None:
    async with tracker.ensure_connections():
        results = aiter(Task.order("id").live(interval=0))
        await soon(results)
        await Task.create(name="stored")
        assert names(await soon(results)) == ["stored"]
    async with Project.transaction() as transaction:
        handle = live(Task.order("id").to_list, lambda tasks: None)
        assert transaction.depth == 1
    await handle.aclose()


async def test_it_sees_what_was_committed_and_not_what_is_under_way(
    environment: TestEnvironment, tracker: Configuration
) -> None:
    results = aiter(Task.order("id").live(interval=0))
    await soon(results)
    async with Task.transaction():
        await Task.create(name="a")
        tracker.changes.everything()
        assert names(await soon(results)) == []
    assert names(await soon(results)) == ["a"]


async def test_an_error_reaches_the_loop_and_the_next_change_brings_a_result(
    tracker: Configuration,
) -> None:
    async def load() -> int:
        count = await Task.count()
        if count == 1:
            raise Failure
        return count

    results = aiter(live(load, interval=0))
    assert await soon(results) == 0
    await Task.create(name="a")
    with pytest.raises(Failure):
        await soon(results)
    await Task.create(name="b")
    assert await soon(results) == 2


async def test_a_function_that_writes_is_refused(tracker: Configuration) -> None:
    async def load() -> None:
        await Task.create(name="a")

    async def load_many() -> None:
        await Task.insert_multiple(["name"], [["a"]])

    for function in (load, load_many):
        with pytest.raises(LiveWriteError, match="may only read"):
            await soon(aiter(live(function)))
    assert await Task.count() == 0


async def test_a_loop_that_was_left_listens_no_more(tracker: Configuration, others: int) -> None:
    async for _ in Task.all().live():
        assert len(tracker.changes) == others + 1
        break
    gc.collect()
    assert len(tracker.changes) == others


async def test_a_walk_that_failed_in_its_body_listens_no_more(
    tracker: Configuration, others: int
) -> None:
    async def walk() -> None:
        async for _ in Task.all().live():
            raise Failure

    with pytest.raises(Failure):
        await walk()
    gc.collect()
    assert len(tracker.changes) == others


async def test_a_cancelled_task_listens_no_more(tracker: Configuration, others: int) -> None:
    reached = asyncio.Event()

    async def walk() -> None:
        async for _ in Task.all().live():
            reached.set()

    task = asyncio.create_task(walk())
    await reached.wait()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    # The error's traceback holds what the loop held.
    del task
    gc.collect()
    assert len(tracker.changes) == others


async def test_closing_ends_the_walk(tracker: Configuration, others: int) -> None:
    async with aclosing(aiter(Task.all().live())) as results:
        await soon(results)
    assert len(tracker.changes) == others
    with pytest.raises(StopAsyncIteration):
        await soon(results)


async def test_stop_ends_every_loop_and_the_run_that_is_under_way(
    tracker: Configuration, others: int
) -> None:
    running = asyncio.Event()

    async def load() -> None:
        running.set()
        await asyncio.Event().wait()

    tasks: Live[None] = live(load)

    async def walk() -> str:
        async for _ in tasks:
            pass
        return "ended"

    walking = [asyncio.create_task(walk()) for _ in range(3)]
    await running.wait()
    tasks.stop()
    assert await asyncio.wait_for(asyncio.gather(*walking), PATIENCE) == ["ended"] * 3
    assert len(tracker.changes) == others


async def test_a_result_that_nobody_waited_for_comes_when_somebody_does(
    tracker: Configuration,
) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def load() -> int:
        count = await Task.count()
        started.set()
        await go_on.wait()
        return count

    results = aiter(live(load, interval=0))
    waiting = asyncio.ensure_future(anext(results))
    await started.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go_on.set()
    assert await soon(results) == 0


async def test_two_tasks_cannot_wait_for_one_walk(tracker: Configuration) -> None:
    results = aiter(Task.all().live())
    await soon(results)
    waiting = asyncio.ensure_future(anext(results))
    await asyncio.sleep(0)
    with pytest.raises(QueryError, match="by another task"):
        await soon(results)
    waiting.cancel()


async def test_results_and_errors_are_handed_to_functions(
    tracker: Configuration, others: int
) -> None:
    told: asyncio.Queue[Any] = asyncio.Queue()

    async def load() -> int:
        count = await Task.count()
        if count == 1:
            raise Failure
        return count

    async def keep(count: int) -> None:
        await told.put(count)

    handle = live(load, keep, told.put_nowait, interval=0)
    assert await asyncio.wait_for(told.get(), PATIENCE) == 0
    await Task.create(name="a")
    assert isinstance(await asyncio.wait_for(told.get(), PATIENCE), Failure)
    await Task.create(name="b")
    assert await asyncio.wait_for(told.get(), PATIENCE) == 2
    await handle.aclose()
    assert handle.stopped
    await Task.create(name="c")
    assert told.empty()
    assert len(tracker.changes) == others


async def test_an_error_that_nobody_asked_for_is_logged(
    tracker: Configuration, caplog: pytest.LogCaptureFixture
) -> None:
    failed = asyncio.Event()

    async def load() -> int:
        return await Task.count()

    def show(count: int) -> None:
        failed.set()
        raise Failure

    handle = live(load, show)
    await asyncio.wait_for(failed.wait(), PATIENCE)
    await handle.aclose()
    assert "A live function" in caplog.text


async def test_what_is_called_with_a_result_may_write(tracker: Configuration) -> None:
    done = asyncio.Event()

    async def fill(count: int) -> None:
        if count < 3:
            await Task.create(name="x")
        else:
            done.set()

    handle = live(Task.all().count, fill, interval=0)
    await asyncio.wait_for(done.wait(), PATIENCE)
    await handle.aclose()
    assert await Task.count() == 3


async def test_the_end_of_the_configuration_ends_every_walk(environment: TestEnvironment) -> None:
    class Note(Record):
        id: Attribute[int]

    schema = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);"
    async with environment.application(models=[Note], schema=schema):
        results = aiter(Note.all().live())
        assert await soon(results) == []
        handle = live(Note.all().count, lambda count: None)
    with pytest.raises(StopAsyncIteration):
        await soon(results)
    await handle.aclose()


async def test_other_databases_do_not_concern_it(environment: TestEnvironment) -> None:
    class Note(Record):
        id: Attribute[int]

    schema = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL);"
    async with environment.application(models=[Note], schema=schema) as configuration:
        results = aiter(Note.all().live(interval=0))
        await soon(results)
        elsewhere = Change("other", None, "sqlite:///elsewhere.sqlite3")
        configuration.changes.publish(elsewhere)
        assert await is_quiet(results, configuration)
        place = configuration.database().place
        configuration.changes.publish(Change("default", frozenset({"notes"}), place, foreign=True))
        assert await soon(results) == []
        configuration.changes.everything()
        assert await soon(results) == []


async def test_the_rows_of_other_tenants_do_not_concern_it(environment: TestEnvironment) -> None:
    environment.needs("sqlite_files")

    class Note(Record):
        id: Attribute[int]

    schema = "CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL)"

    def resolve(*, identifier: str, settings: dict[str, Any], tenant: Any) -> str:
        return f"sqlite:///{directory}/{tenant}.sqlite3"

    async def prepare(configuration: Configuration) -> None:
        for tenant in ("one", "two"):
            async with configuration.run_with_tenant(tenant):
                await configuration.database().execute(schema)
        await configuration.database().execute(schema)

    async with (
        environment.directory() as directory,
        environment.application(
            models=[Note], schema=prepare, tenant_database_resolver=resolve
        ) as configuration,
    ):
        async with configuration.run_with_tenant("one"):
            results = aiter(live(Note.all().count, interval=0))
            assert await soon(results) == 0
            async with configuration.run_with_tenant("two"):
                assert Current.tenant() == "two"
                await Note.create()
            assert await is_quiet(results, configuration)
            await Note.create()
            # The walk stays with the tenant that it began with, whoever waits for it.
            async with configuration.run_with_tenant("two"):
                assert await soon(results) == 1
        configuration.changes.everything()
        with pytest.raises(TenantError, match="has ended"):
            await soon(results)


async def test_the_members_of_a_collection_can_be_followed(tracker: Configuration) -> None:
    project = await Project.create(name="x")
    results = aiter(project.tasks.live(interval=0))
    assert await soon(results) == []
    await Task.create(name="a", project=project)
    assert names(await soon(results)) == ["a"]
