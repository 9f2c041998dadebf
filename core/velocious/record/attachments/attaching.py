"""``attach`` and ``purge``: files of a stored record that change at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import ValidationError
from velocious.record.attachments.queue import Queue, instead_of_queued
from velocious.record.attachments.saving import Saving

if TYPE_CHECKING:
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.inputs import Source
    from velocious.record.attachments.relationship import AttachmentRelationship
    from velocious.record.record import Record


async def attach(
    record: Record, relationship: AttachmentRelationship, sources: list[Source]
) -> list[AttachedFile]:
    """Store *sources* and write their rows; what is queued stays queued."""
    queue = Queue(sources, replaces=not relationship.many)
    rows = await change_at_once(record, relationship, queue)
    return rows[-len(sources) :] if sources else []


async def change_at_once(
    record: Record, relationship: AttachmentRelationship, queue: Queue
) -> list[AttachedFile]:
    """Do what *queue* says now; the rows that there are then."""
    if queue.sources:
        await _validate(record, relationship, queue)
    saving = Saving(record, (relationship, queue))
    await saving.store()
    try:
        async with type(record).transaction() as transaction:
            await saving.write(transaction)
    except BaseException:
        # Where the transaction could not even begin, nobody else does it.
        await saving.discard()
        raise
    value = relationship.value(record)
    return list(value) if relationship.many else [one for one in (value,) if one is not None]


async def _validate(record: Record, relationship: AttachmentRelationship, queue: Queue) -> None:
    """Run the validations of this attachment alone."""
    record.errors.clear()
    with instead_of_queued(record, relationship.name, queue):
        for validator in type(record)._definition.validators:
            if relationship.name in validator.attributes:
                conditions = validator.conditions
                if conditions is None or await conditions.hold(record, ("update",)):
                    awaited = validator.validate(record)
                    if awaited is not None:
                        await awaited
    if record.errors:
        raise ValidationError(record, record.errors)
