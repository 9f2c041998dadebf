"""Many rows at once: one statement, values cast by column, no callbacks.

Law: rows are looked at by column, not by value: a column whose values need no encoding costs one
pass over their types.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from velocious.errors import (
    DatabaseError,
    RecordError,
    UnknownAttributeError,
    UnsupportedValueError,
)
from velocious.record.bulk_defaults import default_column, lacking_defaults, sample
from velocious.record.given_keys import count_on_behind
from velocious.record.insert_plan import makes_key, new_key
from velocious.record.validating import validate as validate_record
from velocious.record.writing import timestamp
from velocious.sql.compiler import compile_statement
from velocious.sql.statements import Insert

if TYPE_CHECKING:
    from collections.abc import Iterable

    from velocious.record.record import Record
    from velocious.record.schema import AttributeSchema, ModelSchema

type Row = Sequence[Any]

PLAIN_ROWS = frozenset({list, tuple})


@dataclass(frozen=True, slots=True)
class FailedRow:
    """A row that was not inserted: where it was (from 0), what it was, and why."""

    index: int
    row: Row
    reason: str


@dataclass(slots=True)
class BulkResult:
    """What became of the rows of an ``insert_multiple``."""

    inserted: int = 0
    failed: list[FailedRow] = field(default_factory=list[FailedRow])


class BulkInsertError(RecordError):
    """Rows were refused, and nobody asked for results.

    Attributes:
        result: what became of all rows.
    """

    code = "insert_multiple_failed"

    def __init__(self, model: str, result: BulkResult) -> None:
        self.result = result
        first = result.failed[0]
        super().__init__(
            f"insert_multiple of {model} failed for {len(result.failed)} rows. Row {first.index}: "
            f"{first.reason} "
            "Pass return_results=True to insert the others and get the list."
        )


async def insert_multiple(
    model: type[Record],
    columns: Sequence[str],
    rows: Iterable[Row],
    *,
    validate: bool = False,
    retry_individually: bool = False,
    return_results: bool = False,
) -> BulkResult:
    """Insert *rows*, whose values are in the order of *columns*, in one transaction.

    Timestamps, declared defaults and the initial states of state machines are filled in. Nothing
    else of a record's life takes part, but *validate* runs the model's validations on each row
    first. With *retry_individually*, rows that the database refuses
    are found by inserting one by one; with *return_results*, rows that were refused are reported
    and the others stay.

    Raises:
        UnknownAttributeError: for a column the table does not have.
        BulkInsertError: for refused rows, unless results are returned; nothing is inserted then.
    """
    definition = model._definition
    schema = definition.schema_in_use() or await definition.ready()
    given = rows if isinstance(rows, list) else list(rows)
    batch = Batch(schema, tuple(columns), given)
    batch.check_lengths()
    if validate:
        await batch.validate(model)
    encoded = batch.encode()
    if batch.result.failed and not return_results:
        raise BulkInsertError(model.__name__, batch.result)
    if encoded:
        await _insert(model, schema, batch, encoded, retry_individually, return_results)
    return batch.result


async def _insert(
    model: type[Record],
    schema: ModelSchema,
    batch: Batch,
    encoded: list[Row],
    retry_individually: bool,
    return_results: bool,
) -> None:
    sql = batch.sql()
    try:
        batch.result.inserted = await schema.database.execute_many(sql, encoded)
        await count_on_behind(schema, batch.written(), encoded)
    except DatabaseError:
        if not retry_individually:
            raise
        async with schema.database.transaction():
            await _insert_each(schema, sql, batch, encoded)
            await count_on_behind(schema, batch.written(), encoded)
            if batch.result.failed and not return_results:
                raise BulkInsertError(model.__name__, batch.result) from None


async def _insert_each(schema: ModelSchema, sql: str, batch: Batch, encoded: list[Row]) -> None:
    for index, row in zip(batch.kept, encoded, strict=True):
        try:
            async with schema.database.transaction():
                await schema.database.execute(sql, row)
        except DatabaseError as error:
            batch.fail(index, str(error))
        else:
            batch.result.inserted += 1


class Batch:
    """Rows on their way into a table: those that fell out, and where those are that did not."""

    def __init__(self, schema: ModelSchema, columns: tuple[str, ...], rows: list[Row]) -> None:
        if len(set(columns)) < len(columns):
            raise RecordError(f"insert_multiple names a column twice in {columns!r}. Name it once.")
        self.schema = schema
        self.columns = columns
        self.rows = rows
        self.kept: Sequence[int] = range(len(rows))
        self.result = BulkResult()
        self.attributes = [self._attribute(name) for name in columns]
        self.stamps = tuple(sorted(schema.timestamps - set(columns)))
        self.defaults = lacking_defaults(schema, columns)
        known = (*columns, *self.defaults)
        self.keys = (schema.primary_key,) if makes_key(schema, known) else ()

    def _attribute(self, name: str) -> AttributeSchema:
        attribute = self.schema.attributes.get(name)
        if attribute is None:
            raise UnknownAttributeError(self.schema.model.__name__, name, self.schema.attributes)
        return attribute

    def written(self) -> tuple[str, ...]:
        """The columns of a row as :meth:`encode` gives it."""
        return (*self.columns, *self.stamps, *self.keys, *self.defaults)

    def sql(self) -> str:
        """The INSERT of one row."""
        statement = Insert(self.schema.table.name, self.written())
        return compile_statement(statement, self.schema.database.dialect).sql

    def fail(self, index: int, reason: str) -> None:
        """Report the row at *index*."""
        self.result.failed.append(FailedRow(index, self.rows[index], reason))

    def drop_failed(self) -> None:
        """Keep the rows that were not reported."""
        failed = {one.index for one in self.result.failed}
        self.kept = [index for index in self.kept if index not in failed]

    def check_lengths(self) -> None:
        """Report rows that have too few or too many values, or are no rows at all."""
        wanted = len(self.columns)
        if set(map(type, self.rows)) <= PLAIN_ROWS and set(map(len, self.rows)) <= {wanted}:
            return
        names = ", ".join(self.columns)
        for index, row in enumerate(self.rows):
            given: Any = row
            if isinstance(given, str | bytes) or not isinstance(given, Sequence):
                self.fail(index, f"It is {row!r:.80}; give a list or tuple of values ({names}).")
            elif len(row) != wanted:
                self.fail(index, f"It has {len(row)} values for {wanted} columns ({names}).")
        self.drop_failed()

    async def validate(self, model: type[Record]) -> None:
        """Report rows that the model's validations refuse."""
        failed = len(self.result.failed)
        for index in self.kept:
            record = sample(model, dict(zip(self.columns, self.rows[index], strict=True)))
            if not await validate_record(record, model._definition, types=True):
                self.fail(index, "; ".join(record.errors.full_messages()) + ".")
        if len(self.result.failed) > failed:
            self.drop_failed()

    def encode(self) -> list[Row]:
        """The kept rows as the driver binds them, and what is filled in; reports what it cannot."""
        rows = self._kept_rows()
        if not rows:
            return rows
        # Not zip(*rows), which makes an iterator for each of the rows.
        columns = [list(map(itemgetter(place), rows)) for place in range(len(self.columns))]
        try:
            encoded = [
                attribute.type.encode_many(values)
                for attribute, values in zip(self.attributes, columns, strict=True)
            ]
        except UnsupportedValueError:
            self._report_unfit()
            return self.encode()
        if self.stamps or self.keys or self.defaults:
            now = timestamp(self.schema)
            encoded.extend([[now] * len(rows) for _ in self.stamps])
            encoded.extend(
                [[new_key(self.schema.attributes[key]) for _ in rows] for key in self.keys]
            )
            encoded.extend(default_column(self.schema, one, len(rows)) for one in self.defaults)
        elif all(new is old for new, old in zip(encoded, columns, strict=True)):
            return rows
        return list(zip(*encoded, strict=True))

    def _kept_rows(self) -> list[Row]:
        if isinstance(self.kept, range):
            return self.rows
        return [self.rows[index] for index in self.kept]

    def _report_unfit(self) -> None:
        for index in self.kept:
            for attribute, value in zip(self.attributes, self.rows[index], strict=True):
                try:
                    attribute.type.encode(value)
                except UnsupportedValueError as error:
                    self.fail(index, f"{attribute.name}: {error}")
                    break
        self.drop_failed()
