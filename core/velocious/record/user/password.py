"""``password = has_secure_password()``: a password that is kept as a digest.

Law: the text lives in memory alone, from assigning it to the end of the transaction that stores its
digest. It is no attribute of the table, and appears in nothing that shows a record as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from velocious.errors import ConfigurationError
from velocious.record.declaration import Declaration, add_member
from velocious.record.declared import extras
from velocious.record.user import digest
from velocious.record.user.plain_text import PENDING, normalized
from velocious.record.user.validation import PasswordConfirmation, PasswordValidator

if TYPE_CHECKING:
    from velocious.record.definition import Definition
    from velocious.record.record import Record

SHORTEST, LONGEST = 8, 1024


class PlainText:
    """The text of a password, or of its confirmation, while a record is being saved."""

    __slots__ = ("column", "name")

    def __init__(self, name: str, column: str | None = None) -> None:
        self.name = name
        self.column = column

    @overload
    def __get__(self, record: None, owner: type[Record]) -> PlainText: ...

    @overload
    def __get__(self, record: Record, owner: type[Record]) -> str | None: ...

    def __get__(self, record: Record | None, owner: type[Record]) -> Any:
        if record is None:
            return self
        if self.column is not None and self.column not in (record._assigned or ()):
            # Stored, or restored, since.
            return None
        return extras(record).get(self.name)

    def __set__(self, record: Record, value: str | None) -> None:
        if self.column is None:
            extras(record)[self.name] = normalized(value) if isinstance(value, str) else value
        elif value != "":
            # A form that leaves the password alone sends "".
            self._take(record, self.column, value)

    def _take(self, record: Record, column: str, value: Any) -> None:
        definition = type(record)._definition
        if column not in definition.schema_or_fail().attributes:
            raise ConfigurationError(
                f"{type(record).__name__}.{self.name} needs the column {column!r}, which the table "
                f"{definition.table_name!r} does not have. Add it in a migration: "
                f'await self.add_column("{definition.table_name}", "{column}", "string").'
            )
        if value is not None:
            digest.hasher()
        extras(record)[self.name] = normalized(value) if isinstance(value, str) else value
        record.write(column, None if value is None else PENDING)


class PasswordDeclaration(Declaration):
    """See :func:`has_secure_password`."""

    def __init__(self, minimum: int, maximum: int, required: bool) -> None:
        self.minimum = minimum
        self.maximum = maximum
        self.required = required
        self.name = self.column = ""

    def declare(self, definition: Definition, name: str) -> None:
        self.name, self.column = name, f"{name}_digest"
        definition.passwords[name] = self
        definition.secrets |= {self.column}
        setattr(definition.model, name, PlainText(name, self.column))
        setattr(definition.model, f"{name}_confirmation", PlainText(f"{name}_confirmation"))
        self._add_validators(definition)
        for member, function in _members(name).items():
            add_member(definition, member, function, name)
        # The first two make the digest: ahead of the transaction where validations run.
        definition.callbacks.add("after_validation", f"_digest_valid_{name}")
        definition.callbacks.add("before_save", f"_digest_{name}")
        definition.callbacks.add("after_commit", f"_forget_{name}")

    def _add_validators(self, definition: Definition) -> None:
        # A password that is declared again takes the place of its parent's.
        kept = [
            one
            for one in definition.validators
            if not isinstance(one, PasswordValidator | PasswordConfirmation)
            or one.attributes != (self.name,)
        ]
        limits = PasswordValidator((self.name,), declaration=self)
        confirmed = PasswordConfirmation((self.name,), allow_none=True)
        definition.validators = [*kept, limits, confirmed]


def has_secure_password(
    *, minimum: int = SHORTEST, maximum: int = LONGEST, required: bool = True
) -> Any:
    """A password, whose digest is in the column ``<name>_digest``, of text of 255 characters::

        class User(SecurePassword):                     # has one called password already
            pin = has_secure_password(minimum=6, required=False)

    ``pin`` and ``pin_confirmation`` are assigned and compared; None removes a password, and ""
    changes nothing. ``await user.authenticate_pin("123456")`` checks one. *minimum* counts
    characters, *maximum* bytes, so that nobody keeps the server busy with endless text. Without
    *required*, records may have none.

    Raises:
        ConfigurationError: for limits that no password fits.
    """
    if not 1 <= minimum <= maximum:
        raise ConfigurationError(
            f"has_secure_password(minimum={minimum!r}, maximum={maximum!r}) leaves no password. "
            "The minimum is 1 character at least, and no more than the maximum."
        )
    return PasswordDeclaration(minimum, maximum, required)


def _members(name: str) -> dict[str, Any]:
    async def digest_valid(record: Any) -> None:
        if not record._errors:
            await digest.settle(record, name)

    async def digest_now(record: Any) -> None:
        await digest.settle(record, name)

    def forget(record: Any) -> None:
        kept = extras(record)
        kept.pop(name, None)
        kept.pop(f"{name}_confirmation", None)

    async def authenticate(record: Any, password: Any) -> bool:
        """Whether *password* is the record's."""
        return await digest.authenticate(record, name, password)

    return {
        f"authenticate_{name}": authenticate,
        f"_digest_valid_{name}": digest_valid,
        f"_digest_{name}": digest_now,
        f"_forget_{name}": forget,
    }
