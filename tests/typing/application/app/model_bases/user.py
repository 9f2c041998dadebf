"""Columns and relationships of User, typed. `velocious g:base-models` writes this file.

Changes to it are lost.
"""

from __future__ import annotations

from typing import Self, TYPE_CHECKING

from velocious.record import Record

if TYPE_CHECKING:
    from datetime import timedelta

    from velocious.record import Attribute
    from velocious.record.user.password import PlainText


class UserBase(Record):
    abstract = True

    id: Attribute[int]
    email: Attribute[str]
    password_digest: Attribute[str]
    pin_digest: Attribute[str | None]
    pin: PlainText
    pin_confirmation: PlainText

    if TYPE_CHECKING:

        async def authenticate_pin(self, password: str) -> bool: ...

        def invitation_token(self, *, expires_in: timedelta | float | None = None) -> str: ...

        @classmethod
        async def find_by_invitation_token(cls, token: str) -> Self | None: ...
