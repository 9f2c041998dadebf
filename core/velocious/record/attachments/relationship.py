"""What one and many attachments have in common: a relationship to the rows of files.

Law: this module is imported with every model; what moves bytes is imported when they move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import (
    AttributeNotSelectedError,
    ConfigurationError,
    RecordNotPersistedError,
)
from velocious.query.query import Query
from velocious.record.relationships.base import Relationship
from velocious.record.relationships.type_name import type_name
from velocious.record.state import NEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.query.sight import Sight
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.inputs import Source
    from velocious.record.attachments.queue import Queue
    from velocious.record.record import Record


class AttachmentRelationship(Relationship[Any]):
    """Reaches the rows of files as related records are reached.

    Attributes:
        storage: the storage's name in the configuration, None for the default one.
        maximum_size: how many bytes a file may have, enforced while it is streamed.
    """

    holds_files = True

    def __init__(
        self,
        *,
        storage: str | None = None,
        maximum_size: int | None = None,
        allow_path_input: bool = False,
        allowed_path_prefixes: Sequence[str] = (),
        cohort: bool = True,
    ) -> None:
        super().__init__("AttachedFile", cohort=cohort)
        if maximum_size is not None and maximum_size < 0:
            raise ConfigurationError(f"maximum_size={maximum_size!r} is no number of bytes.")
        if isinstance(allowed_path_prefixes, str):
            raise ConfigurationError(
                f"allowed_path_prefixes={allowed_path_prefixes!r} is text. Give a list of "
                "directories."
            )
        if allowed_path_prefixes and not allow_path_input:
            raise ConfigurationError(
                "allowed_path_prefixes is given, but allow_path_input is not True. Say both, or "
                "neither."
            )
        self.storage = storage
        self.maximum_size = maximum_size
        self._paths = (allow_path_input, tuple(allowed_path_prefixes))

    def __set_name__(self, owner: type[Record], name: str) -> None:
        super().__set_name__(owner, name)
        #: Where a record keeps what is queued, beside what is loaded.
        self.queue_name = f"{name} (queued)"

    # The rows

    def target(self) -> type[AttachedFile]:
        return _model_in(self.owner._definition.database_identifier)

    def model_of(self, record: Record) -> type[AttachedFile]:
        """The model of the rows of *record*, in the database that *record* is in."""
        return _model_in(type(record)._definition.database_identifier)

    def owner_column(self) -> str:
        return self.owner._definition.key_name

    def target_column(self) -> str:
        return "record_id"

    def type_filter(self) -> tuple[str, str] | None:
        return "record_type", type_name(self.owner)

    def scope_query(self) -> Query[Any]:
        return Query(self.target()).where(name=self.name)

    def query(self) -> Query[Any]:
        return self.scope_query().order("position")

    def query_of(self, record: Record) -> Query[Any]:
        return Query(self.model_of(record)).where(self.conditions(record)).order("position")

    def owner_conditions(self, record: Record) -> dict[str, Any]:
        """What every row of *record* has, whatever it is attached as."""
        key = record.primary_key_value()
        return {"record_type": type_name(type(record)), "record_id": str(key)}

    def conditions(self, record: Record) -> dict[str, Any]:
        """What every row of this attachment of *record* has."""
        return {**self.owner_conditions(record), "name": self.name}

    async def fetch(
        self, owners: Sequence[Record], sight: Sight | None = None
    ) -> list[list[Record]]:
        from velocious.record.attachments.attachment import ready

        model = await ready(self.model_of(owners[0]))
        keys = [str(owner.primary_key_value()) for owner in owners]
        conditions = {"record_type": type_name(type(owners[0])), "name": self.name}
        rows: Any = await (
            Query(model).where(conditions).where(record_id=list(set(keys))).order("position")
        )
        by_key: dict[str, list[Record]] = {}
        for row in rows:
            by_key.setdefault(row.record_id, []).append(row)
        return [by_key.get(key, []) for key in keys]

    def inverse(self) -> str | None:
        return None

    # What is queued

    def queue(self, record: Record) -> Queue | None:
        """What waits for the next save of *record*, or is attached by this task now."""
        from velocious.record.attachments.queue import queue_at_once

        waiting = (record._related or {}).get(self.queue_name)
        return queue_at_once(record, self.name) or waiting

    def queue_for_change(self, record: Record) -> Queue:
        """:meth:`queue`, made where there is none."""
        from velocious.record.attachments.queue import Queue

        related = record._related = record._related if record._related is not None else {}
        return related.setdefault(self.queue_name, Queue())

    def put_queue(self, record: Record, queue: Queue) -> None:
        """Let *queue* wait for the next save, in place of what waits now."""
        related = record._related = record._related if record._related is not None else {}
        related[self.queue_name] = queue

    async def staying(self, record: Record, queue: Queue) -> int:
        """How many of the stored files stay when *queue* is saved."""
        if record._state == NEW:
            return 0
        if self.loaded(record):
            value = self.value(record)
            rows = value if self.many else [one for one in (value,) if one is not None]
            ids = [row.id for row in rows]
        else:
            ids = await self.query_of(record).ids()
        return sum(not queue.dooms(str(id)) for id in ids)

    def accepted(self, given: Any) -> Source:
        """*given*, ready to be stored. Raises AttachmentInputError."""
        from velocious.record.attachments.inputs import PathRule, source_of

        return source_of(given, self.name, PathRule(*self._paths))

    def limit(self, source: Source) -> int | None:
        """The bytes *source* may have, as declared and as what validated it says."""
        limits = [self.maximum_size, *(one.maximum_size for one in source.checked_by)]
        return min((limit for limit in limits if limit is not None), default=None)

    def present_value(self, record: Record) -> Any:
        queue = self.queue(record)
        if queue is not None and (queue.sources or self.many and queue.kept):
            return queue.sources or queue.kept
        if queue is not None and queue.replaces:
            return None
        if not self.loaded(record):
            if record._state == NEW:
                return None
            # What is stored stays, as with attributes that were not selected.
            raise AttributeNotSelectedError(type(record).__name__, self.name)
        rows = self.value(record)
        rows = rows if self.many else [row for row in (rows,) if row is not None]
        return [row for row in rows if queue is None or not queue.dooms(str(row.id))]

    async def attach(self, record: Record, given: Sequence[Any]) -> list[AttachedFile]:
        """Store *given* at once, without saving anything else of *record*.

        Raises:
            RecordNotPersistedError: for a new record.
            ValidationError: its validations of this attachment found something.
        """
        from velocious.record.attachments.attaching import attach

        if not record.is_persisted:
            raise RecordNotPersistedError(
                f"{record!r} has no row yet that a file could belong to. Queue it for the next "
                f"save: record.{self.name}.queue(…), or {type(record).__name__}.create("
                f"{self.name}=…)."
            )
        sources = [self.accepted(one) for one in given]
        remote = type(record)._definition.schema_or_fail().remote
        if remote is not None:
            return await remote.attach(record, self, sources)
        return await attach(record, self, sources)


def _model_in(identifier: str) -> type[AttachedFile]:
    from velocious.record.attachments.attachment import model_in

    return model_in(identifier)
