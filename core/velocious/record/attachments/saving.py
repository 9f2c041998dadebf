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
from velocious.record.attachments.storage import new_key
from velocious.record.attachments.streaming import Measured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from velocious.database.transaction import Transaction
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.declaration import AttachmentRelationship
    from velocious.record.attachments.inputs import Source
    from velocious.record.attachments.queue import Queue
    from velocious.record.record import Record


class StoredFile(NamedTuple):
    """Bytes that are in a storage."""

    storage: str
    key: str
    size: int
    checksum: str


class Saving:
    """The files of one save of *record*."""

    def __init__(self, record: Record, only: AttachmentRelationship | None = None) -> None:
        self.record = record
        self._only = only
        self._new: list[Source] = []

    async def store(self) -> None:
        """Store the bytes of what is queued and not stored yet.

        Raises:
            ValidationError: a stream was larger than allowed; nothing is kept then.
        """
        try:
            streams = [source for source in self._sources() if source.size is None]
            for relationship, queue in self._queued():
                for source in queue.sources:
                    if source.stored is None:
                        await self._store(relationship, source)
            if streams:
                self._check_streams()
        except AttachmentTooLargeError as error:
            await self.discard()
            self.record.errors.add(error.name, "file_too_large", limit=size_text(error.limit))
            raise ValidationError(self.record, self.record.errors) from error
        except BaseException:
            await self.discard()
            raise

    async def discard(self) -> None:
        """Remove what was stored; the sources can be stored again where they can be read again."""
        new, self._new = self._new, []
        stored = [source.stored for source in new if source.stored is not None]
        for source in new:
            source.stored = None
        await forget_files((one.storage, one.key) for one in stored)

    async def write(self, transaction: Transaction) -> None:
        """Write the rows, inside *transaction*."""
        transaction.after_rollback(self.discard)
        # What a callback queued in the meantime has not been stored yet.
        await self.store()
        record = self.record
        for relationship, queue in list(self._queued()):
            related = record._related = record._related or {}
            transaction.after_rollback(partial(_put_back, record, relationship, dict(related)))
            rows = await _write_rows(record, relationship, queue, transaction)
            del related[relationship.queue_name]
            relationship.put(record, rows if relationship.many else next(iter(rows), None))

    async def _store(self, relationship: AttachmentRelationship, source: Source) -> None:
        attachments = current.configuration().attachments
        name = relationship.storage or attachments.default_name()
        storage = attachments.storage(name)
        key = new_key()
        limit = relationship.limit(self.record)
        measured = Measured(source.open(relationship.name), relationship.name, limit)
        # Known before it is there: an interrupted write is removed with the others.
        source.stored = StoredFile(name, key, 0, "")
        self._new.append(source)
        await storage.write(key, aiter(measured))
        source.size = measured.size
        source.stored = StoredFile(name, key, measured.size, measured.checksum)

    def _check_streams(self) -> None:
        """Validate the sizes that nobody knew before."""
        for validator in type(self.record)._definition.validators:
            check = getattr(validator, "check_streams", None)
            if check is not None:
                check(self.record)
        if self.record._errors:
            raise ValidationError(self.record, self.record.errors)

    def _queued(self) -> Iterator[tuple[AttachmentRelationship, Queue]]:
        for relationship, queue in queued(self.record):
            if self._only is None or relationship is self._only:
                yield relationship, queue

    def _sources(self) -> Iterator[Source]:
        for _, queue in self._queued():
            yield from (one for one in queue.sources if one.stored is None)


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
    rows = await relationship.query_of(record).to_list()
    doomed = [row for row in rows if queue.dooms(str(row.id))]
    await _remove(model, doomed, transaction)
    kept = [row for row in rows if row not in doomed]
    position = max((row.position for row in kept), default=-1) + 1
    conditions = relationship.conditions(record)
    for place, source in enumerate(queue.sources, position):
        kept.append(await model.create(_row(source, conditions, place)))
    return kept


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


def _put_back(
    record: Record, relationship: AttachmentRelationship, related: dict[str, Any]
) -> None:
    """After a rollback: what was loaded and queued before."""
    mine = {
        name: related[name]
        for name in (relationship.name, relationship.queue_name)
        if name in related
    }
    others = {
        name: value
        for name, value in (record._related or {}).items()
        if name not in (relationship.name, relationship.queue_name)
    }
    record._related = {**others, **mine}


def size_text(size: int) -> str:
    """*size* in bytes for people: ``"5 MB"``."""
    amount, unit = float(size), "bytes"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.3g} {unit}" if amount < 1000 else f"{amount:.0f} {unit}"
