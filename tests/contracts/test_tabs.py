"""Many tabs on one database: what crosses is exact, turns are fair, and no owner's end loses or
doubles a write.
"""

from __future__ import annotations

import asyncio
import enum
import math
from time import perf_counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.tabs import TabDriverFactory, Tabs
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import StatementError, TransactionLostError, UniqueConstraintError
from velocious_browser.tabs.wire import unpacked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.files import Files
    from velocious.testing.environment import TestEnvironment
    from velocious_browser.tabs.tab import Tab

SCHEMA = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text UNIQUE)"
INSERT = "INSERT INTO notes (text) VALUES (?)"
PATIENCE = 30.0


class Place:
    """Three tabs on one database: ``first`` owns it, ``second`` and ``third`` follow."""

    def __init__(self, files: Files) -> None:
        self.tabs = Tabs()
        self._files = files
        self.first, self.second, self.third = (self.tabs.open(name) for name in ("1", "2", "3"))
        self.databases = {tab: self._database(tab) for tab in (self.first, self.second, self.third)}

    def _database(self, tab: Tab) -> Database:
        settings = parse_settings("default", "sqlite:///db/tabs.sqlite3")
        return Database(settings, TabDriverFactory(tab), self._files)

    @property
    def one(self) -> Database:
        return self.databases[self.first]

    @property
    def two(self) -> Database:
        return self.databases[self.second]

    @property
    def three(self) -> Database:
        return self.databases[self.third]

    def fail_over(self) -> None:
        """The owner dies, and the second tab takes over."""
        self.tabs.end_owner()
        self.tabs.promote(self.second)


@pytest.fixture
async def place(sqlite_environment: TestEnvironment) -> AsyncIterator[Place]:
    async with sqlite_environment.directory() as directory:
        place = Place(sqlite_environment.handler().files(directory))
        await place.one.execute_script(SCHEMA)
        await place.two.open()
        await place.three.open()
        yield place
        if place.tabs.owner is not None:
            place.tabs.end_owner()


async def texts(database: Database) -> list[str]:
    return [text for (text,) in await database.fetch("SELECT text FROM notes ORDER BY id")]


async def until(database: Database, expected: list[str]) -> None:
    """Wait until *expected* is what the database holds."""
    for _ in range(100_000):
        if await texts(database) == expected:
            return
        await asyncio.sleep(0)
    raise AssertionError(f"{expected} was never stored")


class Colour(enum.IntEnum):
    RED = 3


@pytest.mark.parametrize(
    "value",
    [
        0,
        2**53 + 1,
        -(2**63),
        1.5,
        -0.0,
        math.inf,
        -math.inf,
        5e-324,
        "",
        "a\x00b",
        "🦊",
        b"",
        b"\x00\xff",
        None,
    ],
)
async def test_a_value_arrives_exactly_as_it_was_sent(place: Place, value: Any) -> None:
    await place.two.execute("INSERT INTO notes VALUES (1, ?)", (value,))
    for database in (place.one, place.two):
        ((found, kind),) = await database.fetch("SELECT text, typeof(text) FROM notes")
        assert (
            found,
            type(found),
            math.copysign(1, found) if found == 0 and kind == "real" else 0,
        ) == (
            value,
            type(value),
            -1 if kind == "real" and value == 0 else 0,
        )


@pytest.mark.parametrize(
    ("value", "stored"),
    [(True, 1), (Colour.RED, 3), (bytearray(b"ab"), b"ab"), (memoryview(b"cd"), b"cd")],
)
async def test_what_sqlite_takes_as_something_else_is_sent_as_that(
    place: Place, value: Any, stored: Any
) -> None:
    await place.two.execute(INSERT, (value,))
    assert await texts(place.two) == [stored]


async def test_a_value_that_sqlite_cannot_store_is_refused_by_name(place: Place) -> None:
    with pytest.raises(StatementError, match="type 'object' is not supported"):
        await place.two.execute(INSERT, (object(),))


async def test_what_any_tab_has_written_all_tabs_read(place: Place) -> None:
    await place.one.execute(INSERT, ("one",))
    await place.two.execute(INSERT, ("two",))
    async with place.three.transaction():
        await place.three.execute(INSERT, ("three",))
    for database in place.databases.values():
        assert await texts(database) == ["one", "two", "three"]


async def test_an_error_arrives_with_its_class_and_facts(place: Place) -> None:
    await place.one.execute(INSERT, ("a",))
    with pytest.raises(UniqueConstraintError) as caught:
        await place.two.execute(INSERT, ("a",))
    assert (caught.value.table, caught.value.columns) == ("notes", ("text",))
    assert "SQL: INSERT" in str(caught.value)


async def test_the_tabs_take_turns_to_write(place: Place) -> None:
    order: list[str] = []

    async def write(name: str, database: Database) -> None:
        for number in range(3):
            async with database.transaction():
                await database.execute(INSERT, (f"{name}{number}",))
                order.append(name)
                # Long enough for the others to ask.
                await asyncio.sleep(0.01)

    writing = (write("a", place.one), write("b", place.two), write("c", place.three))
    await asyncio.gather(*writing)
    assert sorted(order[:3]) == sorted(order[3:6]) == sorted(order[6:]) == ["a", "b", "c"]


async def test_the_notes_about_writes_are_no_part_of_the_schema(place: Place) -> None:
    await place.two.execute(INSERT, ("a",))
    for database in (place.one, place.two):
        assert await database.table_names() == ["notes"]
        assert await (await database.introspect()).structure() == [SCHEMA]


async def test_an_empty_transaction_needs_no_owner(place: Place) -> None:
    place.tabs.end_owner()
    async with place.two.transaction(), place.two.transaction():
        pass


# Another owner


async def test_a_statement_waits_for_the_next_owner(place: Place) -> None:
    await place.two.execute(INSERT, ("before",))
    place.tabs.end_owner()
    writing = asyncio.create_task(place.three.execute(INSERT, ("between",)))
    reading = asyncio.create_task(texts(place.two))
    await asyncio.sleep(0)
    place.tabs.promote(place.second)
    await writing
    assert await reading in (["before"], ["before", "between"])
    assert await texts(place.two) == await texts(place.three) == ["before", "between"]


async def test_a_write_whose_answer_was_lost_is_not_done_again(place: Place) -> None:
    place.tabs.lost = lambda sender, _receiver, _content: sender == "1"
    writing = asyncio.create_task(place.three.execute(f"{INSERT} RETURNING id, text", ("once",)))
    await until(place.one, ["once"])
    place.fail_over()
    result = await writing
    assert (result.rows, result.rowcount, result.last_id) == ([(1, "once")], 1, 1)
    assert await texts(place.two) == ["once"]


async def test_a_write_that_never_arrived_is_done_by_the_next_owner(place: Place) -> None:
    place.tabs.lost = lambda _sender, receiver, _content: receiver == "1"
    writing = asyncio.create_task(place.three.execute(INSERT, ("once",)))
    await asyncio.sleep(0.01)
    assert await texts(place.one) == []
    place.fail_over()
    assert (await writing).rowcount == 1
    assert await texts(place.two) == ["once"]


async def test_a_commit_whose_answer_was_lost_counts(place: Place) -> None:
    async def write() -> None:
        async with place.three.transaction():
            await place.three.execute(INSERT, ("a",))
            await place.three.execute(INSERT, ("b",))
            place.tabs.lost = lambda sender, _receiver, _content: sender == "1"

    writing = asyncio.create_task(write())
    await until(place.one, ["a", "b"])
    place.fail_over()
    await writing
    assert await texts(place.three) == ["a", "b"]


async def test_a_commit_that_never_arrived_says_that_nothing_is_stored(place: Place) -> None:
    async def write() -> None:
        async with place.three.transaction():
            await place.three.execute(INSERT, ("a",))
            place.tabs.lost = lambda _sender, receiver, _content: receiver == "1"

    writing = asyncio.create_task(write())
    await asyncio.sleep(0.01)
    place.fail_over()
    with pytest.raises(TransactionLostError, match="run the block again"):
        await writing
    assert await texts(place.three) == []
    await place.three.execute(INSERT, ("works on",))


async def test_a_transaction_that_was_open_is_lost_as_a_whole_and_says_so_each_time(
    place: Place,
) -> None:
    with pytest.raises(TransactionLostError):
        async with place.three.transaction():
            await place.three.execute(INSERT, ("a",))
            place.fail_over()
            for _ in range(2):
                with pytest.raises(TransactionLostError):
                    await place.three.execute(INSERT, ("b",))
            with pytest.raises(TransactionLostError):
                await place.three.fetch("SELECT 1")
    assert await texts(place.three) == []


async def test_a_transaction_of_the_tab_that_takes_over_is_lost_too(place: Place) -> None:
    with pytest.raises(TransactionLostError):
        async with place.two.transaction():
            await place.two.execute(INSERT, ("a",))
            place.fail_over()
    async with place.two.transaction():
        await place.two.execute(INSERT, ("again",))
    assert await texts(place.two) == ["again"]


async def test_a_transaction_that_has_not_done_anything_goes_on_with_the_next_owner(
    place: Place,
) -> None:
    async with place.two.transaction(), place.three.transaction():
        place.fail_over()
        await place.two.execute(INSERT, ("a",))
    async with place.three.transaction():
        place.tabs.end_owner()
        place.tabs.promote(place.third)
        await place.three.execute(INSERT, ("b",))
    assert await texts(place.three) == ["a", "b"]


async def test_the_owners_own_transaction_is_lost_when_it_gives_the_files_up(place: Place) -> None:
    with pytest.raises(TransactionLostError):
        async with place.one.transaction():
            await place.one.execute(INSERT, ("a",))
            place.first.give_up()
            place.tabs.promote(place.second)
            place.first.follow(is_known=True)
            await place.one.execute(INSERT, ("b",))
    await place.one.execute(INSERT, ("as a follower",))
    assert await texts(place.two) == ["as a follower"]


async def test_tasks_that_wait_for_their_turn_go_on_with_the_next_owner(place: Place) -> None:
    begun = asyncio.Event()

    async def hold() -> None:
        async with place.one.transaction():
            await place.one.execute(INSERT, ("lost",))
            begun.set()
            await asyncio.sleep(60)

    holding = asyncio.create_task(hold())
    await begun.wait()
    waiting = [
        asyncio.create_task(database.execute(INSERT, (name,)))
        for name, database in (("a", place.one), ("b", place.two), ("c", place.three))
    ]
    await asyncio.sleep(0.01)
    place.first.give_up()
    place.tabs.promote(place.second)
    place.first.follow(is_known=True)
    await asyncio.gather(*waiting[1:])
    holding.cancel()
    await waiting[0]
    with pytest.raises(asyncio.CancelledError):
        await holding
    assert sorted(await texts(place.one)) == ["a", "b", "c"]


# Tabs that go away


async def test_a_tab_that_goes_away_in_a_transaction_frees_the_turn(place: Place) -> None:
    holding, stopped = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with place.three.transaction():
            await place.three.execute(INSERT, ("lost",))
            holding.set()
            await stopped.wait()

    dying = asyncio.create_task(hold())
    await holding.wait()
    writing = asyncio.create_task(place.two.execute(INSERT, ("kept",)))
    await asyncio.sleep(0.01)
    assert not writing.done()
    place.tabs.end(place.third)
    await writing
    assert await texts(place.one) == ["kept"]
    dying.cancel()


async def test_a_cancelled_statement_gives_its_place_in_the_queue_up(place: Place) -> None:
    async with place.one.transaction():
        await place.one.execute(INSERT, ("first",))
        waiting = asyncio.create_task(place.two.execute(INSERT, ("never",)))
        inside = asyncio.create_task(_in_transaction(place.three, "neither"))
        await asyncio.sleep(0.01)
        waiting.cancel()
        inside.cancel()
        await asyncio.sleep(0.01)
    for task in (waiting, inside):
        with pytest.raises(asyncio.CancelledError):
            await task
    await place.two.execute(INSERT, ("last",))
    assert await texts(place.one) == ["first", "last"]


async def test_a_commit_that_is_cancelled_is_done_to_its_end(place: Place) -> None:
    task = asyncio.create_task(_in_transaction(place.two, "kept"))

    def cancel(_sender: str, receiver: str, content: bytes) -> bool:
        if receiver == "1" and unpacked(content)[2] == "end":
            task.cancel()
        return False

    place.tabs.lost = cancel
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await texts(place.one) == ["kept"]


async def test_the_writes_of_tabs_that_are_gone_are_forgotten(place: Place) -> None:
    await place.two.execute(INSERT, ("a",))
    await place.three.execute(INSERT, ("b",))
    place.tabs.end(place.third)
    await place.two.execute(INSERT, ("c",))
    assert await place.one.fetch("SELECT client FROM velocious_applied") == [("2",)]


async def _in_transaction(database: Database, text: str) -> None:
    async with database.transaction():
        await database.execute(INSERT, (text,))


async def test_an_owner_that_never_waits_does_not_keep_the_others_waiting(place: Place) -> None:
    is_done = False

    async def hurry() -> None:
        # Were it to go on for ever, a failure could not even be told.
        deadline = perf_counter() + PATIENCE
        while not is_done and perf_counter() < deadline:
            await place.one.execute("UPDATE notes SET text = text")
            await place.one.fetch("SELECT 1")

    hurrying = asyncio.create_task(hurry())
    began = perf_counter()
    await asyncio.sleep(0)
    await place.two.execute(INSERT, ("from the second tab",))
    waited = perf_counter() - began
    is_done = True
    await hurrying
    assert waited < PATIENCE
    assert await texts(place.one) == ["from the second tab"]
