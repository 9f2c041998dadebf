"""What ``db:vacuum`` does in every environment; how much room there is, the environment says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError, StorageFullError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from velocious.cli.command import Invocation
    from velocious.database.database import Database

#: Servers free the room of deleted rows themselves; what a person can still run there.
ELSEWHERE = {
    "postgresql": "PostgreSQL does this by itself (autovacuum). `VACUUM (FULL, ANALYZE)` in "
    "db:console gives room back to the disk, and locks each table meanwhile.",
    "mysql": "InnoDB uses the room of deleted rows again by itself. `OPTIMIZE TABLE …` in "
    "db:console gives it back to the disk.",
}


async def vacuum(
    invocation: Invocation, identifier: str, free_bytes: Callable[[str], Awaitable[int | None]]
) -> None:
    """Rewrite the database *identifier* without its unused pages, and say what that brought.

    Raises:
        CommandError: it is no SQLite file.
        StorageFullError: there is not enough room to do it.
    """
    configuration = invocation.configuration
    chosen = configuration.database(identifier)
    path = configuration.files.absolute(_file(chosen))
    before, used = await _bytes(chosen)
    await _check_room(chosen, 2 * used, await free_bytes(path))
    await chosen.execute("VACUUM", unbounded=True)
    # What VACUUM wrote lies in the write-ahead log until it is copied over.
    await chosen.execute("PRAGMA wal_checkpoint(TRUNCATE)", unbounded=True)
    after, _ = await _bytes(chosen)
    invocation.output.write(
        f"Vacuumed {chosen.identifier}: {before:,} bytes before, {after:,} bytes after."
    )


def _file(chosen: Database) -> str:
    settings = chosen.settings
    if settings.server is not None:
        words = ELSEWHERE.get(chosen.dialect.name, "Its server does this by itself.")
        raise CommandError(
            f"db:vacuum is for SQLite, and the database {chosen.identifier!r} is on a server. "
            f"{words}"
        )
    if settings.path == ":memory:":
        raise CommandError(
            f"The database {chosen.identifier!r} is in memory: there is no file to make smaller."
        )
    return settings.path


async def _bytes(chosen: Database) -> tuple[int, int]:
    """The bytes of the database, and those of its used pages."""
    pages, unused, size = [
        (await chosen.fetch(f"PRAGMA {name}"))[0][0]
        for name in ("page_count", "freelist_count", "page_size")
    ]
    return pages * size, (pages - unused) * size


async def _check_room(chosen: Database, needed: int, free: int | None) -> None:
    """VACUUM writes all used pages to a copy, and the copy to the write-ahead log."""
    if free is not None and free < needed:
        raise StorageFullError(
            f"db:vacuum needs {needed:,} bytes of room for a copy of the database "
            f"{chosen.identifier!r}, and {free:,} are free. Nothing was changed. Free some space "
            "and repeat it."
        )
