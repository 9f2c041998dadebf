"""``Record``: a row of a table as an object, and its class as the table.

Law: a record delegates. What it keeps is the row as it came from the driver, an overlay of assigned
values, the records loaded for its relationships, and whether it is stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from velocious.errors import RecordNotPersistedError, UnknownAttributeError
from velocious.record import changes, declared, persistence
from velocious.record.live_events import LiveEvent
from velocious.record.model_type import ModelType
from velocious.record.querying import Querying
from velocious.record.relationships import cohort, counting, preloader
from velocious.record.selecting import has_key, padded_rows
from velocious.record.state import DESTROYED, NEW, PERSISTED

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from velocious.database.advisory_lock import AdvisoryLock
    from velocious.database.transaction import Transaction
    from velocious.query.resolution import Path
    from velocious.query.sight import Sight
    from velocious.record.relationships.cohort import Cohort
    from velocious.record.state_machines import StateMachine
    from velocious.record.validations.errors import Errors


class Record(Querying, metaclass=ModelType):
    """A row of a table.

    ::

        class Task(Record):
            project = belongs_to("Project")
            validations = [validates("name", presence=True)]

        task = await Task.create(name="Write docs")

    Class settings: ``table_name``, ``primary_key``, ``database_identifier``, ``abstract``,
    ``validations``.
    """

    # _extras is set when it is needed: see velocious.record.declared.
    __slots__ = (
        "__weakref__",
        "_assigned",
        "_cohort",
        "_errors",
        "_extras",
        "_related",
        "_row",
        "_saved",
        "_state",
    )

    abstract = True
    #: Whether the model has no table but behind a backend.
    is_frontend: ClassVar[bool] = False

    _row: tuple[Any, ...]
    _assigned: dict[str, Any] | None
    _cohort: Cohort | None
    _related: dict[str, Any] | None
    _errors: Errors | None
    _saved: tuple[Any, ...] | None
    _state: int
    _extras: dict[str, Any]

    def __init__(self, **attributes: Any) -> None:
        definition = type(self)._definition
        schema = definition.schema_in_use() or definition.schema_or_fail()
        self._row = schema.blank_row
        self._assigned = None
        self._related = None
        self._errors = None
        self._saved = None
        self._cohort = None
        self._state = NEW
        if definition.defaults:
            declared.apply_defaults(self, definition, attributes)
        if attributes:
            self._fill(schema.casts, attributes)

    def _fill(
        self, casts: dict[str, tuple[frozenset[type], Any, bool]], given: dict[str, Any]
    ) -> None:
        """:meth:`assign` for a new record: what needs no setter goes straight where a setter would
        put it.
        """
        assigned = self._assigned
        if assigned is None:
            assigned = self._assigned = {}
        for name, value in given.items():
            cast = casts.get(name)
            if cast is None or (cast[2] and self._related is not None):
                self.assign({name: value})
            elif value is None or type(value) in cast[0]:
                assigned[name] = value
            else:
                assigned[name] = cast[1](value)

    # What happens

    on_create = LiveEvent("create")
    on_update = LiveEvent("update")
    on_destroy = LiveEvent("destroy")

    # Attributes

    def assign(self, attributes: Mapping[str, Any] | None = None, /, **more: Any) -> Self:
        """Set attributes and relationships without saving. Raises UnknownAttributeError with close
        matches.
        """
        given = {**attributes, **more} if attributes else more
        setters = type(self)._definition.setters
        for name, value in given.items():
            setter = setters.get(name)
            if setter is None:
                raise UnknownAttributeError(type(self).__name__, name, setters)
            setter(self, value)
        return self

    def attributes(self) -> dict[str, Any]:
        """Every attribute that was selected, by name."""
        return changes.attributes(self)

    def read(self, name: str) -> Any:
        """The attribute *name*, also one whose name a method of the model took."""
        return changes.descriptor(self, name).__get__(self, type(self))

    def write(self, name: str, value: Any) -> None:
        """Set the attribute *name*, also one whose name a method of the model took."""
        changes.descriptor(self, name).__set__(self, value)

    def restore(self, *names: str) -> Self:
        """Undo what was assigned since the record was read or saved (only to *names*, if given):
        columns, the keys of relationships, and queued files. A new record goes back to its
        table's defaults.
        """
        changes.restore(self, names)
        return self

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What would be saved: attribute → (stored value, new value). A value set back is no
        change.
        """
        return changes.changes(self)

    def is_changed(self, name: str | None = None) -> bool:
        """Whether anything (or the attribute *name*) would be saved; True for a new record."""
        if name is not None:
            return name in self.changes()
        return self._state == NEW or bool(changes.changes(self)) or self._has_files_queued()

    def _has_files_queued(self) -> bool:
        attachments = type(self)._definition.attachments
        return any(one.queue(self) is not None for one in attachments)

    def saved_changes(self) -> dict[str, tuple[Any, Any]]:
        """What the last save changed."""
        return changes.saved_changes(self)

    @property
    def is_new_record(self) -> bool:
        """Not stored yet."""
        return self._state == NEW

    @property
    def is_persisted(self) -> bool:
        """Stored, and not destroyed."""
        return self._state == PERSISTED

    @property
    def is_destroyed(self) -> bool:
        """Destroyed by this object."""
        return self._state == DESTROYED

    @property
    def errors(self) -> Errors:
        """What the last validation found."""
        if self._errors is None:
            # A page that finds nothing wrong does not wait for it.
            from velocious.record.validations.errors import Errors

            self._errors = Errors(type(self))
        return self._errors

    def primary_key_value(self) -> Any:
        """The value of the primary key, None while it is not known."""
        return self.read(type(self)._definition.key_name)

    # Life

    async def save(self, *, validate: bool = True, context: str | None = None) -> Self:
        """Insert or update the row; *context* is what validations ``on`` it are for. Raises
        ValidationError, RecordNotSavedError, and DatabaseError subclasses.
        """
        await persistence.save(self, validate=validate, context=context)
        return self

    async def update(self, attributes: Mapping[str, Any] | None = None, /, **more: Any) -> Self:
        """Assign and save."""
        return await self.assign(attributes, **more).save()

    async def destroy(self) -> Self:
        """Delete the row, its dependents first, as a whole. Raises DeleteRestrictedError."""
        await persistence.destroy(self)
        return self

    async def reload(self) -> Self:
        """Read the row again; unsaved changes and loaded relationships are dropped. Raises
        RecordNotFoundError.
        """
        await persistence.reload(self)
        return self

    async def is_valid(self, context: str | None = None) -> bool:
        """Run the validations, those ``on`` *context* too; :attr:`errors` says what they found."""
        return await persistence.validate(self, context)

    async def load(self, *relationships: Any) -> Any:
        """Load relationships (again): names, lists, dicts for nested ones. Returns the first one's
        value.
        """
        if self._state == NEW and not preloader.all_hold_keys(self, relationships):
            raise RecordNotPersistedError(
                f"{type(self).__name__} has not been saved, so nothing can belong to it yet. Save "
                "it first."
            )
        return await preloader.load(self, relationships)

    @classmethod
    def state_machines(cls) -> dict[str, StateMachine]:
        """The state machines of the model, by attribute."""
        return dict(cls._definition.state_machines)

    def __copy__(self) -> Self:
        return changes.copied(self)

    # Identity

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other) or not isinstance(other, Record):
            return False
        key = self.primary_key_value()
        return key is not None and key == other.primary_key_value()

    def __hash__(self) -> int:
        key = self.primary_key_value()
        if key is None:
            raise TypeError(
                f"A {type(self).__name__} that has not been saved has no identity yet and cannot "
                "be in a set or a dict."
            )
        return hash((type(self).__name__, key))

    def __repr__(self) -> str:
        # No attributes: records end up in logs, and some hold secrets.
        if self._state == NEW:
            return f"<{type(self).__name__} new>"
        if not has_key(self):
            return f"<{type(self).__name__} without its key>"
        gone = " destroyed" if self._state == DESTROYED else ""
        key = f"{type(self)._definition.key_name}={self.primary_key_value()!r}"
        return f"<{type(self).__name__} {key}{gone}>"

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            definition = type(self)._definition
            known = definition.schema.attributes if definition.schema else ()
            raise UnknownAttributeError(
                type(self).__name__, name, [*known, *definition.relationships]
            )

    # The class as a table

    @classmethod
    async def load_schema(cls) -> None:
        """Read the table now; every awaited method does it when it has to."""
        await cls._definition.ready()

    @classmethod
    def switches_tenant_database(cls, database: str | Callable[[Any], str | None]) -> None:
        """Inside `async with configuration.run_with_tenant(…):` use *database* in place of
        ``database_identifier``: a name, or what returns one for the tenant (None: no other).
        Subclasses that are defined afterwards do the same.
        """
        cls._definition.tenant_database = database
        cls._definition.schema = None

    @classmethod
    def human_attribute_name(cls, attribute: str) -> str:
        """What to call *attribute* before people, in the current locale."""
        from velocious.record import naming

        return naming.human_attribute_name(cls, attribute)

    @classmethod
    def transaction(cls) -> Transaction:
        """``async with Task.transaction():`` everything in the block is stored, or nothing is."""
        return cls._definition.database().transaction()

    @classmethod
    def with_advisory_lock(cls, name: str, timeout: float | None = None) -> AdvisoryLock:
        """``async with Task.with_advisory_lock("import", timeout=5):`` no other process (or tab)
        holds the name meanwhile. Raises AdvisoryLockTimeoutError after *timeout* seconds.
        """
        return cls._definition.database().advisory_lock(name, timeout)

    @classmethod
    def with_advisory_lock_or_fail(cls, name: str) -> AdvisoryLock:
        """As :meth:`with_advisory_lock`, without waiting. Raises AdvisoryLockBusyError."""
        return cls._definition.database().advisory_lock(name, or_fail=True)

    @classmethod
    async def create(cls, attributes: Mapping[str, Any] | None = None, /, **more: Any) -> Self:
        """A new record, saved. Raises ValidationError."""
        definition = cls._definition
        schema = definition.schema_in_use() or await definition.ready()
        record = cls(**attributes, **more) if attributes else cls(**more)
        await persistence.save_in(record, definition, schema)
        return record

    @classmethod
    async def reset_counters(cls, *relationships: str, keys: Iterable[Any] | None = None) -> None:
        """Count the records of *relationships* anew, for all rows or those with *keys*."""
        await counting.reset(cls, relationships, keys)

    # What queries need of a model

    @classmethod
    def _gather(cls, rows: list[tuple[Any, ...]]) -> list[Self]:
        return cohort.gather(cls, rows)

    @classmethod
    def _gather_selected(cls, rows: list[tuple[Any, ...]], selected: tuple[str, ...]) -> list[Self]:
        return cls._gather(padded_rows(cls._definition.schema_or_fail(), rows, selected))

    @classmethod
    async def _preload(
        cls, records: list[Self], paths: tuple[Path, ...], sight: Sight | None
    ) -> None:
        await preloader.preload(cls, records, paths, sight)

    @classmethod
    async def _create_or_find(cls, new: Self, find: Callable[[], Awaitable[Self | None]]) -> Self:
        return await persistence.create_or_find(new, find)
