"""Attachments as rows of a database: backed up, moved and rolled back with everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import (
    AttachmentError,
    AttachmentNotFoundError,
    AttachmentsTableMissingError,
    UnknownTableError,
)
from velocious.record.attachments.storage import StoredKey, check_key, is_key, joined_url
from velocious.record.record import Record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable

TABLE = "velocious_attachment_chunks"
_PAGE = 500

_models: dict[str, Any] = {}


class DatabaseStorage:
    """Keeps each file as rows of a few hundred kilobytes in the database called *database*.

    For files that fit a database: what is written inside a transaction is part of it.
    """

    def __init__(self, database: str = "default", *, base_url: str | None = None) -> None:
        self._database = database
        self._base_url = base_url

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        model = await self._chunks()
        if await self.exists(key):
            raise AttachmentError(f"The key {key!r} is taken. Make a new one for each file.")
        number = 0
        try:
            async for chunk in chunks:
                await model.create(storage_key=key, number=number, content=chunk)
                number += 1
            if not number:
                # An empty file is there, too.
                await model.create(storage_key=key, number=0, content=b"")
        except BaseException:
            await self.delete(key)
            raise

    async def read(self, key: str) -> AsyncGenerator[bytes]:
        model = await self._chunks()
        number = 0
        while True:
            found = await model.where(storage_key=check_key(key), number=number).pluck("content")
            if not found:
                break
            yield found[0]
            number += 1
        if not number:
            raise AttachmentNotFoundError(
                f"The file of {key!r} is not in the database {self._database!r}. Restore it from a "
                "backup, or attach it again."
            )

    async def delete(self, key: str) -> bool:
        model = await self._chunks()
        return bool(await model.where(storage_key=check_key(key)).delete_all())

    async def exists(self, key: str) -> bool:
        model = await self._chunks()
        return await model.where(storage_key=check_key(key)).exists()

    async def url(self, key: str, *, filename: str, content_type: str) -> str | None:
        return joined_url(self._base_url, key)

    async def keys(self) -> AsyncGenerator[StoredKey]:
        model = await self._chunks()
        last = 0
        while True:
            page = (
                await model.where(number=0)
                .where(model.id > last)
                .order("id")
                .limit(_PAGE)
                .pluck("id", "storage_key", "created_at")
            )
            for last, key, stored_at in page:  # noqa: B007
                if is_key(key):
                    yield StoredKey(key, stored_at)
            if len(page) < _PAGE:
                return

    async def _chunks(self) -> Any:
        model = _models.get(self._database)
        if model is None:
            members = {
                "__module__": __name__,
                "table_name": TABLE,
                "database_identifier": self._database,
            }
            kind: Any = type(Record)
            model = _models[self._database] = kind("AttachmentChunk", (Record,), members)
        try:
            await model._definition.ready()
        except UnknownTableError as error:
            raise AttachmentsTableMissingError(TABLE, self._database) from error
        return model
