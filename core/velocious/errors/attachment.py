"""Files of records."""

from __future__ import annotations

from velocious.command_words import as_typed, to_migrate
from velocious.errors.record import RecordError


class AttachmentError(RecordError):
    """A file cannot be attached to a record, or read from it."""

    code = "attachment_error"


class AttachmentInputError(AttachmentError):
    """What was given to attach is no file that may be taken."""

    code = "attachment_input"


class AttachmentTooLargeError(AttachmentError):
    """A file turned out to be larger than allowed; nothing of it was kept.

    Attributes:
        name: the attachment.
        limit: the bytes it may have.
    """

    code = "attachment_too_large"

    def __init__(self, name: str, limit: int) -> None:
        self.name = name
        self.limit = limit
        super().__init__(
            f"The file for {name!r} is larger than {limit:,} bytes. Send a smaller one, or raise "
            "maximum_size where the attachment is declared or validated."
        )


class AttachmentNotFoundError(AttachmentError):
    """There is no such attachment, or its file is gone."""

    code = "attachment_not_found"


class AttachmentDamagedError(AttachmentError):
    """A stored file is not what was attached."""

    code = "attachment_damaged"


class AttachmentWithoutUrlError(AttachmentError):
    """A storage gives its files no addresses."""

    code = "attachment_without_url"


class AttachmentsTableMissingError(AttachmentError):
    """The database has no tables for attachments."""

    code = "attachments_table_missing"

    def __init__(self, table: str, database: str) -> None:
        self.table = table
        self.database = database
        super().__init__(
            f"The database {database!r} has no table {table!r}, which attachments need. Write the "
            f"migration with {as_typed('g:attachments')} (or call "
            "`await self.create_attachments_tables()` in one of yours) and run "
            f"{to_migrate()}."
        )
