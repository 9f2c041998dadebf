"""What is compared: the two answers to one question."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.differential import arithmetic
from tests.differential.queries import Question, replace
from velocious.errors import DatabaseError
from velocious.query import Query

if TYPE_CHECKING:
    from tests.differential.oracle import Oracle
    from tests.differential.project import Project
    from tests.differential.queries import Asked

METHODS = {"count_of": "count"}


class Undo(Exception):
    """Ends a transaction whose changes have been seen."""


class Answers:
    """Asks both sides, and compares."""

    def __init__(self, project: Project, oracle: Oracle) -> None:
        self.project = project
        self.oracle = oracle
        self.schema = project.schema

    async def compare(self, asked: Asked) -> None:
        """Ask both. Raises AssertionError where they disagree."""
        try:
            await self._compare(asked)
        except Exception as error:
            error.add_note(f"asked: {asked!r}")
            raise

    async def _compare(self, asked: Asked) -> None:
        if asked.groups:
            await self._groups(asked)
        elif asked.wanted in arithmetic.WANTED:
            await self._calculation(asked)
        elif asked.wanted in ("update_all", "delete_all"):
            await self._change(asked)
        else:
            await getattr(self, f"_{asked.wanted}")(asked, self.project.query(asked.question))

    # Rows

    async def _expected(self, question: Question, names: Any) -> list[tuple[Any, ...]]:
        rows = await self.oracle.rows(question, [((), name) for name in names])
        return [exact(row) for row in rows]

    async def _same_rows(self, question: Question, found: list[Any], names: Any) -> None:
        expected = await self._expected(question, names)
        rows = [exact(row) for row in found]
        assert rows == expected if question.sorted else Counter(rows) == Counter(expected)

    async def _records(self, asked: Asked, query: Query[Any]) -> None:
        names = self.schema.columns(asked.question.table)
        found = [[record.read(name) for name in names] for record in await query.to_list()]
        await self._same_rows(asked.question, found, names)

    async def _data(self, asked: Asked, query: Query[Any]) -> None:
        data = json.loads(json.dumps(query.to_data()))
        await self._records(asked, Query.from_data(data, allow_raw=True))

    async def _select(self, asked: Asked, query: Query[Any]) -> None:
        records = await query.select(*asked.columns).to_list()
        found = [[record.read(name) for name in asked.columns] for record in records]
        await self._same_rows(asked.question, found, asked.columns)

    async def _pluck(self, asked: Asked, query: Query[Any]) -> None:
        found = await query.pluck(*asked.columns)
        rows = [(value,) for value in found] if len(asked.columns) == 1 else found
        await self._same_rows(asked.question, rows, asked.columns)

    async def _ids(self, asked: Asked, query: Query[Any]) -> None:
        await self._same_rows(asked.question, [(key,) for key in await query.ids()], ["id"])

    async def _pick(self, asked: Asked, query: Query[Any]) -> None:
        found = await query.pick(*asked.columns)
        expected = await self._expected(asked.question, asked.columns)
        if not expected:
            assert found is None
            return
        row = exact((found,) if len(asked.columns) == 1 else found)
        assert row == expected[0] if asked.question.sorted else row in expected

    async def _first(self, asked: Asked, query: Query[Any]) -> None:
        await self._end(asked, await query.first(), 0)

    async def _last(self, asked: Asked, query: Query[Any]) -> None:
        await self._end(asked, await query.last(), -1)

    async def _end(self, asked: Asked, record: Any, place: int) -> None:
        question = asked.question
        if not question.sorted:
            question = replace(question, turns=2)
        expected = await self._expected(question, ["id"])
        found = None if record is None else exact((record.id,))
        assert found == (expected[place] if expected else None)

    async def _count(self, asked: Asked, query: Query[Any]) -> None:
        assert await query.count() == len(await self._expected(asked.question, ["id"]))

    async def _exists(self, asked: Asked, query: Query[Any]) -> None:
        assert await query.exists() == bool(await self._expected(asked.question, ["id"]))

    async def _batches(self, asked: Asked, query: Query[Any]) -> None:
        once = replace(asked.question, turns=2, distinct=True)
        expected = await self._expected(once, ["id"])
        found = [exact((record.id,)) async for record in query.find_each(asked.size)]
        assert found == expected
        batches = [await batch.ids() async for batch in query.in_batches(asked.size)]
        assert all(0 < len(set(batch)) <= asked.size for batch in batches)
        assert [exact((key,)) for batch in batches for key in sorted(set(batch))] == expected

    async def _preload(self, asked: Asked, query: Query[Any]) -> None:
        if not asked.path:
            return
        records = await query.preload(".".join(asked.path)).to_list()
        found = {ids for record in records for ids in _led(record, asked.path, self._many(asked))}
        keys = {key for (key,) in await self.oracle.rows(asked.question, [((), "id")])}
        places = [(asked.path[:end], "id") for end in range(len(asked.path) + 1)]
        rows = await self.oracle.rows(Question(asked.question.table), places)
        assert {record.id for record in records} == keys
        assert found == {row for row in rows if row[0] in keys and None not in row}

    def _many(self, asked: Asked) -> list[bool]:
        table, many = asked.question.table, list[bool]()
        for step in asked.path:
            way = self.schema.ways[table][step]
            table = way.target
            many.append(way.kind != "belongs_to")
        return many

    # Calculations

    async def _calculation(self, asked: Asked) -> None:
        rows = await self.oracle.rows(asked.question, [(asked.path, asked.columns[0])])
        values = [row[-1] for row in rows]
        found = await self._calculated(self.project.query(asked.question), asked, values)
        assert arithmetic.agree(asked.wanted, found, values)

    async def _calculated(self, query: Any, asked: Asked, values: list[Any]) -> Any:
        method = getattr(query, METHODS.get(asked.wanted, asked.wanted))
        names = (".".join((*asked.path, asked.columns[0])),) if asked.columns else ()
        try:
            return await method(*names)
        except DatabaseError:
            if asked.wanted == "sum" and arithmetic.overflows(values):
                return arithmetic.OVERFLOW
            raise

    async def _groups(self, asked: Asked) -> None:
        column = (asked.path, asked.columns[0]) if asked.columns else ((), "id")
        rows = await self.oracle.rows(asked.question, [*asked.groups, column])
        groups = arithmetic.grouped(rows, len(asked.groups))
        query = self.project.query(asked.question).group(
            *(".".join((*path, name)) for path, name in asked.groups)
        )
        if asked.having is not None:
            query = query.having("COUNT(*) > ?", asked.having)
            groups = {key: values for key, values in groups.items() if len(values) > asked.having}
        found = await self._calculated(query, asked, [row[-1] for row in rows])
        if found is arithmetic.OVERFLOW:
            return
        assert found.keys() == groups.keys()
        for key, values in groups.items():
            assert arithmetic.agree(asked.wanted, found[key], values), key

    # Changes

    async def _change(self, asked: Asked) -> None:
        model, [name] = self.project.models[asked.question.table], asked.columns
        before = await self.oracle.rows(Question(asked.question.table), [((), "id"), ((), name)])
        keys = {key for (key,) in await self.oracle.rows(asked.question, [((), "id")])}
        changed, after = -1, list[Any]()
        with suppress(Undo):
            async with model.transaction():
                changed = await self._changed(asked)
                after = await model.pluck("id", name)
                raise Undo
        assert changed == len(keys)
        if asked.wanted == "delete_all":
            expected = [row for row in before if row[0] not in keys]
        else:
            expected = [(key, asked.value if key in keys else value) for key, value in before]
        assert Counter(map(exact, after)) == Counter(map(exact, expected))

    async def _changed(self, asked: Asked) -> int:
        query = self.project.query(asked.question)
        if asked.wanted == "delete_all":
            return await query.delete_all()
        return await query.update_all({asked.columns[0]: asked.value})


def _led(record: Any, path: tuple[str, ...], many: list[bool]) -> list[tuple[Any, ...]]:
    """The keys of *record* and of what it leads to along *path*, for every way to the end."""
    if not path:
        return [(record.id,)]
    value = getattr(record, path[0])
    reached = list(value) if many[0] else [value] if value is not None else []
    assert len(set(reached)) == len(reached)
    return [(record.id, *rest) for one in reached for rest in _led(one, path[1:], many[1:])]


def exact(row: Any) -> tuple[Any, ...]:
    """*row* with the types and digits of its values, which ``==`` would forgive."""
    return tuple(None if value is None else (type(value).__name__, _text(value)) for value in row)


def _text(value: Any) -> str:
    return str(value.astimezone(UTC)) if isinstance(value, datetime) else str(value)
