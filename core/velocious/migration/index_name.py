"""The names of indexes and foreign keys that were given none."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Bytes of a name that every database takes (PostgreSQL cuts at 63).
LONGEST = 62


def index_name(table: str, columns: Sequence[str]) -> str:
    """``index_tasks_on_project_id_and_name``, with a digest for its end where it is too long."""
    return shortened(f"index_{table}_on_{'_and_'.join(columns)}")


def foreign_key_name(table: str, columns: Sequence[str]) -> str:
    """``fk_tasks_project_id``, with a digest for its end where it is too long."""
    return shortened(f"fk_{table}_{'_'.join(columns)}")


def shortened(name: str) -> str:
    """*name*, or its beginning and a digest of the whole where it has too many bytes."""
    encoded = name.encode()
    if len(encoded) <= LONGEST:
        return name
    digest = sha256(encoded).hexdigest()[:10]
    return encoded[: LONGEST - 11].decode(errors="ignore") + "_" + digest
