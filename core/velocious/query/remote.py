"""What only a database of one's own can do, refused where a backend keeps the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.errors import NotRemoteError

if TYPE_CHECKING:
    from velocious.record.record import Record


def refuse_remote(model: type[Record], wanted: str, instead: str) -> None:
    """Raise NotRemoteError where the rows of *model* are behind a backend."""
    if model._definition.remote_home() is not None:
        raise NotRemoteError(model.__name__, wanted, instead)


def refuse_remote_sql(model: type[Record], sql: Any) -> None:
    """:func:`refuse_remote` for *sql* in a condition or an order."""
    refuse_remote(
        model,
        f"SQL ({sql!r:.80})",
        "Write it with attributes: where(name=…), Task.position > 3, search({…}); or add a command "
        "to the resource.",
    )
