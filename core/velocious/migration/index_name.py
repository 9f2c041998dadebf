"""The names of indexes, checks and foreign keys that were given none."""

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


def check_name(table: str, condition: str) -> str:
    """``chk_tasks_1a2b3c4d5e``: a digest stands for the condition."""
    return shortened(f"chk_{table}_{sha256(condition.encode()).hexdigest()[:10]}")


def enum_name(table: str, column: str) -> str:
    """``chk_tasks_state_values``: the check of the values that a column may have."""
    return shortened(f"chk_{table}_{column}_values")


def shortened(name: str) -> str:
    """*name*, or its beginning and a digest of the whole where it has too many bytes."""
    encoded = name.encode()
    if len(encoded) <= LONGEST:
        return name
    digest = sha256(encoded).hexdigest()[:10]
    return encoded[: LONGEST - 11].decode(errors="ignore") + "_" + digest
