"""SQL, and questions about the schema there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.database.driver import Result
from velocious.migration.commands.base import Commands, question
from velocious.migration.lookup import matching

if TYPE_CHECKING:
    from velocious.database.driver import Parameters, Row
    from velocious.migration.table import IndexColumns


class QuestionCommands(Commands):
    """Statements of the migration's own, and what is there."""

    @question
    async def execute(self, sql: str, params: Parameters = ()) -> Result:
        """Run one statement, with ``?`` for each of *params*."""
        if self.recorder is not None:
            self.recorder.record("execute", {"sql": sql, "params": params})
            return Result([], 0, None)
        with self.steps.step("execute", sql):
            result = await self._make.execute(self._placed(sql, params), params)
            # The statement may have changed tables.
            self.database.forget_schema()
            return result

    @question
    async def fetch(self, sql: str, params: Parameters = ()) -> list[Row]:
        """The rows of a reading statement."""
        with self.steps.step("fetch", sql):
            return await self.database.fetch(self._placed(sql, params), params)

    def _placed(self, sql: str, params: Parameters) -> str:
        """*sql* with the dialect's own placeholders."""
        dialect = self.database.dialect
        if not params or dialect.placeholder(1) == "?":
            return sql
        first, *others = dialect.split_placeholders(sql)
        pieces = [f"{dialect.placeholder(place)}{text}" for place, text in enumerate(others, 1)]
        return first + "".join(pieces)

    @question
    async def table_exists(self, name: str) -> bool:
        return await (await self.database.introspect()).table(name) is not None

    @question
    async def column_exists(self, table: str, name: str) -> bool:
        described = await (await self.database.introspect()).table(table)
        return described is not None and described.column(name) is not None

    @question
    async def index_exists(
        self, table: str, columns: IndexColumns | None = None, *, name: str | None = None
    ) -> bool:
        described = await (await self.database.introspect()).table(table)
        return described is not None and bool(matching(described.indexes, columns, name))

    @question
    async def foreign_key_exists(
        self, table: str, to_table: str | None = None, *, column: str | None = None
    ) -> bool:
        described = await (await self.database.introspect()).table(table)
        return described is not None and any(
            to_table in (None, key.to_table) and (column is None or key.columns == (column,))
            for key in described.foreign_keys
        )

    @question
    async def check_constraint_exists(self, table: str, name: str) -> bool:
        exists = await (await self.database.introspect()).table(table) is not None
        return exists and name in await self._make.check_names(table)
