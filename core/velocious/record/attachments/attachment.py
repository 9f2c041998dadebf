"""The row of an attached file: what it is called, how large it is and where its bytes are."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import (
    AttachmentsTableMissingError,
    AttachmentWithoutUrlError,
    UnknownTableError,
)
from velocious.record.attachments.streaming import verified
from velocious.record.callbacks import after_commit
from velocious.record.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable
    from datetime import datetime

    from velocious.record.attribute import Attribute

TABLE = "velocious_attachments"

_log = logging.getLogger("velocious.attachments")


class AttachedFile(Record):
    """A file that belongs to a record.

    Attributes:
        id: a UUID, for :meth:`ManyAttachments.download` and the like.
        record_type: the model of its owner; *record_id* is the owner's key as text.
        name: the attachment it was declared as.
        position: its place among those of that name, from 0.
        byte_size: its bytes.
        checksum: the SHA-256 of its bytes, in hexadecimal.
        storage: the storage's name in the configuration; *storage_key* is its key there.
    """

    abstract = True

    if TYPE_CHECKING:
        id: Attribute[Any]
        record_type: Attribute[str]
        record_id: Attribute[str]
        name: Attribute[str]
        position: Attribute[int]
        filename: Attribute[str]
        content_type: Attribute[str]
        byte_size: Attribute[int]
        checksum: Attribute[str]
        storage: Attribute[str]
        storage_key: Attribute[str]
        created_at: Attribute[datetime]

    async def stream(self) -> AsyncGenerator[bytes]:
        """The bytes in chunks, never all of them in memory.

        Raises:
            AttachmentNotFoundError: the storage does not have them.
            AttachmentDamagedError: after the last chunk, where they are not what was attached.
        """
        storage = current.configuration().attachments.storage(self.storage)
        chunks = storage.read(self.storage_key)
        async for chunk in verified(chunks, self.filename, self.byte_size, self.checksum):
            yield chunk

    async def download(self) -> bytes:
        """All bytes at once; raises as :meth:`stream`."""
        return b"".join([chunk async for chunk in self.stream()])

    async def url(self) -> str:
        """Where a client can fetch the file. Raises AttachmentWithoutUrlError."""
        storage = current.configuration().attachments.storage(self.storage)
        found = await storage.url(
            self.storage_key, filename=self.filename, content_type=self.content_type
        )
        if found is None:
            raise AttachmentWithoutUrlError(
                f"The storage {self.storage!r} has no addresses for {self.filename!r}. Give it "
                "base_url=…, or send the file from a controller with stream()."
            )
        return found

    async def purge(self) -> None:
        """Remove the row, and its file once that is committed."""
        await self.destroy()

    @after_commit(on="destroy")
    async def _forget_file(self) -> None:
        await forget_files([(self.storage, self.storage_key)])


_models: dict[str, type[AttachedFile]] = {}


def model_in(identifier: str) -> type[AttachedFile]:
    """The model of the attachments in the database called *identifier*."""
    found = _models.get(identifier)
    if found is None:
        members: dict[str, Any] = {
            "__module__": __name__,
            "table_name": TABLE,
            "database_identifier": identifier,
        }
        kind: Any = type(AttachedFile)
        found = _models[identifier] = kind("AttachedFileRow", (AttachedFile,), members)
    return found


async def ready(model: type[AttachedFile]) -> type[AttachedFile]:
    """*model*, with its table read. Raises AttachmentsTableMissingError."""
    try:
        await model._definition.ready()
    except UnknownTableError as error:
        raise AttachmentsTableMissingError(TABLE, model._definition.database_identifier) from error
    return model


async def forget_files(places: Iterable[tuple[str, str]]) -> None:
    """Delete files by storage and key. Their rows are gone already: what fails is logged, and left
    to the sweep.
    """
    for storage, key in places:
        try:
            await current.configuration().attachments.storage(storage).delete(key)
        except Exception:
            _log.exception(
                "The file %s could not be removed from the storage %r; attachments:sweep will.",
                key,
                storage,
            )
