"""``report.documents``: what a record's files can be asked and told.

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
    from velocious.record.attachments.declaration import HasManyAttachments
    from velocious.record.attachments.queue import Queue
    from velocious.record.record import Record


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

    async def _change(self, queue: Queue) -> None:
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
