"""``confirmation = generates_token_for(…)``: signed text that leads back to a record.

Law: a token says which record it is for and until when, and is signed with a key of its model and
purpose. It is worth nothing once what it is bound to has changed. A token that is not, or no
longer, good finds nothing: why is nobody's business.
"""

from __future__ import annotations

from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from velocious import current
from velocious.errors import ConfigurationError, RecordNotPersistedError, UnsupportedValueError
from velocious.record.changes import stored_value
from velocious.record.declaration import Declaration, add_member
from velocious.record.relationships.type_name import type_name
from velocious.record.state import PERSISTED
from velocious.record.user import signing

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.record.definition import Definition
    from velocious.record.record import Record

type Expiry = timedelta | float


class TokenDeclaration(Declaration):
    """See :func:`generates_token_for`."""

    def __init__(self, expires_in: float, bound_to: str | Callable[[Any], Any] | None) -> None:
        self.expires_in = expires_in
        self.bound_to = bound_to

    def declare(self, definition: Definition, name: str) -> None:
        for member, function in _members(self, name).items():
            add_member(definition, member, function, name)

    def keys(self, model: type[Record], name: str) -> list[bytes]:
        """The keys that sign tokens called *name* of *model*."""
        return current.configuration().secret.keys(f"{name} token of {type_name(model)}")

    def state(self, record: Record) -> str:
        """What a token of *record* is bound to, as text."""
        if self.bound_to is None:
            return ""
        value: Any = (
            stored_value(record, self.bound_to)
            if isinstance(self.bound_to, str)
            else self.bound_to(record)
        )
        return "none" if value is None else f"some\0{value!s}"


def generates_token_for(
    *, expires_in: Expiry, bound_to: str | Callable[[Any], Any] | None = None
) -> Any:
    """Tokens for one purpose, named by the attribute::

        class User(SecurePassword):
            email_confirmation = generates_token_for(expires_in=86_400, bound_to="email")

        token = user.email_confirmation_token()
        user = await User.find_by_email_confirmation_token(token)       # None where it is no good

    They are good for *expires_in* (seconds, or a timedelta; ``expires_in`` of a single token goes
    first), and only as long as *bound_to*, an attribute or a function of the record, is what it was
    when the token was made. Bind a token to what using it changes: then it works once.

    Raises:
        ConfigurationError: for a time that is none.
    """
    return TokenDeclaration(_seconds(expires_in), bound_to)


def _members(declaration: TokenDeclaration, name: str) -> dict[str, Any]:
    def make(record: Any, *, expires_in: Expiry | None = None) -> str:
        """A token for *record*."""
        return _token(declaration, name, record, expires_in)

    async def find(model: Any, token: Any) -> Any:
        """The record that *token* was made for; None where it is not good any more."""
        return await _find(declaration, name, model, token)

    return {f"{name}_token": make, f"find_by_{name}_token": classmethod(find)}


def _token(
    declaration: TokenDeclaration, name: str, record: Record, expires_in: Expiry | None
) -> str:
    model = type(record)
    if record._state != PERSISTED:
        raise RecordNotPersistedError(
            f"{record!r} has no row to lead back to, so there is no {name} token for it. Save it "
            "first."
        )
    seconds = declaration.expires_in if expires_in is None else _seconds(expires_in)
    keys = declaration.keys(model, name)
    schema = model._definition.schema_or_fail()
    key = schema.attributes[schema.primary_key].type.encode(record.primary_key_value())
    until = int(_now() + seconds)
    state = signing.fingerprint(declaration.state(record), keys[0])
    # JSON has no UUIDs; their column reads the text.
    plain = key if isinstance(key, int | str) else str(key)
    return signing.signed([plain, until, state], keys[0])


async def _find(
    declaration: TokenDeclaration, name: str, model: type[Record], token: Any
) -> Record | None:
    keys = declaration.keys(model, name)
    read = signing.read(token, keys)
    if read is None:
        return None
    (key, until, state), signer = read
    if _now() >= until:
        return None
    schema = await model._definition.ready()
    try:
        found = await model.query().find_by({schema.primary_key: key})
    except UnsupportedValueError:
        # The key's type has changed since.
        return None
    if found is None:
        return None
    same = signing.equal(signing.fingerprint(declaration.state(found), signer), state)
    return found if same else None


def _now() -> float:
    return current.configuration().clock.now().timestamp()


def _seconds(given: Expiry) -> float:
    seconds = given.total_seconds() if isinstance(given, timedelta) else given
    if not isfinite(seconds) or seconds <= 0:
        raise ConfigurationError(
            f"expires_in={given!r} is no time that a token could be good for. Give seconds, or a "
            "timedelta, of more than zero."
        )
    return seconds
