"""Columns of the type TIMESTAMP, which have no zone: others made them, and what is in them is UTC.

Law: an instant is timezone-aware in Python, whatever the column is.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious_node.database.postgresql_raw import RawConnection, RawStatement

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST = (datetime.min.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND
_LATEST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // _MICROSECOND


def has_moments(statement: RawStatement) -> bool:
    """Whether a parameter or a column of *statement* has an instant without a zone."""
    columns = (attribute.type for attribute in statement.get_attributes())
    types = (*statement.get_parameters(), *columns)
    return any(one.name == "timestamp" and one.schema == "pg_catalog" for one in types)


async def read_moments(raw: RawConnection) -> None:
    """Have *raw* take and give such instants as UTC."""
    await raw.set_type_codec(
        "timestamp", schema="pg_catalog", encoder=_encoded, decoder=_decoded, format="tuple"
    )


def _encoded(instant: datetime) -> tuple[int]:
    aware = instant if instant.tzinfo is not None else instant.replace(tzinfo=UTC)
    return ((aware - _EPOCH) // _MICROSECOND,)


def _decoded(stored: tuple[int]) -> datetime:
    # "infinity" lies beyond what Python can say.
    return _EPOCH + timedelta(microseconds=min(max(stored[0], _EARLIEST), _LATEST))
