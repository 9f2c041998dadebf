"""A database and the files beside it as one archive, for applications whose files are few.

Law: files are added, never replaced: their names are keys that nobody gives twice. The archive is
in memory as a whole, which is why it has a largest size.
"""

from __future__ import annotations

import zipfile
from posixpath import normpath
from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious.files import CHUNK_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from velocious.files import ByteFiles

#: What the database is called in it; the files are below FILES.
DATABASE = "database.sqlite3"
FILES = "files/"

#: Bytes of files that an archive may have.
LARGEST = 100 * 1024 * 1024


async def pack(archive: str, database: str, files: ByteFiles) -> int:
    """Write the file *database* and all *files* into a new *archive*; how many files it has.

    Raises:
        CommandError: they are too large.
    """
    count = size = 0
    with zipfile.ZipFile(archive, "x") as target:
        target.write(database, DATABASE, zipfile.ZIP_DEFLATED)
        async for found in files.walk("."):
            # An unfinished one is found under the name that it would have got.
            if not await files.exists(found.path):
                continue
            with target.open(FILES + found.path, "w", force_zip64=True) as member:
                async for chunk in files.read(found.path):
                    size += len(chunk)
                    if size > LARGEST:
                        raise _too_large()
                    member.write(chunk)
            count += 1
    return count


def is_archive(path: str) -> bool:
    """Whether the file at *path* is one of :func:`pack`."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as source:
        return DATABASE in source.namelist()


def database_of(archive: str, directory: str) -> str:
    """The database of *archive*, written into *directory*; its path.

    Raises:
        CommandError: the archive is damaged.
    """
    with zipfile.ZipFile(archive) as source:
        damaged = source.testzip()
        if damaged is not None:
            raise CommandError(
                f"The archive is damaged: {damaged} is not what was put into it. Nothing was "
                "changed. Take another copy."
            )
        return source.extract(DATABASE, directory)


async def unpack_files(archive: str, files: ByteFiles) -> int:
    """Write the files of *archive* that are not there yet; how many those were."""
    count = 0
    with zipfile.ZipFile(archive) as source:
        for member in source.namelist():
            path = _path_of(member)
            if path is not None and not await files.exists(path):
                await files.write(path, _chunks(source, member))
                count += 1
    return count


def _path_of(member: str) -> str | None:
    """Where the file *member* goes; None for what is none, or would lead elsewhere."""
    path = member.removeprefix(FILES)
    if not member.startswith(FILES) or not path or path.endswith("/"):
        return None
    return path if normpath(path) == path and not path.startswith(("/", "../")) else None


async def _chunks(source: zipfile.ZipFile, member: str) -> AsyncGenerator[bytes]:
    with source.open(member) as file:
        while chunk := file.read(CHUNK_SIZE):
            yield chunk


def _too_large() -> CommandError:
    return CommandError(
        f"The files beside the database have more than {LARGEST:,} bytes, too many for one "
        "archive in memory. Export the database alone, and save each file with rescue() of "
        "rescue.mjs."
    )
