"""g:sessions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.node.application import GeneratedApplication


async def test_the_table_comes_with_a_migration_and_goes_with_it(
    generated: GeneratedApplication,
) -> None:
    text = await generated.done("g:sessions")
    assert re.search(r"create  app/db/migrations/\d{14}_create_sessions_table\.py", text)
    assert '{"session": {"store": "database"}}' in text
    await generated.done("db:migrate")
    tables = "await database.table_names()"
    assert "velocious_sessions" in await generated.done("runner", tables)
    await generated.done("db:rollback")
    assert "velocious_sessions" not in await generated.done("runner", tables)
