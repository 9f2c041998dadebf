"""Reads what a statement asks for: with one command, or with one for each page where the backend
gives no more at a time.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from velocious.errors import RecordNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.frontend_model.backend import Backend
    from velocious.frontend_model.command import Command
    from velocious.frontend_model.planning import Statement

#: Commands that give rows, of which there may be more than one answer holds.
_PAGED = ("index", "pluck")
#: Rows of an answer of which nothing else is known.
PAGE = 200


async def read(
    backend: Backend, statement: Statement, values: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The rows that *statement* gives."""
    command = statement.command(values)
    if command.kind in _PAGED:
        return await _read_pages(backend, statement, command)
    if command.kind == "find" and command.payload["id"] in (None, ""):
        # No record has such a key.
        return []
    try:
        response = await backend.run(command)
    except RecordNotFoundError:
        if command.kind == "find":
            return []
        raise
    await backend.learn(statement, response)
    return statement.rows(response, backend.settings.shown)


async def _read_pages(
    backend: Backend, statement: Statement, command: Command
) -> list[tuple[Any, ...]]:
    shown, limit = backend.settings.shown, command.payload.get("limit")
    most = _most(backend, statement)
    if limit is None or limit <= most:
        response = await backend.run(command)
        await backend.learn(statement, response)
        rows = statement.rows(response, shown)
        if not response.get("more"):
            return rows
    # Whatever came without an order may come in another one by pages.
    rows: list[tuple[Any, ...]] = []
    start: int = command.payload.get("offset") or 0
    while limit is None or len(rows) < limit:
        size = most if limit is None else min(most, limit - len(rows))
        page = {**command.payload, "limit": size, "offset": start + len(rows)}
        response = await backend.run(replace(command, payload=page))
        found = statement.rows(response, shown)
        rows += found
        if len(found) < size:
            break
    return rows


def _most(backend: Backend, statement: Statement) -> int:
    limits: dict[str, Any] = backend.shown_of(statement.model).get("limits") or {}
    most = limits.get("maxPageSize")
    return most if isinstance(most, int) and most > 0 else PAGE
