"""The one error tree of Velocious.

Law: every error is a :class:`VelociousError`, keeps the facts as attributes and says three things
in its message: what was wrong (with the value), what would have been right, and the command or line
that fixes it.

::

    VelociousError
    ├── ConfigurationError
    │   ├── CurrentConfigurationNotSetError
    │   ├── MissingSecretError
    │   └── UnknownOptionError
    ├── DatabaseError
    │   ├── DatabaseUnavailableError
    │   │   ├── DatabaseLockedError
    │   │   ├── DatabaseCorruptError
    │   │   ├── DatabaseUnreachableError
    │   │   │   └── TooManyConnectionsError
    │   │   ├── ConnectionLostError
    │   │   ├── PoolTimeoutError
    │   │   └── StorageFullError
    │   ├── NoConnectionError
    │   ├── ReadOnlyDatabaseError
    │   ├── StatementError
    │   │   ├── ConstraintError
    │   │   │   ├── UniqueConstraintError
    │   │   │   ├── ForeignKeyConstraintError
    │   │   │   ├── NotNullConstraintError
    │   │   │   └── CheckConstraintError
    │   │   ├── ValueOutOfRangeError
    │   │   ├── StatementTimeoutError
    │   │   ├── LockTimeoutError
    │   │   └── TransactionConflictError
    │   │       ├── DeadlockError
    │   │       └── SerializationError
    │   ├── TransactionError
    │   │   └── TransactionTaskError
    │   ├── AdvisoryLockError
    │   │   ├── AdvisoryLockBusyError
    │   │   └── AdvisoryLockTimeoutError
    │   ├── TenantError
    │   │   ├── TenantLimitError
    │   │   └── TenantSchemaError
    │   └── UnknownTableError
    ├── QueryError
    │   ├── UnknownAttributeError
    │   ├── UnknownRelationshipError
    │   ├── UnknownOperatorError
    │   ├── UnknownFilterError
    │   └── UnsupportedValueError
    ├── RecordError
    │   ├── RecordNotFoundError
    │   ├── ValidationError
    │   ├── RelationshipNotLoadedError
    │   ├── AttributeNotSelectedError
    │   ├── RecordNotPersistedError
    │   ├── RecordNotSavedError
    │   ├── StaleRecordError
    │   ├── StateTransitionError
    │   ├── UnreadableDigestError
    │   ├── Halt
    │   ├── DeleteRestrictedError
    │   ├── SchemaNotLoadedError
    │   ├── UnknownModelError
    │   └── AttachmentError
    │       ├── AttachmentInputError
    │       ├── AttachmentTooLargeError
    │       ├── AttachmentNotFoundError
    │       ├── AttachmentDamagedError
    │       ├── AttachmentWithoutUrlError
    │       └── AttachmentsTableMissingError
    ├── MigrationError
    │   ├── IrreversibleMigrationError
    │   ├── InterruptedMigrationError
    │   └── PendingMigrationsError
    ├── CommandError
    │   ├── WrongUsageError
    │   └── UnknownCommandError
    ├── RoutingError
    ├── RenderError
    ├── RequestError
    │   ├── MalformedRequestError
    │   ├── MissingParameterError
    │   └── BodyTooLargeError
    └── PlatformError
        └── NotAvailableHereError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from velocious.record.record import Record
    from velocious.record.validations.errors import Errors


def close_matches(wrong: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """The names in *known* that look most like *wrong*, best first."""
    # Imported late: only what goes wrong needs it.
    from difflib import get_close_matches

    return get_close_matches(wrong, list(known), n=limit, cutoff=0.55)


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """The sentence that names close matches, or all known names where there are only a few."""
    names = sorted(set(known))
    matches = close_matches(wrong, names)
    if matches:
        return f"Did you mean {_either(matches)}?"
    if names and len(names) <= 12:
        return f"Known here: {', '.join(names)}."
    return f"None of the {len(names)} known names is close." if names else "There are none here."


def _either(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


class VelociousError(Exception):
    """The root of every error Velocious raises on purpose.

    Attributes:
        code: a stable string for clients and programs.
        safe_to_expose: whether the message may be shown to an untrusted client.
    """

    code: ClassVar[str] = "velocious_error"
    safe_to_expose: ClassVar[bool] = False


# Configuration


class ConfigurationError(VelociousError):
    """A setting is missing or does not make sense."""

    code = "configuration_error"


class CurrentConfigurationNotSetError(ConfigurationError):
    """No configuration has been opened yet."""

    code = "current_configuration_not_set"

    def __init__(self) -> None:
        super().__init__(
            "A current configuration hasn't been set. Open one first: "
            "`async with Configuration(environment_handler=…):`."
        )


class MissingSecretError(ConfigurationError):
    """Something has to be signed, and the application has no secret."""

    code = "missing_secret"

    def __init__(self, purpose: str) -> None:
        self.purpose = purpose
        super().__init__(
            f"There is no secret to sign {purpose!r} with. Make one with `velocious g:secret` and "
            "set VELOCIOUS_SECRET in the server's environment to it, or pass "
            "Configuration(secret=…): the same for every process of the application."
        )


class UnknownOptionError(ConfigurationError):
    """A keyword or key that nobody reads."""

    code = "unknown_option"

    def __init__(self, owner: str, option: str, known: Iterable[str]) -> None:
        self.owner = owner
        self.option = option
        self.known = sorted(known)
        super().__init__(f"{owner} has no option {option!r}. {suggestion(option, self.known)}")


# Databases


class DatabaseError(VelociousError):
    """Something went wrong between us and a database."""

    code = "database_error"


class DatabaseUnavailableError(DatabaseError):
    """The database could not be opened or reached."""

    code = "database_unavailable"


class DatabaseLockedError(DatabaseUnavailableError):
    """Another process held the database's write lock for longer than the busy timeout."""

    code = "database_locked"


class DatabaseCorruptError(DatabaseUnavailableError):
    """The file is not a database, or its pages contradict each other."""

    code = "database_corrupt"


class DatabaseUnreachableError(DatabaseUnavailableError):
    """The server cannot be reached now (refused, starting up, no place for another connection): it
    may be worth trying again in a moment.
    """

    code = "database_unreachable"


class ConnectionLostError(DatabaseUnavailableError):
    """A connection to the server broke while it was used: a statement that was under way may or
    may not have been executed.
    """

    code = "connection_lost"


class TooManyConnectionsError(DatabaseUnreachableError):
    """The server takes no more connections now."""

    code = "too_many_connections"


class PoolTimeoutError(DatabaseUnavailableError):
    """Every connection of a pool stayed in use for longer than the caller would wait.

    Attributes:
        database: the identifier of the database.
        timeout: the seconds waited.
        holders: who has the connections: one text for each, with the task, for how long and where.
    """

    code = "pool_timeout"

    def __init__(
        self, database: str, timeout: float, holders: Sequence[str], *, waiting: int = 0
    ) -> None:
        self.database = database
        self.timeout = timeout
        self.holders = list(holders)
        shown = "; ".join(self.holders[:10])
        more = f"; and {len(self.holders) - 10} more" if len(self.holders) > 10 else ""
        others = f" {waiting} more tasks wait." if waiting else ""
        super().__init__(
            f"No connection of the database {database!r} became free within {timeout:g} s. They "
            f"are held by: {shown or 'nobody (they are being opened)'}{more}.{others} Keep "
            "transactions short, and do not wait for other tasks inside of them; or allow more "
            f'connections: "pool": {{"maximum": …, "timeout": …}}.'
        )


class StorageFullError(DatabaseUnavailableError):
    """The disk, or the browser's quota for this origin, is full."""

    code = "storage_full"


class NoConnectionError(DatabaseError):
    """The current connection was asked for where there is none."""

    code = "no_connection"

    def __init__(self, database: str) -> None:
        self.database = database
        super().__init__(
            f"This task has no current connection of the database {database!r}. Ask for it inside "
            "`async with configuration.ensure_connections():`, or call `await "
            "configuration.ensure_global_connections()` once at the start. (Records and "
            "database.fetch need neither.)"
        )


class ReadOnlyDatabaseError(DatabaseError):
    """A write met a read-only database or file."""

    code = "database_read_only"


class StatementError(DatabaseError):
    """The database refused a statement. Carries the SQL (cut at 4,096 characters), never the
    values.
    """

    code = "statement_error"

    def __init__(self, message: str, sql: str) -> None:
        self.sql = sql if len(sql) <= 4096 else sql[:4096] + "…"
        super().__init__(f"{message} (SQL: {self.sql})")


class ConstraintError(StatementError):
    """A constraint of the schema refused a row.

    Attributes:
        table: the table, where the database says it.
        columns: the columns, where the database says them.
        constraint: the constraint's or index's name, where the database says it.
    """

    code = "constraint_violated"

    def __init__(
        self,
        message: str,
        sql: str,
        *,
        table: str | None = None,
        columns: Sequence[str] = (),
        constraint: str | None = None,
    ) -> None:
        self.table = table
        self.columns = tuple(columns)
        self.constraint = constraint
        super().__init__(message, sql)


class UniqueConstraintError(ConstraintError):
    """A row with the same key exists."""

    code = "unique_violated"


class ForeignKeyConstraintError(ConstraintError):
    """A row points at one that does not exist, or is still pointed at."""

    code = "foreign_key_violated"


class NotNullConstraintError(ConstraintError):
    """A column that must have a value got NULL."""

    code = "not_null_violated"


class CheckConstraintError(ConstraintError):
    """A CHECK of the table was not fulfilled."""

    code = "check_violated"


class ValueOutOfRangeError(StatementError):
    """A value is larger or longer than its column, or not of its type."""

    code = "value_out_of_range"


class StatementTimeoutError(StatementError):
    """A statement ran for longer than it may, or somebody cancelled it on the server."""

    code = "statement_timeout"


class LockTimeoutError(StatementError):
    """A row or table that another transaction holds was not free in time, or at once (NOWAIT)."""

    code = "lock_timeout"


class TransactionConflictError(StatementError):
    """Transactions that ran at the same time stood in each other's way, and this one was given up.
    Nothing of it is stored; run the whole transaction again.
    """

    code = "transaction_conflict"


class DeadlockError(TransactionConflictError):
    """Transactions waited for each other's locks."""

    code = "deadlock"


class SerializationError(TransactionConflictError):
    """Another transaction changed what this one had read."""

    code = "serialization_failure"


class TransactionError(DatabaseError):
    """A transaction was used in a way that would lose or mix work."""

    code = "transaction_error"


class TransactionTaskError(TransactionError):
    """A task used the transaction of another task without being handed it."""

    code = "transaction_of_another_task"

    def __init__(self, owner: str, user: str) -> None:
        self.owner = owner
        self.user = user
        super().__init__(
            f"The task {user!r} runs inside the transaction of the task {owner!r}, but a "
            "transaction belongs to "
            "the task that began it. Await the calls one after another, or hand the transaction "
            "over in the child "
            "task: `async with transaction.handed_over(): …`."
        )


class AdvisoryLockError(DatabaseError):
    """An advisory lock was not taken.

    Attributes:
        lock_name: its name.
    """

    code = "advisory_lock_error"

    def __init__(self, lock_name: str, message: str) -> None:
        self.lock_name = lock_name
        super().__init__(message)


class AdvisoryLockBusyError(AdvisoryLockError):
    """Somebody holds the advisory lock, and the caller would not wait."""

    code = "advisory_lock_busy"

    def __init__(self, lock_name: str) -> None:
        super().__init__(
            lock_name,
            f"The advisory lock {lock_name!r} is already held. Try again later, or wait for it "
            "with with_advisory_lock(…, timeout=…).",
        )


class AdvisoryLockTimeoutError(AdvisoryLockError):
    """Somebody held the advisory lock for longer than the caller would wait."""

    code = "advisory_lock_timeout"

    def __init__(self, lock_name: str, timeout: float) -> None:
        self.timeout = timeout
        super().__init__(
            lock_name,
            f"Timed out waiting for the advisory lock {lock_name!r} ({timeout:g} s). Try again "
            "later, or give it more time: timeout=….",
        )


class TenantError(DatabaseError):
    """The database of a tenant cannot be told or used."""

    code = "tenant_error"


class TenantLimitError(TenantError):
    """More tenants' databases were wanted at once than may be open."""

    code = "tenant_limit"

    def __init__(self, limit: int, timeout: float) -> None:
        self.limit = limit
        self.timeout = timeout
        super().__init__(
            f"All {limit} places for databases of tenants stayed in use for {timeout:g} s. Leave "
            "the blocks of run_with_tenant sooner, or allow more: Configuration(tenant_limit=…)."
        )


class TenantSchemaError(TenantError):
    """The database of a tenant has not the tables that the models know from the others.

    Attributes:
        database: the identifier of the database.
        differences: what differs, one text for each.
    """

    code = "tenant_schema"

    def __init__(self, database: str, url: str, differences: Sequence[str]) -> None:
        self.database = database
        self.differences = list(differences)
        super().__init__(
            f"The database {database!r} of this tenant ({url}) differs from the one its models "
            f"were read from: {'; '.join(self.differences)}. Run the pending migrations on it: "
            "`async with configuration.run_with_tenant(…): await "
            "Migrator(configuration).migrate()`."
        )


class UnknownTableError(DatabaseError):
    """A table that the database does not have."""

    code = "unknown_table"

    def __init__(self, table: str, known: Iterable[str], *, database: str = "default") -> None:
        self.table = table
        self.known = sorted(known)
        super().__init__(
            f"The database {database!r} has no table {table!r}. {suggestion(table, self.known)} "
            "If a migration creates it, run `velocious db:migrate`."
        )


# Queries


class QueryError(VelociousError):
    """A query that cannot be built."""

    code = "query_error"


class UnknownAttributeError(QueryError, AttributeError):
    """A model has no such attribute."""

    code = "unknown_attribute"

    def __init__(self, model: str, attribute: str, known: Iterable[str]) -> None:
        self.model = model
        self.attribute = attribute
        self.known = sorted(known)
        super().__init__(
            f"{model} has no attribute {attribute!r}. {suggestion(attribute, self.known)}"
        )


class UnknownRelationshipError(QueryError):
    """A model has no such relationship."""

    code = "unknown_relationship"

    def __init__(self, model: str, relationship: str, known: Iterable[str]) -> None:
        self.model = model
        self.relationship = relationship
        self.known = sorted(known)
        super().__init__(
            f"{model} has no relationship {relationship!r}. {suggestion(relationship, self.known)}"
        )


class UnknownOperatorError(QueryError):
    """An operator that conditions do not know."""

    code = "unknown_operator"

    def __init__(self, operator: str, known: Iterable[str]) -> None:
        self.operator = operator
        self.known = sorted(known)
        super().__init__(f"There is no operator {operator!r}. {suggestion(operator, self.known)}")


class UnknownFilterError(QueryError):
    """A search asked for something that it may not see. Safe to show: it names what it may."""

    code = "unknown_filter"
    safe_to_expose = True

    def __init__(self, given: str, known: Iterable[str], *, what: str = "search by") -> None:
        self.given = given
        self.known = sorted(known)
        super().__init__(f"There is no {given!r} to {what}. {suggestion(given, self.known)}")


class UnsupportedValueError(QueryError):
    """A value that the place it was given to cannot take."""

    code = "unsupported_value"


# Records


class RecordError(VelociousError):
    """A record was used in a way it cannot be."""

    code = "record_error"


class RecordNotFoundError(RecordError):
    """No row matched. Safe to show: it only repeats what was asked for."""

    code = "record_not_found"
    safe_to_expose = True

    def __init__(self, model: str, conditions: Mapping[str, object] | None = None) -> None:
        self.model = model
        self.conditions = dict(conditions or {})
        asked = " and ".join(f"{name!r}={value!r}" for name, value in self.conditions.items())
        super().__init__(f"Couldn't find {model}" + (f" with {asked}" if asked else ""))


class ValidationError(RecordError):
    """A record was not saved because its validations found something.

    Attributes:
        record: the record.
        errors: what was found, by attribute (:class:`velocious.record.validations.errors.Errors`).
    """

    code = "validation_failed"
    safe_to_expose = True

    def __init__(self, record: Record, errors: Errors) -> None:
        self.record = record
        self.errors = errors
        super().__init__(". ".join(errors.full_messages()))


class RelationshipNotLoadedError(RecordError):
    """A relationship was read before it was loaded."""

    code = "relationship_not_loaded"

    def __init__(self, model: str, relationship: str) -> None:
        self.model = model
        self.relationship = relationship
        super().__init__(
            f"{model}#{relationship} hasn't been loaded. Load it with the query: "
            f'`.preload("{relationship}")`, or afterwards: `await record.load("{relationship}")`.'
        )


class AttributeNotSelectedError(RecordError):
    """An attribute that the query left out was read."""

    code = "attribute_not_selected"

    def __init__(self, model: str, attribute: str) -> None:
        self.model = model
        self.attribute = attribute
        super().__init__(
            f"{model}#{attribute} was not selected. Add {attribute!r} to `.select(…)`, or leave "
            "`.select` out."
        )


class RecordNotPersistedError(RecordError):
    """A new or destroyed record was asked for something only a saved one has."""

    code = "record_not_persisted"


class Halt(RecordError):
    """Raised by a callback to stop what is under way: nothing is written, and the caller gets a
    :class:`RecordNotSavedError` with the reason.
    """

    code = "halted"


class RecordNotSavedError(RecordError):
    """A callback halted saving or destroying a record; nothing was written.

    Attributes:
        record: the record.
        event: the event whose callback it was.
        callback: the method's name.
        reason: what it gave to Halt.
    """

    code = "record_not_saved"

    def __init__(self, record: Record, event: str, callback: str, reason: str) -> None:
        self.record = record
        self.event = event
        self.callback = callback
        self.reason = reason
        done = "destroyed" if event.endswith("destroy") else "saved"
        super().__init__(
            f"{record!r} was not {done}: its {event} callback {callback!r} halted"
            + (f" ({reason})." if reason else '. Give it a reason to show: raise Halt("…").')
        )


class StaleRecordError(RecordError):
    """A row was changed by somebody else since the record was read; nothing was written.

    Attributes:
        record: the record.
        expected: the version the record was read in.
    """

    code = "stale_record"

    def __init__(self, record: Record, action: str, expected: Any) -> None:
        self.record = record
        self.expected = expected
        super().__init__(
            f"{record!r} cannot be {action}: its row is no longer in version {expected!r}, because "
            "somebody else saved it since it was read. Read it again with `await record.reload()`, "
            "apply the changes and save."
        )


class StateTransitionError(RecordError):
    """A record cannot change its state in this way."""

    code = "state_transition_refused"


class UnreadableDigestError(RecordError):
    """A stored password digest that cannot be checked here.

    Attributes:
        kind: the kind that it says it is; never more of it.
    """

    code = "unreadable_digest"

    def __init__(self, kind: str, remedy: str) -> None:
        self.kind = kind
        super().__init__(f"A password digest of the kind {kind!r} cannot be checked. {remedy}")


class DeleteRestrictedError(RecordError):
    """A record is still depended on (``dependent="restrict"``)."""

    code = "delete_restricted"

    def __init__(self, model: str, relationship: str, count: int) -> None:
        self.model = model
        self.relationship = relationship
        self.count = count
        super().__init__(
            f"Cannot delete {model} because {count} dependent {relationship} exist. "
            f"Remove them first, or declare {relationship} with dependent='destroy'."
        )


class SchemaNotLoadedError(RecordError, AttributeError):
    """A model was used before its table was read."""

    code = "schema_not_loaded"

    def __init__(self, model: str, table: str) -> None:
        self.model = model
        self.table = table
        super().__init__(
            f"{model} doesn't know its columns yet: the table {table!r} has not been read. Open "
            "the configuration "
            "(`async with configuration:`) after `velocious db:migrate`, or call `await "
            f"{model}.load_schema()`."
        )


class UnknownModelError(RecordError):
    """A relationship names a class that nobody registered."""

    code = "unknown_model"

    def __init__(self, name: str, known: Iterable[str], *, wanted_by: str) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"{wanted_by} needs a model named {name!r}, which is not known. "
            f"{suggestion(name, self.known)} "
            "Import its module, list it in `Configuration(models=[…])`, or pass class_name= to the "
            "relationship."
        )


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
            "migration with `velocious g:attachments` (or call "
            "`await self.create_attachments_tables()` in one of yours) and run `velocious "
            "db:migrate`."
        )


# Migrations and commands


class MigrationError(VelociousError):
    """A migration, or the set of them, is not usable."""

    code = "migration_error"


class IrreversibleMigrationError(MigrationError):
    """A step of a migration cannot be undone.

    Attributes:
        step: such as ``remove_column('tasks', 'name')``.
    """

    code = "irreversible_migration"

    def __init__(self, step: str, hint: str) -> None:
        self.step = step
        super().__init__(f"{step} cannot be undone by itself. {hint}")


class InterruptedMigrationError(MigrationError):
    """A migration without a transaction was interrupted: nobody knows whether its last statement
    was done.

    Attributes:
        version: its version.
        statement: what was being done.
    """

    code = "interrupted_migration"

    def __init__(self, message: str, *, version: str, statement: str) -> None:
        self.version = version
        self.statement = statement
        super().__init__(message)


class PendingMigrationsError(MigrationError):
    """Migrations have not run yet.

    Attributes:
        names: their files' names.
    """

    code = "pending_migrations"

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        count = f"{len(names)} migrations have" if len(names) != 1 else "1 migration has"
        super().__init__(f"{count} not run yet: {', '.join(names)}. Run `velocious db:migrate`.")


class CommandError(VelociousError):
    """A command was called wrongly or could not do its work; the CLI prints it and exits with
    *exit_code*.
    """

    code = "command_error"
    exit_code: int = 1


class WrongUsageError(CommandError):
    """A command line that cannot be understood."""

    code = "wrong_usage"
    exit_code = 2


class UnknownCommandError(CommandError):
    """A command name that nobody registered."""

    code = "unknown_command"
    exit_code = 2

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"There is no command {name!r}. {suggestion(name, self.known)} "
            "`velocious --help` lists all of them."
        )


# Requests


class RoutingError(VelociousError):
    """A route that cannot be drawn, or leads nowhere."""

    code = "routing_error"


class RenderError(VelociousError):
    """An action that answers with nothing, twice, or with what cannot be sent."""

    code = "render_error"


class RequestError(VelociousError):
    """A client asked for something in a way that cannot be answered. Safe to show: it only repeats
    what the client sent.
    """

    code = "request_error"
    safe_to_expose = True
    status: ClassVar[int] = 400


class MalformedRequestError(RequestError):
    """A body that is not what its Content-Type says."""

    code = "malformed_request"


class MissingParameterError(RequestError, KeyError):
    """A parameter that an action needs was not sent."""

    code = "missing_parameter"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        self.name = name
        self.known = sorted(known)
        super().__init__(
            f"The parameter {name!r} is missing. "
            + (suggestion(name, self.known) if self.known else "The request has no parameters.")
        )

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


class BodyTooLargeError(RequestError):
    """A body longer than the controller's limit."""

    code = "body_too_large"
    status = 413

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(
            f"The body of the request is larger than {limit:,} bytes. Send less, or raise "
            "body_limit of the controller."
        )


# Environments


class PlatformError(VelociousError):
    """The environment the program runs in cannot do what was asked."""

    code = "platform_error"


class NotAvailableHereError(PlatformError):
    """An ability that only another environment has."""

    code = "not_available_here"

    def __init__(self, what: str, *, environment: str, instead: str) -> None:
        self.what = what
        self.environment = environment
        super().__init__(f"{what} is not available in the {environment} environment. {instead}")
