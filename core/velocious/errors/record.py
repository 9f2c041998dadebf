"""Records: what cannot be found, read or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.command_words import to_migrate
from velocious.errors.base import VelociousError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.record.record import Record
    from velocious.record.validations.errors import Errors


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
            "the configuration (`async with configuration:`) when its database is migrated (run "
            f"{to_migrate()}), or call `await {model}.load_schema()`."
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
