"""Structure files: a schema as SQL, with the versions of the migrations that made it.

Law: the same schema gives the same text, everywhere; loading it gives the same schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.command_words import as_typed
from velocious.errors import MigrationError
from velocious.migration.ledger import Ledger, insert_statement

if TYPE_CHECKING:
    from velocious.database.database import Database
    from velocious.files import Files

_HEAD = """\
-- The structure of the database "{identifier}", written by `velocious db:migrate`.
-- Do not edit it: write a migration. `velocious db:schema:load` makes a database from it.
"""


def structure_path(identifier: str) -> str:
    """Where the structure of a database is kept."""
    return f"db/structure-{identifier}.sql"


async def structure_sql(database: Database) -> str:
    """The schema of *database* and the versions of its migrations, as SQL."""
    statements = await (await database.introspect()).structure()
    applied = await Ledger(database).applied()
    statements += [insert_statement(one) for one in applied.values()]
    # On a line of its own, because a statement may end with a comment.
    parts = [_HEAD.format(identifier=database.identifier)]
    parts += [f"{statement.strip()}\n;\n" for statement in statements]
    return "\n".join(parts)


async def dump_structure(database: Database, files: Files) -> str:
    """Write the structure of *database* to its file; returns the file's path."""
    path = structure_path(database.identifier)
    files.write_text(path, await structure_sql(database))
    return path


async def load_structure(database: Database, files: Files) -> str:
    """Make the tables of *database* from its structure file, all or nothing; returns the path.

    Raises:
        MigrationError: there is no file, or the database has tables already.
    """
    path = structure_path(database.identifier)
    if not files.exists(path):
        raise MigrationError(
            f"There is no structure file {path!r} to load. "
            f"{as_typed('db:migrate')} and {as_typed('db:schema:dump')} write it."
        )
    await load_structure_sql(database, files.read_text(path), path)
    return path


async def load_structure_sql(database: Database, sql: str, origin: str = "the structure") -> None:
    """Make the tables of *database* from the text of a structure file, all or nothing."""
    async with database.transaction():
        names = await database.table_names()
        if names:
            raise MigrationError(
                f"The database {database.identifier!r} has {len(names)} tables already "
                f"({', '.join(names[:5])}), so {origin} cannot be loaded into it. "
                f"Start from an empty one: {as_typed('db:drop db:create db:schema:load')}."
            )
        try:
            await database.execute_script(sql)
        finally:
            database.forget_schema()
