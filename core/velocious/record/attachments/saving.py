"""Queued files become stored files and rows, with the save of their record.

Law: bytes first, then rows in the record's transaction, then, once that is committed, the files
that were replaced go. A rollback removes the new files instead.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from velocious import current
from velocious.errors import AttachmentTooLargeError, ValidationError
from velocious.record.attachments.attachment import forget_files, ready
from velocious.record.attachments.inputs import Source
from velocious.record.attachments.storage import new_key
from velocious.record.attachments.streaming import Measured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from velocious.database.transaction import Transaction
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.queue import Queue
    from velocious.record.attachments.relationship import AttachmentRelationship
    from velocious.record.record import Record


class StoredFile(NamedTuple):
    """Bytes that are in a storage."""

    storage: str
    key: str
    size: int
    checksum: str


class Saving:
    """The files of one save of *record*: those that are queued, or *given* ones alone."""

    def __init__(
        self, record: Record, given: tuple[AttachmentRelationship, Queue] | None = None
    ) -> None:
        self.record = record
        self._given = given
        self._new: list[Source] = []
        self._places: list[tuple[str, str]] = []

    async def store(self) -> None:
        """Store the bytes of what is not stored yet.

        Raises:
            ValidationError: a stream has a size that is not allowed; nothing is kept then.
        """
        try:
            for relationship, queue in self._queues():
                for source in queue.sources:
                    if source.stored is None:
                        await self._store(relationship, source)
                        self._check_stream(relationship, source)
        except AttachmentTooLargeError as error:
            await self.discard()
            self.record.errors.add(error.name, "file_too_large", limit=size_text(error.limit))
            raise ValidationError(self.record, self.record.errors) from error
        except BaseException:
            await self.discard()
            raise

    async def discard(self) -> None:
        """Remove what was stored; the sources can be stored again where they can be read again."""
        for source in self._new:
            source.stored = None
        places, self._places, self._new = self._places, [], []
        await forget_files(places)

    async def write(self, transaction: Transaction) -> None:
        """Write the rows, inside *transaction*."""
        transaction.after_rollback(self.discard)
        # What a callback queued in the meantime has not been stored yet.
        await self.store()
        record = self.record
        for relationship, queue in list(self._queues()):
            related = record._related = record._related if record._related is not None else {}
            names = [relationship.name]
            if self._given is None:
                names.append(relationship.queue_name)
            before = {name: related[name] for name in names if name in related}
            transaction.after_rollback(partial(_put_back, record, names, before))
            rows = await _write_rows(record, relationship, queue, transaction)
            if self._given is None:
                related.pop(relationship.queue_name, None)
            relationship.put(record, rows if relationship.many else next(iter(rows), None))

    async def _store(self, relationship: AttachmentRelationship, source: Source) -> None:
        attachments = current.configuration().attachments
        name = relationship.storage or attachments.default_name()
        storage = attachments.storage(name)
        key = new_key()
        limit = relationship.limit(source)
        measured = Measured(source.open(relationship.name), relationship.name, limit)
        # Known before it is there: an interrupted write is removed with the others.
        self._places.append((name, key))
        await storage.write(key, aiter(measured))
        self._new.append(source)
        source.size = measured.size
        source.stored = StoredFile(name, key, measured.size, measured.checksum)

    def _check_stream(self, relationship: AttachmentRelationship, source: Source) -> None:
        """Validate the size of a stream, which is known only now."""
        if not source.repeatable:
            for validator in source.checked_by:
                validator.check_size(self.record, relationship.name, source)
            if self.record._errors:
                raise ValidationError(self.record, self.record.errors)

    def _queues(self) -> Iterable[tuple[AttachmentRelationship, Queue]]:
        return queued(self.record) if self._given is None else (self._given,)


async def save(record: Record, write: Callable[[Saving], Awaitable[None]]) -> None:
    """Save *record* by *write*, with what is queued; the bytes before its transaction begins, which
    keeps others from writing.
    """
    saving = Saving(record)
    await saving.store()
    try:
        await write(saving)
    except BaseException:
        # Where the transaction could not even begin, nobody else does it.
        await saving.discard()
        raise


def is_pending(record: Record) -> bool:
    """Whether a save of *record* has files to store or to remove."""
    return next(queued(record), None) is not None


def queued(record: Record) -> Iterator[tuple[AttachmentRelationship, Queue]]:
    """What waits for the next save of *record*."""
    related = record._related
    if related is not None:
        for relationship in type(record)._definition.attachments:
            queue = related.get(relationship.queue_name)
            if queue is not None:
                yield relationship, queue


async def release(record: Record, transaction: Transaction) -> None:
    """Remove the rows of *record*, which is destroyed in *transaction*; files follow its commit."""
    first = type(record)._definition.attachments[0]
    model = await ready(first.model_of(record))
    rows = await model.where(first.owner_conditions(record)).to_list()
    await _remove(model, rows, transaction)


async def _write_rows(
    record: Record, relationship: AttachmentRelationship, queue: Queue, transaction: Transaction
) -> list[AttachedFile]:
    model = await ready(relationship.model_of(record))
    await _take_turns(record)
    rows = await relationship.query_of(record).to_list()
    doomed = [row for row in rows if queue.dooms(str(row.id))]
    await _remove(model, doomed, transaction)
    kept = {str(row.id): row for row in rows if row not in doomed}
    conditions = relationship.conditions(record)
    highest, last = max((row.position for row in kept.values()), default=-1), -1
    arranged: list[AttachedFile] = []
    for entry in queue.arranged(kept):
        if isinstance(entry, Source) or entry.position <= last:
            # Behind all that there are: no two rows ever have the same place.
            highest += 1
            if isinstance(entry, Source):
                entry = await model.create(_row(entry, conditions, highest))
            else:
                await entry.update(position=highest)
        last = entry.position
        arranged.append(entry)
    return arranged


async def _take_turns(record: Record) -> None:
    """Keep others from numbering files of *record* at the same time, where several may write."""
    owner = type(record)
    database = owner._definition.schema_or_fail().database
    if database.capabilities.row_locks:
        key = {owner._definition.key_name: record.primary_key_value()}
        await owner.where(key).lock().ids()


def _row(source: Source, conditions: dict[str, Any], position: int) -> dict[str, Any]:
    stored = source.stored
    assert stored is not None
    return {
        **conditions,
        "position": position,
        "filename": source.filename,
        "content_type": source.content_type,
        "byte_size": stored.size,
        "checksum": stored.checksum,
        "storage": stored.storage,
        "storage_key": stored.key,
    }


async def _remove(
    model: type[AttachedFile], rows: Iterable[AttachedFile], transaction: Transaction
) -> None:
    places = {row.id: (row.storage, row.storage_key) for row in rows}
    if places:
        await model.where(id=list(places)).delete_all()
        transaction.after_commit(partial(forget_files, list(places.values())))


def _put_back(record: Record, names: list[str], before: dict[str, Any]) -> None:
    """After a rollback: what was loaded and queued *before* under *names*."""
    kept = {name: value for name, value in (record._related or {}).items() if name not in names}
    record._related = {**kept, **before}


def size_text(size: int) -> str:
    """*size* in bytes for people: ``"5 MB"``."""
    amount, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:.0f} {unit}"
