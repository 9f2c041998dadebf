"""The tables of attachments, as a migration makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.migration.commands.attachments import AttachmentCommands

FILES = "velocious_attachments"
CHUNKS = "velocious_attachment_chunks"


async def create_attachments_tables(migration: AttachmentCommands) -> None:
    """See :meth:`Migration.create_attachments_tables`."""
    async with migration.create_table(FILES, id="uuid") as t:
        # Short enough for an index of all of them on every database.
        t.string("record_type", null=False, limit=120)
        t.string("record_id", null=False, limit=120)
        t.string("name", null=False, limit=120)
        t.integer("position", null=False)
        t.string("filename", null=False)
        t.string("content_type", null=False)
        t.bigint("byte_size", null=False)
        t.string("checksum", null=False, limit=64)
        t.string("storage", null=False, limit=120)
        t.string("storage_key", null=False, limit=120, unique=True)
        t.datetime("created_at", null=False)
        t.index(["record_type", "record_id", "name", "position"], unique=True)
    async with migration.create_table(CHUNKS) as t:
        t.string("storage_key", null=False, limit=120)
        t.integer("number", null=False)
        t.binary("content", null=False)
        t.datetime("created_at", null=False)
        t.index(["storage_key", "number"], unique=True)


async def drop_attachments_tables(migration: AttachmentCommands) -> None:
    """See :meth:`Migration.drop_attachments_tables`."""
    await migration.drop_table(CHUNKS)
    await migration.drop_table(FILES)
