"""Saving, destroying and reloading records.

Law: a save is one statement where nothing else takes part; callbacks, related records and
dependents put it into a transaction (or, inside one, a savepoint), so that it happens as a whole or
not at all.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from velocious.database.transaction import innermost
from velocious.errors import (
    RecordNotFoundError,
    RecordNotPersistedError,
    TransactionConflictError,
    UniqueConstraintError,
    ValidationError,
)
from velocious.record import finding, validating
from velocious.record.relationships import autosave, counting, dependents, nested
from velocious.record.state import DESTROYED, NEW, PERSISTED
from velocious.record.writing import delete_row, insert_row, mark_row, update_row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from velocious.database.transaction import Transaction
    from velocious.record.attachments.saving import Saving
    from velocious.record.callbacks import Callbacks
    from velocious.record.definition import Definition
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


async def save(record: Record, *, validate: bool = True, context: str | None = None) -> None:
    """Insert or update *record*.

    Raises:
        ValidationError: nothing has been written then.
        RecordNotPersistedError: for a destroyed record.
        RecordNotFoundError: where the row to update is gone.
    """
    definition = type(record)._definition
    schema = definition.schema_in_use() or await definition.ready()
    await save_in(record, definition, schema, validate=validate, context=context)


def save_in(
    record: Record,
    definition: Definition,
    schema: ModelSchema,
    *,
    validate: bool = True,
    context: str | None = None,
) -> Coroutine[Any, Any, None]:
    """:meth:`save` for a caller that knows the schema, to be awaited at once."""
    if (
        schema.remote is None
        and record._related is None
        and record._errors is None
        and record._state != DESTROYED
        and definition.callbacks.saves_simply
        and not (validate and definition.validates)
    ):
        # Not one coroutine inside another: most records are a row and nothing besides.
        return _write(record, schema)
    return _save_fully(record, definition, schema, validate, context)


async def _save_fully(
    record: Record,
    definition: Definition,
    schema: ModelSchema,
    validate: bool,
    context: str | None,
) -> None:
    if record._state == DESTROYED:
        raise RecordNotPersistedError(
            f"{record!r} cannot be saved: its row was deleted. Make a new record from its "
            "attributes."
        )
    if schema.remote is not None:
        await schema.remote.save(record, validate=validate, context=context)
        return
    if definition.nested and record._related is not None:
        await nested.prepare(record)
    if (
        validate
        and (definition.validates or record._errors is not None)
        and not await validating.validate(record, definition, context=context)
    ):
        raise ValidationError(record, record.errors)
    if definition.callbacks.saves_simply and (
        record._related is None
        or not (
            autosave.pending(record)
            or nested.pending(record)
            or (definition.attachments and files().is_pending(record))
        )
    ):
        await _write(record, schema)
    elif definition.attachments:
        await files().save(record, partial(_save_with_others, record, definition, schema))
    else:
        await _save_with_others(record, definition, schema)


async def validate(record: Record, context: str | None = None) -> bool:
    """Run the validations, and check that every value fits its column."""
    definition = type(record)._definition
    schema = await definition.ready()
    if schema.remote is None and definition.nested and record._related is not None:
        await nested.prepare(record)
    return await validating.validate(record, definition, types=True, context=context)


async def destroy(record: Record, *, permanently: bool = False) -> None:
    """Delete the row, its dependents first; where the model marks rows instead, *permanently* does
    not.
    """
    definition = type(record)._definition
    schema = definition.schema_in_use() or await definition.ready()
    marked = definition.soft_delete
    if record._state != PERSISTED and not (permanently and record._state == DESTROYED):
        raise RecordNotPersistedError(f"{record!r} cannot be destroyed: it has no row.")
    if schema.remote is not None:
        await schema.remote.destroy(record)
        return
    async with schema.database.transaction() as transaction:
        _prepare_rollback(record, definition.callbacks, transaction, "destroy")
        await definition.callbacks.run("before_destroy", record, ("destroy",))
        await dependents.release(record)
        if definition.attachments and (marked is None or permanently):
            await files().release(record, transaction)
        kept = definition.kept
        # A row that is marked already was taken out of its parents' counts then.
        counted = kept if marked is None or record.read(marked) is None else ()
        parents = await counting.parents_in_database(record, counted) if counted else {}
        if marked is not None and not permanently:
            await mark_row(record, schema, marked)
            await counting.follow_destroy(counted, parents)
        elif await delete_row(record, schema):
            await counting.follow_destroy(counted, parents)
        record._state = DESTROYED
        await definition.callbacks.run("after_destroy", record, ("destroy",))
        _announce_commit(record, definition.callbacks, transaction, "destroy")


async def reload(record: Record) -> None:
    """Read the row again. Raises RecordNotFoundError where it is gone."""
    if record._state == NEW:
        raise RecordNotPersistedError(f"{record!r} cannot be reloaded: it has not been saved.")
    key = _stored_key(record)
    fresh = await finding.find(type(record), key, unscoped=True)
    record._row = fresh._row
    record._assigned = record._related = record._errors = record._saved = None
    record._extras = {}
    record._state = PERSISTED


#: How often a new record is saved where others try the same at the same moment.
CONFLICTS = 5


async def create_or_find[R: Record](new: R, find: Callable[[], Awaitable[R | None]]) -> R:
    """Save *new*; where somebody was faster, return what *find* finds then."""
    database = type(new)._definition.database()
    if database.remote_home is not None:
        return await _create_or_find_remotely(new, find)
    alone = database.current_transaction() is None
    tries = CONFLICTS if alone else 1
    while True:
        tries -= 1
        try:
            async with database.transaction():
                return await new.save()
        except (UniqueConstraintError, ValidationError):
            # Whether the index or a uniqueness validation noticed the other task is all the same.
            found = await find()
            if found is None:
                raise
            return found
        except TransactionConflictError:
            # MariaDB lets those who wait for one key run into a deadlock. What it has rolled back
            # may be run again only where it was nothing but this save.
            found = await find() if alone else None
            if found is not None:
                return found
            if not tries:
                raise


async def _create_or_find_remotely[R: Record](new: R, find: Callable[[], Awaitable[R | None]]) -> R:
    # The backend has noticed the other one, by its index or a validation of its own.
    try:
        return await new.save()
    except ValidationError:
        found = await find()
        if found is None:
            raise
        return found


def _write(record: Record, schema: ModelSchema) -> Coroutine[Any, Any, None]:
    database = schema.database
    execute = database.execute
    link = innermost.get()
    if link is not None and (transaction := database.current_transaction()) is not None:
        # Writing replaces what is assigned and never changes it in place: no copy is needed.
        transaction.after_rollback(
            partial(_put_back, record, record._row, record._assigned, record._state)
        )
        # What stands in for a tenant's database has something to say about errors of its own.
        if link.reading is None and transaction._database is database:
            execute = transaction.execute
    if record._state == NEW:
        return insert_row(record, schema, execute)
    return update_row(record, schema)


async def _write_followed(record: Record, definition: Definition, schema: ModelSchema) -> None:
    """:func:`_write`; the parents that count or are touched follow."""
    kept = definition.kept
    if not kept:
        await _write(record, schema)
        return
    created = record._state == NEW
    before = await counting.moved_from(record, kept)
    await _write(record, schema)
    await counting.follow_save(record, kept, before, created=created)


def files() -> Any:
    """What saves attachments; imported when a model has some."""
    from velocious.record.attachments import saving

    return saving


async def _save_with_others(
    record: Record, definition: Definition, schema: ModelSchema, attached: Saving | None = None
) -> None:
    callbacks = definition.callbacks
    step = "create" if record._state == NEW else "update"
    async with schema.database.transaction() as transaction:
        _prepare_rollback(record, callbacks, transaction, step)
        with autosave.saving(record):
            await callbacks.run("before_save", record, (step,))
            if record._related is not None:
                nested.let_go(record)
                await autosave.save_parents(record)
            await callbacks.run(f"before_{step}", record, (step,))
            await _write_followed(record, definition, schema)
            await callbacks.run(f"after_{step}", record, (step,))
            if record._related is not None:
                await autosave.save_children(record, created=step == "create")
                await nested.finish(record, transaction)
            if attached is not None:
                await attached.write(transaction)
            await callbacks.run("after_save", record, (step,))
        _announce_commit(record, callbacks, transaction, step)


def _prepare_rollback(
    record: Record, callbacks: Callbacks, transaction: Transaction, action: str
) -> None:
    # What is registered last runs first: the callbacks see the record as it was.
    if "after_rollback" in callbacks.by_event:
        transaction.after_rollback(partial(callbacks.run, "after_rollback", record, (action,)))
    transaction.after_rollback(_restore(record))


def _announce_commit(
    record: Record, callbacks: Callbacks, transaction: Transaction, action: str
) -> None:
    if "after_commit" in callbacks.by_event:
        transaction.after_commit(partial(callbacks.run, "after_commit", record, (action,)))


def _restore(record: Record) -> Callable[[], None]:
    """What puts *record* back to how it is now; what was assigned stays assigned."""
    assigned = dict(record._assigned) if record._assigned else None
    return partial(_put_back, record, record._row, assigned, record._state)


def _put_back(
    record: Record, row: tuple[Any, ...], assigned: dict[str, Any] | None, state: int
) -> None:
    later = record._assigned
    record._row = row
    record._assigned = {**(assigned or {}), **later} if later else assigned
    record._state = state
    record._saved = None


def _stored_key(record: Record) -> Any:
    schema = type(record)._definition.schema_or_fail()
    attribute = schema.attributes[schema.primary_key]
    stored = record._row[attribute.index]
    if stored is None:
        raise RecordNotFoundError(type(record).__name__, {schema.primary_key: None})
    return attribute.type.decode(stored)
