"""Copies the rows of one database into another one of the same schema.

Law: the target has either all rows, compared with the source's, or says that it has not; a copy
that was killed goes on where it was, and stores no row twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from velocious.command_words import as_typed
from velocious.errors import CopyError
from velocious.migration.currency import LEDGER
from velocious.migration.ledger import Ledger
from velocious.transfer.plan import make_plan, own_tables
from velocious.transfer.references import check_references
from velocious.transfer.state import CopyState, TableState
from velocious.transfer.table_copy import TableCopy, row_count
from velocious.transfer.targets.base import copy_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.database.database import Database
    from velocious.progress import Progress
    from velocious.transfer.plan import TablePlan


class CopiedTable(NamedTuple):
    """A table whose rows were copied and compared."""

    name: str
    rows: int


class DatabaseCopy:
    """A copy from *source* to *target*.

    Arguments:
        tables: the names of those to be copied; all, if none is named.
        truncate: delete what is in the target's tables before.
    """

    def __init__(
        self,
        source: Database,
        target: Database,
        progress: Progress,
        *,
        tables: Sequence[str] = (),
        truncate: bool = False,
    ) -> None:
        self._source = source
        self._target = target
        self._progress = progress
        self._tables = tables
        self._truncate = truncate
        self._adapter = copy_target(target)
        self._state = CopyState(target, source.settings.safe_url)

    async def run(self) -> list[CopiedTable]:
        """Copy, or go on with a copy that was not finished.

        Raises:
            CopyError: the schemas or rows do not fit, or the target is not empty.
            AdvisoryLockBusyError: another process copies into the same target.
        """
        async with self._target.advisory_lock(_lock_name(self._target), or_fail=True):
            await _check_versions(self._source, self._target)
            plans = await self._prepare()
            copied = await self._copy(plans)
            await self._finish(plans)
        return copied

    async def _prepare(self) -> list[TablePlan]:
        goes_on = await self._state.exists() and not self._truncate
        plans = await self._plan()
        if goes_on:
            await self._check_source()
        else:
            await self._state.remove()
            await self._empty(plans)
            plans = await self._plan()  # keys that a killed copy had taken away are back
        names = await own_tables(self._source)
        for plan in plans:
            keys = [key for key in plan.table.foreign_keys if key.to_table in names]
            await check_references(self._source, plan.name, keys, "the source")
        if not goes_on:
            await self._state.prepare()
        await self._adapter.suspend(plans)
        return plans

    async def _plan(self) -> list[TablePlan]:
        return await make_plan(self._source, self._target, self._tables)

    async def _check_source(self) -> None:
        known, given = await self._state.source(), self._source.settings.safe_url
        if known not in (None, given):
            raise CopyError(
                f"The target holds a part of a copy of {known}, but --from is {given}. Finish that "
                "copy first, or begin anew with --truncate."
            )

    async def _empty(self, plans: Sequence[TablePlan]) -> None:
        full = [plan.name for plan in plans if await _has_rows(self._target, plan.name)]
        if full and not self._truncate:
            raise CopyError(
                f"The target has rows already, in {', '.join(full)}. Copy into an empty database, "
                "or let --truncate delete these rows."
            )
        if full:
            await self._adapter.empty([plan.name for plan in plans])
        # A copy that was killed may have taken keys away; without rows they are back at once.
        await self._adapter.restore()

    async def _copy(self, plans: Sequence[TablePlan]) -> list[CopiedTable]:
        known = await self._state.read()
        copied: list[CopiedTable] = []
        ends: list[tuple[TableCopy, TableState]] = []
        for plan in plans:
            one = TableCopy(plan, self._source, self._target, self._adapter, self._state)
            at = known.get(plan.name)
            if at is None:
                at = TableState(plan.name)
                await self._state.begin(at)
            total = await row_count(self._source, plan.name)
            with self._progress.step(f"Copying {plan.name}", total=total) as step:
                at = await one.copy(at, step)
            ends.append((one, at))
            copied.append(CopiedTable(plan.name, at.copied))
        for one, at in ends:
            with self._progress.step(f"Comparing {at.name}", total=at.copied) as step:
                await one.verify(at, step)
        return copied

    async def _finish(self, plans: Sequence[TablePlan]) -> None:
        await self._adapter.restore()
        if not self._adapter.checks_references:
            for plan in plans:
                keys = plan.table.foreign_keys
                await check_references(self._target, plan.name, keys, "the target")
        counters = copy_target(self._source)
        for plan in plans:
            for column in plan.columns:
                if column.automatic:
                    last = await counters.counter(plan.name, column.name)
                    await self._count_from(plan.name, column.name, last)
        await self._state.remove()

    async def _count_from(self, table: str, column: str, last: int) -> None:
        quote = self._target.dialect.quote
        rows = await self._target.fetch(f"SELECT MAX({quote(column)}) FROM {quote(table)}")
        last = max(last, rows[0][0] or 0)
        if last > 0:
            await self._adapter.count_from(table, column, last)


def _lock_name(target: Database) -> str:
    """Two schemas of one PostgreSQL database may be copied into at the same time."""
    server = target.settings.server
    schema = server.options.get("search_path", "") if server else ""
    return f"velocious copy {schema}".rstrip()


async def _has_rows(database: Database, table: str) -> bool:
    return bool(await database.fetch(f"SELECT 1 FROM {database.dialect.quote(table)} LIMIT 1"))


async def _check_versions(source: Database, target: Database) -> None:
    """Raise CopyError where other migrations have run on the source than on the target."""
    if LEDGER not in await source.table_names():
        return
    there = set(await Ledger(source).applied())
    here = set(await Ledger(target).applied())
    for name, lacking in (("source", here - there), ("target", there - here)):
        if lacking:
            raise CopyError(
                f"The {name} lacks {len(lacking)} migrations that have run on the other side: "
                f"{', '.join(sorted(lacking)[:5])}. Migrate it first ({as_typed('db:migrate')}), "
                "so that both have the same tables."
            )
