"""Saving and destroying records that a backend keeps.

Law: validations and callbacks of the class run first, and what they refuse is not sent; then the
backend decides. Related records go along as nested attributes: all of them are stored, or none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import (
    RecordError,
    RecordNotFoundError,
    UnsupportedValueError,
    ValidationError,
    VelociousError,
)
from velocious.frontend_model import nesting
from velocious.frontend_model.command import Command, member
from velocious.frontend_model.refusals import RefusedRecordError
from velocious.frontend_model.rows import key_of, row_of, sent
from velocious.record import validating, writing
from velocious.record.changes import encoded_changes
from velocious.record.relationships import autosave
from velocious.record.schema import NOT_SELECTED
from velocious.record.state import DESTROYED, NEW, PERSISTED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.frontend_model.backend import Backend
    from velocious.record.record import Record
    from velocious.record.schema import ModelSchema


async def save(backend: Backend, record: Record, *, validate: bool, context: str | None) -> None:
    """Create or update *record*.

    Raises:
        ValidationError: the class, or the backend, found something wrong.
        RecordNotFoundError: the backend has no such record (any more).
        AccessDeniedError: it may not be written.
    """
    definition = type(record)._definition
    concerned = validate and (definition.validates or record._errors is not None)
    if concerned and not await validating.validate(record, definition, context=context):
        raise ValidationError(record, record.errors)
    callbacks = definition.callbacks
    step = "create" if record._state == NEW else "update"
    try:
        with autosave.saving(record):
            await callbacks.run("before_save", record, (step,))
            if record._related is not None:
                await autosave.save_parents(record)
            await callbacks.run(f"before_{step}", record, (step,))
            await _write(backend, record, definition.schema_or_fail())
            await callbacks.run(f"after_{step}", record, (step,))
            if record._related is not None:
                # What the backend does not take along follows: each with a command of its own.
                await autosave.save_children(record, created=True)
            await callbacks.run("after_save", record, (step,))
    except VelociousError:
        await callbacks.run("after_rollback", record, (step,))
        raise
    await callbacks.run("after_commit", record, (step,))
    backend.changed(definition)


async def destroy(backend: Backend, record: Record) -> None:
    """Destroy *record*; what depends on it is the backend's matter.

    Raises:
        AccessDeniedError: it may not be destroyed.
    """
    definition = type(record)._definition
    callbacks = definition.callbacks
    await callbacks.run("before_destroy", record, ("destroy",))
    payload = {"id": key_of(record, definition.schema_or_fail())}
    try:
        await backend.run(Command(type(record).__name__, "destroy", payload))
    except RecordNotFoundError:
        # One that is gone already is no error, as everywhere.
        pass
    except RefusedRecordError as refused:
        raise _invalid(record, refused) from None
    record._state = DESTROYED
    await callbacks.run("after_destroy", record, ("destroy",))
    await callbacks.run("after_commit", record, ("destroy",))
    backend.changed(definition)


async def _write(backend: Backend, record: Record, schema: ModelSchema) -> None:
    if record._related is not None:
        await nesting.prepare(record, backend)
    attributes = _attributes(record, schema)
    if type(record)._definition.attachments:
        attributes |= await _files().queued(record)
    children = nesting.entries(record, backend)
    if record._state != NEW and not attributes and not children:
        record._saved = None
        return
    payload: dict[str, Any] = {"attributes": attributes}
    if children:
        payload["nestedAttributes"] = {name: one.data for name, one in children.items()}
    # What is assigned while the command is under way stays assigned.
    given = dict(record._assigned or {})
    if record._state == NEW:
        said = await _create(backend, record, payload)
    else:
        payload["id"] = key_of(record, schema)
        said = await _run(backend, record, "update", payload)
    _take(record, schema, said, given)
    if type(record)._definition.attachments:
        _files().forget_queued(record)
    if children:
        created = frozenset(id(child) for one in children.values() for child in one.new)
        await nesting.settle(record, children)
        await nesting.finish(children, created)


def _files() -> Any:
    # Imported when a model has some.
    from velocious.frontend_model import files

    return files


async def _create(backend: Backend, record: Record, payload: dict[str, Any]) -> Mapping[str, Any]:
    if record._saved is writing.UNDER_WAY:
        raise RecordError(
            f"{record!r} is being saved by another task, and a second command would store it "
            "twice. Await the first save before the next one."
        )
    record._saved = writing.UNDER_WAY
    try:
        return await _run(backend, record, "create", payload)
    finally:
        record._saved = None


async def _run(
    backend: Backend, record: Record, kind: str, payload: dict[str, Any]
) -> Mapping[str, Any]:
    try:
        response = await backend.run(Command(type(record).__name__, kind, payload))
    except RefusedRecordError as refused:
        raise _invalid(record, refused) from None
    return member(response, "model", dict, backend.settings.shown)


def _attributes(record: Record, schema: ModelSchema) -> dict[str, Any]:
    """What was assigned and differs, as it is sent. Raises ValidationError."""
    try:
        encoded = encoded_changes(record)
    except UnsupportedValueError as error:
        raise validating.unfit(record) from error
    if record._state == NEW:
        # A key or timestamp set to None is one that nobody set.
        own = {schema.primary_key, *schema.timestamps}
        encoded = {name: one for name, one in encoded.items() if one is not None or name not in own}
    return {name: sent(schema.attributes[name], value) for name, value in encoded.items()}


def _take(
    record: Record, schema: ModelSchema, said: Mapping[str, Any], given: dict[str, Any]
) -> None:
    """Make *record* what the backend says that it is now; what that does not show is what was
    *given*.
    """
    new = record._state == NEW
    known: list[Any] = [NOT_SELECTED] * len(schema.attributes) if new else [*record._row]
    for name, value in given.items():
        attribute = schema.attributes[name]
        known[attribute.index] = attribute.type.encode(value)
    before = () if new else record._row
    record._row = row_of(schema, said, tuple(known))
    record._assigned = writing.left_assigned(record._assigned, given, schema)
    record._saved = before
    record._state = PERSISTED


def _invalid(record: Record, refused: RefusedRecordError) -> ValidationError:
    """The error for what the backend found wrong with *record*."""
    record.errors.clear()
    for attribute, mistakes in refused.errors.items():
        for mistake in cast("list[Any]", mistakes if isinstance(mistakes, list) else [mistakes]):
            one = cast("dict[str, Any]", mistake) if isinstance(mistake, dict) else {}
            message = one.get("message", mistake)
            record.errors.add(attribute, str(one.get("code") or "invalid"), str(message))
    return ValidationError(record, record.errors)
