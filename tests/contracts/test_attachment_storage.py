"""The contract of storages: what every place that keeps attached files does."""

from __future__ import annotations

from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import AttachmentError, AttachmentNotFoundError
from velocious.files import CHUNK_SIZE
from velocious.migration import Migration
from velocious.record.attachments.database_storage import DatabaseStorage
from velocious.record.attachments.file_storage import FileStorage
from velocious.record.attachments.storage import Storage, new_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.testing.environment import TestEnvironment


class CreateTables(Migration):
    async def up(self) -> None:
        await self.create_attachments_tables()


@pytest.fixture(params=["files", "database"])
async def storage(
    environment: TestEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[Storage]:
    async with (
        environment.directory() as directory,
        environment.application(schema=[CreateTables]),
    ):
        if request.param == "files":
            files = environment.handler().byte_files(directory)
            yield FileStorage(files, f"{directory}/kept", base_url="https://files.test/x/")
        else:
            yield DatabaseStorage(base_url="https://files.test/x")


async def chunks(*pieces: bytes) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


async def bytes_of(storage: Storage, key: str) -> bytes:
    return b"".join([chunk async for chunk in storage.read(key)])


def test_it_is_a_storage(storage: Storage) -> None:
    assert isinstance(storage, Storage)


async def test_bytes_come_back_by_key(storage: Storage) -> None:
    one, other = new_key(), new_key()
    await storage.write(one, chunks(b"a" * CHUNK_SIZE, b"\x00\xff"))
    await storage.write(other, chunks(b"other"))
    assert await bytes_of(storage, one) == b"a" * CHUNK_SIZE + b"\x00\xff"
    assert await bytes_of(storage, other) == b"other"
    assert await storage.exists(one)


async def test_an_empty_file_is_there(storage: Storage) -> None:
    key = new_key()
    await storage.write(key, chunks())
    assert await storage.exists(key)
    assert await bytes_of(storage, key) == b""


async def test_a_key_is_never_written_twice(storage: Storage) -> None:
    key = new_key()
    await storage.write(key, chunks(b"first"))
    with pytest.raises(AttachmentError, match=f"The key '{key}' is taken"):
        await storage.write(key, chunks(b"second"))
    assert await bytes_of(storage, key) == b"first"


async def test_a_broken_write_leaves_nothing(storage: Storage) -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield b"some"
        raise ValueError("the line broke")

    key = new_key()
    with pytest.raises(ValueError, match="the line broke"):
        await storage.write(key, broken())
    assert not await storage.exists(key)
    assert [found async for found in storage.keys()] == []


async def test_deleting_says_whether_there_was_something(storage: Storage) -> None:
    key = new_key()
    await storage.write(key, chunks(b"x"))
    assert await storage.delete(key)
    assert not await storage.delete(key)
    assert not await storage.exists(key)
    with pytest.raises(AttachmentNotFoundError, match=key):
        await bytes_of(storage, key)


async def test_every_key_is_listed_with_its_time(storage: Storage) -> None:
    keys = {new_key() for _ in range(5)}
    for key in keys:
        await storage.write(key, chunks(b"x" * CHUNK_SIZE, b"y"))
    found = [one async for one in storage.keys()]
    assert {one.key for one in found} == keys
    assert len(found) == len(keys)
    assert all(abs(one.stored_at - datetime.now(UTC)) < timedelta(minutes=1) for one in found)


async def test_reading_may_stop_in_the_middle(storage: Storage) -> None:
    key = new_key()
    await storage.write(key, chunks(b"x" * CHUNK_SIZE, b"y"))
    async with aclosing(storage.read(key)) as stream:
        assert await anext(stream) == b"x" * CHUNK_SIZE
    assert await storage.delete(key)


async def test_an_address_starts_with_the_base_url(storage: Storage) -> None:
    key = new_key()
    url = await storage.url(key, filename="a.txt", content_type="text/plain")
    assert url is not None
    assert url.startswith("https://files.test/x/")
    assert url.endswith(key)


@pytest.mark.parametrize("key", ["../../etc/passwd", "", "ab", "A" * 32, "a" * 31 + "/"])
async def test_what_is_no_key_leads_nowhere(storage: Any, key: str) -> None:
    for use in (storage.exists, storage.delete, partial(bytes_of, storage)):
        with pytest.raises(AttachmentError, match="no key of a stored file"):
            await use(key)
