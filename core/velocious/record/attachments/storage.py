"""The port between attachments and the place that keeps their bytes.

Law: a key is made once, never written twice and cannot be guessed; a storage knows nothing of
records.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, NamedTuple, Protocol, runtime_checkable

from velocious.errors import AttachmentError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable
    from datetime import datetime


class StoredKey(NamedTuple):
    """A key that a storage holds bytes for, and when they were written (UTC)."""

    key: str
    stored_at: datetime


@runtime_checkable
class Storage(Protocol):
    """Keeps bytes by key. Any object with these methods is one."""

    async def write(self, key: str, chunks: AsyncIterable[bytes]) -> None:
        """Keep *chunks* under *key*, durably, whole or not at all. Raises AttachmentError where
        the key is taken.
        """
        ...

    def read(self, key: str) -> AsyncGenerator[bytes]:
        """The bytes in chunks. Raises AttachmentNotFoundError where there are none."""
        ...

    async def delete(self, key: str) -> bool:
        """Forget the bytes, and what an interrupted write left; whether there were any."""
        ...

    async def exists(self, key: str) -> bool: ...

    async def url(self, key: str, *, filename: str, content_type: str) -> str | None:
        """Where a client can fetch the bytes, or None where this storage has no addresses."""
        ...

    def keys(self) -> AsyncGenerator[StoredKey]:
        """Every key, unfinished ones too, in any order: for the sweep."""
        ...


STORAGE_METHODS = ("write", "read", "delete", "exists", "url", "keys")

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_hex(16)


def is_key(text: str) -> bool:
    """Whether :func:`new_key` could have made *text*."""
    return _KEY.fullmatch(text) is not None


def check_key(key: str) -> str:
    """*key*, where it is one: a row that was tampered with leads nowhere else."""
    if not is_key(key):
        raise AttachmentError(
            f"{key!r} is no key of a stored file: those are 32 hexadecimal digits. The row that "
            "names it was not written by Velocious; remove it."
        )
    return key


def joined_url(base_url: str | None, key: str) -> str | None:
    """The address of *key* below *base_url*."""
    return None if base_url is None else f"{base_url.rstrip('/')}/{key}"
