"""Runs a record's validations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import UnsupportedValueError, ValidationError
from velocious.record.conditions import contexts_of
from velocious.record.relationships import nested

if TYPE_CHECKING:
    from velocious.record.definition import Definition
    from velocious.record.record import Record


#: What says that a value does not fit already, and better.
SAID = frozenset({"inclusion", "too_long"})


async def validate(
    record: Record, definition: Definition, *, types: bool = False, context: str | None = None
) -> bool:
    """Run callbacks and validators; whether nothing was found.

    *context* is what validations ``on`` it are for, beside ``"create"`` or ``"update"``.

    *types* also checks that every assigned value fits its column. A save leaves that to the
    encoding of the values, unless it fails anyway: then everything that is wrong is reported at
    once.
    """
    if record._errors is not None:
        record._errors.clear()
    callbacks = definition.callbacks
    if "before_validation" in callbacks.by_event:
        await callbacks.run("before_validation", record, contexts_of(record, context))
    for validator in definition.validators:
        if validator.conditions is not None and not await validator.conditions.hold(
            record, contexts_of(record, context)
        ):
            continue
        pending = validator.validate(record)
        if pending is not None:
            await pending
    if definition.nested and record._related is not None:
        await nested.validate(record)
    if types or record._errors:
        check_types(record)
    if "after_validation" in callbacks.by_event:
        await callbacks.run("after_validation", record, contexts_of(record, context))
    return not record._errors


def check_types(record: Record) -> None:
    """Report every assigned value that its column cannot hold."""
    attributes = type(record)._definition.schema_or_fail().attributes
    for name, value in (record._assigned or {}).items():
        if record._errors is not None and not SAID.isdisjoint(record._errors.codes(name)):
            continue
        try:
            attributes[name].type.encode(value)
        except UnsupportedValueError as error:
            record.errors.add(name, "unsupported", reason=str(error))


def unfit(record: Record) -> ValidationError:
    """What to raise where a save met a value that its column cannot hold."""
    check_types(record)
    if not record.errors:
        record.errors.add("base", "invalid")
    return ValidationError(record, record.errors)
