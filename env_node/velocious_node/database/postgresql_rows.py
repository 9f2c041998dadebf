"""Many rows in one go.

Law: the fastest way that does exactly what a statement for each row would: COPY for plain INSERTs
into plain tables, a pipeline for other INSERTs, one statement after another where the server must
say how many rows each has changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from velocious.database.driver import Parameters
    from velocious_node.database.postgresql_raw import RawConnection
    from velocious_node.database.postgresql_statements import Statement

#: From how many rows on COPY pays for its own round trips.
COPIED_ROWS = 50

_NAME = r'"(?:[^"]|"")+"'
_PLAIN_INSERT = re.compile(
    rf"INSERT INTO ({_NAME}) \(({_NAME}(?:, {_NAME})*)\) VALUES \((\$\d+(?:, \$\d+)*)\)"
)
# COPY knows no rules, no views, and no policies of rows; it is one statement to triggers, and takes
# keys that an INSERT may not give.
_COPYABLE = """
    SELECT 1 FROM pg_class c WHERE oid = to_regclass($1)
    AND relkind IN ('r', 'p') AND NOT relrowsecurity AND NOT relhasrules
    AND NOT EXISTS (SELECT 1 FROM pg_trigger
      WHERE tgrelid = c.oid AND NOT tgisinternal AND tgtype & 1 = 0 AND tgtype & 4 = 4)
    AND NOT EXISTS (SELECT 1 FROM pg_attribute
      WHERE attrelid = c.oid AND attidentity = 'a' AND attname = ANY($2::text[]))
"""


async def write_rows(raw: RawConnection, statement: Statement, rows: list[Parameters]) -> int:
    """Run *statement* once for each of *rows*; how many rows were changed."""
    plain = _plain_insert(statement.sql)
    if plain is not None and len(rows) >= COPIED_ROWS:
        table, columns = plain
        quoted = table.replace('"', '""')
        if await raw.fetchval(_COPYABLE, f'"{quoted}"', columns):
            await raw.copy_records_to_table(table, records=rows, columns=columns)
            return len(rows)
    if statement.word == "INSERT" and "ON CONFLICT" not in statement.sql.upper():
        await statement.raw.executemany(rows)
        return len(rows)
    changed = 0
    for row in rows:
        await statement.raw.fetch(*row)
        changed += changed_rows(statement.raw.get_statusmsg())
    return changed


def changed_rows(status: str | None) -> int:
    """How many rows a statement changed, from the server's words: ``"INSERT 0 3"``; else -1."""
    last = (status or "").rpartition(" ")[2]
    return int(last) if last.isdigit() else -1


def _plain_insert(sql: str) -> tuple[str, list[str]] | None:
    """The table and the columns of an INSERT that only fills them in, in their order."""
    found = _PLAIN_INSERT.fullmatch(sql)
    if found is None:
        return None
    table, columns, places = found.groups()
    names = re.findall(_NAME, columns)
    if places != ", ".join(f"${place + 1}" for place in range(len(names))):
        return None
    return _unquoted(table), [_unquoted(name) for name in names]


def _unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"')
