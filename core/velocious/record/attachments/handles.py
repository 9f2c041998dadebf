"""``user.avatar`` and ``report.documents``: what a record's files can be asked and told.

Law: what needs the rows says so without ``await``, and loads them with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from velocious.errors import AttachmentNotFoundError
from velocious.record.relationships import preloader
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.declaration import (
        HasManyAttachments,
        HasOneAttachment,
    )
    from velocious.record.attachments.inputs import Source
    from velocious.record.record import Record


class OneAttachment:
    """The one file of a record, which may not be there.

    Its properties are those of the queued file, where one waits for the save. Raises
    RelationshipNotLoadedError (all properties), where the row was not loaded.
    """

    __slots__ = ("_record", "_relationship")

    def __init__(self, record: Record, relationship: HasOneAttachment) -> None:
        self._record = record
        self._relationship = relationship

    # Without waiting

    @property
    def is_attached(self) -> bool:
        """Whether there is a file, stored or queued."""
        return self._shown() is not None

    @property
    def is_queued(self) -> bool:
        """Whether the next save changes it."""
        return self._relationship.queue(self._record) is not None

    @property
    def filename(self) -> str | None:
        found = self._shown()
        return None if found is None else found.filename

    @property
    def content_type(self) -> str | None:
        """As it was given, or guessed from the name: not a promise of what the bytes are."""
        found = self._shown()
        return None if found is None else found.content_type

    @property
    def byte_size(self) -> int | None:
        """None also for a queued stream, whose size nobody knows yet."""
        queue = self._relationship.queue(self._record)
        if queue is not None:
            return queue.sources[0].size if queue.sources else None
        return None if self.attachment is None else self.attachment.byte_size

    @property
    def checksum(self) -> str | None:
        """The SHA-256 of the stored file in hexadecimal; None for a queued one."""
        return None if self.is_queued or self.attachment is None else self.attachment.checksum

    @property
    def attachment(self) -> AttachedFile | None:
        """The row of the stored file."""
        return self._relationship.value(self._record)

    def queue(self, given: Any) -> None:
        """Attach *given* with the next save, as ``record.avatar = given`` does."""
        self._relationship.__set__(self._record, given)

    def detach(self) -> None:
        """Remove the file with the next save, as ``record.avatar = None`` does."""
        self._relationship.__set__(self._record, None)

    # With the storage

    async def attach(self, given: Any) -> AttachedFile:
        """Store *given* now, in place of the file that is there; nothing else is saved.

        Raises:
            RecordNotPersistedError: for a new record; queue it instead.
            AttachmentInputError: it is nothing that can be attached.
            ValidationError: the file is not valid.
        """
        (row,) = await self._relationship.attach(self._record, [given])
        return row

    async def download(self) -> bytes:
        """All bytes at once. Raises AttachmentNotFoundError where nothing is attached."""
        return await (await self._stored()).download()

    async def stream(self) -> AsyncGenerator[bytes]:
        """The bytes in chunks, never all of them in memory; raises as :meth:`download`."""
        async for chunk in (await self._stored()).stream():
            yield chunk

    async def url(self) -> str:
        """Where a client can fetch the file. Raises AttachmentWithoutUrlError."""
        return await (await self._stored()).url()

    async def purge(self) -> None:
        """Remove the row and the file now, where there is one."""
        from velocious.record.attachments.attaching import change_at_once
        from velocious.record.attachments.queue import Queue

        if self._record.is_persisted:
            await change_at_once(self._record, self._relationship, Queue(replaces=True))

    def _shown(self) -> Source | AttachedFile | None:
        queue = self._relationship.queue(self._record)
        if queue is not None:
            return queue.sources[0] if queue.sources else None
        return self.attachment

    async def _stored(self) -> AttachedFile:
        record, relationship = self._record, self._relationship
        if not relationship.loaded(record) and record._state != NEW:
            await preloader.load(record, (relationship.name,))
        row = relationship.value(record)
        if row is None:
            raise _nothing(record, relationship.name)
        return row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._relationship.name} of {self._record!r}>"


class ManyAttachments:
    """The files of a record in their order: iterate over the loaded rows, or load them with
    ``await …to_list()``.
    """

    __slots__ = ("_record", "_relationship")

    def __init__(self, record: Record, relationship: HasManyAttachments) -> None:
        self._record = record
        self._relationship = relationship

    # Without waiting

    def __iter__(self) -> Iterator[AttachedFile]:
        return iter(self._rows())

    def __len__(self) -> int:
        return len(self._rows())

    def __getitem__(self, place: int) -> AttachedFile:
        return self._rows()[place]

    def __bool__(self) -> bool:
        return bool(self._rows())

    @property
    def is_queued(self) -> bool:
        """Whether the next save changes them."""
        return self._relationship.queue(self._record) is not None

    def queue(self, *given: Any) -> None:
        """Add *given* with the next save."""
        sources = [self._relationship.accepted(one) for one in given]
        self._relationship.queue_for_change(self._record).sources += sources

    def detach(self, *files: Any) -> None:
        """Remove those with these ids (or rows) with the next save."""
        removed = self._relationship.queue_for_change(self._record).removed
        removed |= {_id(one) for one in files}

    # With the storage

    async def attach(self, *given: Any) -> list[AttachedFile]:
        """Store *given* now, behind those that are there; all or none. See
        :meth:`OneAttachment.attach`.
        """
        return await self._relationship.attach(self._record, given)

    async def to_list(self) -> list[AttachedFile]:
        """The rows, loaded where they are not."""
        record, relationship = self._record, self._relationship
        if not relationship.loaded(record) and record._state != NEW:
            await preloader.load(record, (relationship.name,))
        return list(self._rows())

    async def find(self, file: Any) -> AttachedFile:
        """The row with the id *file*, if it is one of these. Raises AttachmentNotFoundError."""
        wanted = _id(file)
        for row in await self.to_list():
            if str(row.id) == wanted:
                return row
        raise AttachmentNotFoundError(
            f"{self._record!r} has no file with the id {wanted!r} among its "
            f"{self._relationship.name}. Read the ids from await record."
            f"{self._relationship.name}.to_list()."
        )

    async def download(self, file: Any) -> bytes:
        """All bytes of one. Raises AttachmentNotFoundError."""
        return await (await self.find(file)).download()

    async def download_all(self) -> list[bytes]:
        """All bytes of all of them: they are in memory together."""
        return [await row.download() for row in await self.to_list()]

    async def stream(self, file: Any) -> AsyncGenerator[bytes]:
        """The bytes of one in chunks."""
        async for chunk in (await self.find(file)).stream():
            yield chunk

    async def url(self, file: Any) -> str:
        """Where a client can fetch one. Raises AttachmentWithoutUrlError."""
        return await (await self.find(file)).url()

    async def purge(self, *files: Any) -> None:
        """Remove the rows and files with these ids now."""
        from velocious.record.attachments.queue import Queue

        await self._change(Queue(removed={_id(one) for one in files}))

    async def purge_all(self) -> None:
        """Remove all rows and files now."""
        from velocious.record.attachments.queue import Queue

        await self._change(Queue(replaces=True))

    async def _change(self, queue: Any) -> None:
        from velocious.record.attachments.attaching import change_at_once

        if self._record.is_persisted:
            await change_at_once(self._record, self._relationship, queue)

    def _rows(self) -> list[AttachedFile]:
        return self._relationship.value(self._record)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._relationship.name} of {self._record!r}>"


def _id(file: Any) -> str:
    """The id of a row, or an id as text."""
    given = getattr(file, "id", file)
    try:
        return str(given if isinstance(given, UUID) else UUID(str(given)))
    except ValueError:
        return str(given)


def _nothing(record: Record, name: str) -> AttachmentNotFoundError:
    return AttachmentNotFoundError(
        f"{record!r} has no {name}. Ask `record.{name}.is_attached` first, or attach a file."
    )
