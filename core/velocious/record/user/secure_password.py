"""``class User(SecurePassword)``: records that sign in with a password.

Law: nobody learns from the answer, or from how long it took, whether there is a record.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from velocious.errors import QueryError
from velocious.record.record import Record
from velocious.record.user import digest
from velocious.record.user.password import has_secure_password
from velocious.record.user.token import generates_token_for

if TYPE_CHECKING:
    from velocious.record.user.password import PlainText


class SecurePassword(Record):
    """The base of models with a password, in the column ``password_digest``.

    ::

        class User(SecurePassword):
            password = has_secure_password(minimum=12)      # only to change what it must be

        user = await User.create(email="ada@example.org", password="correct horse")
        user = await User.authenticate_by(email="ada@example.org", password="correct horse")
    """

    abstract = True

    if TYPE_CHECKING:
        password: PlainText
        password_confirmation: PlainText
    else:
        password = has_secure_password()
        password_reset = generates_token_for(
            expires_in=timedelta(minutes=15), bound_to="password_digest"
        )

    async def authenticate(self, password: str) -> bool:
        """Whether *password* is the stored one. A digest of outdated costs is renewed then."""
        return await digest.authenticate(self, "password", password)

    @classmethod
    async def authenticate_by(cls, **given: Any) -> Self | None:
        """The record with these attributes, if the passwords among them are right; else None, after
        the same work.

        Raises:
            QueryError: where no password, or nothing else, is given.
        """
        declared = cls._definition.passwords
        passwords = {name: value for name, value in given.items() if name in declared}
        attributes = {name: value for name, value in given.items() if name not in declared}
        if not passwords or not attributes:
            raise QueryError(
                f"{cls.__name__}.authenticate_by got {', '.join(given) or 'nothing'}. It takes "
                "what finds the record, and a password: "
                f"{cls.__name__}.authenticate_by(email=…, {next(iter(declared))}=…)."
            )
        # What a client sends may be a list, a dict or null: such a condition means something else.
        plain = all(isinstance(value, str | int | UUID) for value in attributes.values())
        found = await cls.query().find_by(attributes) if plain else None
        answers = [
            await digest.authenticate(found, name, value, maximum=declared[name].maximum)
            for name, value in passwords.items()
        ]
        return found if all(answers) else None

    if TYPE_CHECKING:
        # Made by the declarations above.

        async def authenticate_password(self, password: str) -> bool: ...

        def password_reset_token(self, *, expires_in: timedelta | float | None = None) -> str: ...

        @classmethod
        async def find_by_password_reset_token(cls, token: str) -> Self | None: ...
