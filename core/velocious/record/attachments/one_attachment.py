"""``user.avatar``: what a record's one file can be asked and told.

Law: what needs the row says so without ``await``, and loads it with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import AttachmentNotFoundError
from velocious.record.relationships import preloader
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.declaration import HasOneAttachment
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
        remote = type(record)._definition.schema_or_fail().remote
        if remote is not None and record._state != NEW:
            return remote.file_of(record, relationship)
        if not relationship.loaded(record) and record._state != NEW:
            await preloader.load(record, (relationship.name,))
        row = relationship.value(record)
        if row is None:
            raise _nothing(record, relationship.name)
        return row

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._relationship.name} of {self._record!r}>"


def _nothing(record: Record, name: str) -> AttachmentNotFoundError:
    return AttachmentNotFoundError(
        f"{record!r} has no {name}. Ask `record.{name}.is_attached` first, or attach a file."
    )
