"""Removes stored files that no record has: what crashes and deleted rows have left behind.

Law: a file goes only where every database that has attachments was asked, and it is older than any
save that could still be writing its row.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from velocious.errors import (
    AttachmentsTableMissingError,
    ConfigurationError,
)
from velocious.record.attachments.attachment import TABLE, model_in, ready
from velocious.record.attachments.ownerless import ownerless_rows

if TYPE_CHECKING:
    from datetime import datetime

    from velocious.configuration import Configuration
    from velocious.record.attachments.registry import Attachments
    from velocious.record.attachments.storage import Storage, StoredKey

_PAGE = 500


class Swept(NamedTuple):
    """A file that was removed: the storage's name and its key there."""

    storage: str
    key: str


async def sweep(
    configuration: Configuration,
    attachments: Attachments,
    *,
    older_than: timedelta,
    dry_run: bool,
) -> list[Swept]:
    """See :meth:`Attachments.sweep`."""
    if older_than < timedelta(0):
        raise ConfigurationError(f"older_than={older_than!r} is in the future. Give an age.")
    models = await _models(configuration)
    before = configuration.clock.now() - older_than
    ownerless = await _sweep_rows(configuration, models, before, dry_run)
    swept: list[Swept] = []
    for name in attachments.names():
        storage = attachments.storage(name)
        page: list[StoredKey] = []
        async for found in storage.keys():
            if found.stored_at <= before:
                page.append(found)
            if len(page) == _PAGE:
                swept += await _sweep_page(models, name, storage, page, ownerless, dry_run)
                page = []
        swept += await _sweep_page(models, name, storage, page, ownerless, dry_run)
    return swept


async def _sweep_rows(
    configuration: Configuration, models: list[Any], before: datetime, dry_run: bool
) -> set[str]:
    """Remove the rows of owners that are gone; the keys of their files."""
    keys: set[str] = set()
    for model in models:
        async for rows in ownerless_rows(configuration, model, before):
            keys.update(await rows.pluck("storage_key"))
            if not dry_run:
                await rows.delete_all()
    return keys


async def _sweep_page(
    models: list[Any],
    name: str,
    storage: Storage,
    page: list[StoredKey],
    ownerless: set[str],
    dry_run: bool,
) -> list[Swept]:
    keys = [found.key for found in page]
    known: set[str] = set()
    for model in models if keys else ():
        rows = model.where(storage=name, storage_key=keys)
        known.update(await rows.pluck("storage_key"))
    unknown = [key for key in keys if key not in known or key in ownerless]
    if not dry_run:
        for key in unknown:
            await storage.delete(key)
    return [Swept(name, key) for key in unknown]


async def _models(configuration: Configuration) -> list[Any]:
    """The rows of every database that has them. Raises AttachmentsTableMissingError where none
    has: then nothing would be known, and everything removed.
    """
    found: list[Any] = []
    for identifier in configuration.databases:
        try:
            found.append(await ready(model_in(identifier)))
        except AttachmentsTableMissingError:
            continue
    if not found:
        raise AttachmentsTableMissingError(TABLE, ", ".join(configuration.databases))
    return found
