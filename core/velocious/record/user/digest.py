"""Making and checking the digests of a record's passwords.

Law: a wrong password, no password, an unusable one and no record at all cost the same work.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import (
    DatabaseUnavailableError,
    ReadOnlyDatabaseError,
    UnsupportedValueError,
)
from velocious.record.changes import stored_value
from velocious.record.declared import extras
from velocious.record.state import PERSISTED
from velocious.record.user.plain_text import PENDING, encoded

if TYPE_CHECKING:
    from velocious.password_hasher import PasswordHasher
    from velocious.record.record import Record

logger = logging.getLogger("velocious.record")


def hasher() -> PasswordHasher:
    """The environment's. Raises NotAvailableHereError where it has none."""
    return current.configuration().environment_handler.password_hasher()


async def settle(record: Record, name: str) -> None:
    """Put the digest of a newly assigned password in its column.

    Raises:
        UnsupportedValueError: for what no password can be, which validations report.
    """
    declared = type(record)._definition.passwords[name]
    if (record._assigned or {}).get(declared.column) != PENDING:
        return
    data = encoded(extras(record).get(name), declared.maximum)
    if data is None:
        raise UnsupportedValueError(
            f"The {name} of {record!r} is no text of {declared.maximum} bytes at most. Save with "
            "validations, which report it."
        )
    record.write(declared.column, await hasher().hash(data))


async def authenticate(record: Record | None, name: str, given: Any, *, maximum: int = 0) -> bool:
    """Whether *given* is the password *name* of *record*; without a record it is not."""
    passwords = hasher()
    if record is None:
        data = encoded(given, maximum)
        return await passwords.verify(None, data or b"")
    declared = type(record)._definition.passwords[name]
    data = encoded(given, declared.maximum)
    # A password that was assigned and not saved signs nobody in.
    digest = stored_value(record, declared.column)
    if not digest or data is None:
        return await passwords.verify(None, data or b"")
    if not await passwords.verify(digest, data):
        return False
    if passwords.is_outdated(digest):
        await _renew(record, declared.column, digest, await passwords.hash(data))
    return True


async def _renew(record: Record, column: str, old: str, new: str) -> None:
    """Replace *old* in the row, unless it changed meanwhile; nothing else of the record."""
    if record._state != PERSISTED:
        return
    model = type(record)
    schema = model._definition.schema_or_fail()
    key = {schema.primary_key: record.primary_key_value(), column: old}
    try:
        renewed = await model.where(key).update_all({column: new})
    except (DatabaseUnavailableError, ReadOnlyDatabaseError) as error:
        # Who knows the password signs in, also where nothing can be written now.
        logger.warning("The digest of %r was not renewed: %s", record, error)
        return
    if renewed:
        place = schema.attributes[column].index
        record._row = (*record._row[:place], new, *record._row[place + 1 :])
