"""The contract of files of any size: what every environment's byte files do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from velocious.errors import PlatformError
from velocious.files import CHUNK_SIZE
from velocious_browser.byte_files import MemoryByteFiles

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from velocious.files import ByteFiles
    from velocious.testing.environment import TestEnvironment


@pytest.fixture(params=["of the environment", "in memory"])
async def files(
    environment: TestEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[ByteFiles]:
    async with environment.directory() as directory:
        own = request.param == "of the environment"
        kind: Any = _Below(environment.handler().byte_files(directory), directory)
        yield kind if own else MemoryByteFiles(directory)


class _Below:
    """The environment's files, with paths inside *directory* wherever it roots them."""

    def __init__(self, files: ByteFiles, directory: str) -> None:
        self._files = files
        self._directory = directory

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._files, name)

        def below(path: str, *rest: Any, **options: Any) -> Any:
            return method(f"{self._directory}/{path}", *rest, **options)

        return below


async def chunks(*pieces: bytes) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece


async def text_of(files: ByteFiles, path: str) -> bytes:
    return b"".join([chunk async for chunk in files.read(path)])


async def test_what_was_written_is_read_again(files: ByteFiles) -> None:
    await files.write("a/b/c", chunks(b"one", b"two\x00\xff"))
    assert await text_of(files, "a/b/c") == b"onetwo\x00\xff"
    assert await files.exists("a/b/c")
    assert not await files.exists("a/b/d")
    assert not await files.exists("a/x/d")


async def test_an_empty_file_is_a_file(files: ByteFiles) -> None:
    await files.write("empty", chunks())
    assert await files.exists("empty")
    assert await text_of(files, "empty") == b""


async def test_large_files_come_in_chunks(files: ByteFiles) -> None:
    whole = bytes(range(256)) * 4096
    await files.write("large", chunks(whole[:-5], whole[-5:]))
    read = [chunk async for chunk in files.read("large")]
    assert b"".join(read) == whole
    assert max(map(len, read)) <= CHUNK_SIZE


async def test_a_file_that_is_there_is_never_overwritten(files: ByteFiles) -> None:
    await files.write("a", chunks(b"first"))
    with pytest.raises(PlatformError):
        await files.write("a", chunks(b"second"))
    assert await text_of(files, "a") == b"first"


async def test_a_write_that_fails_leaves_nothing(files: ByteFiles) -> None:
    async def broken() -> AsyncGenerator[bytes]:
        yield b"some"
        raise ValueError("the line broke")

    with pytest.raises(ValueError, match="the line broke"):
        await files.write("a/b", broken())
    assert not await files.exists("a/b")
    assert [found async for found in files.walk("a")] == []
    await files.write("a/b", chunks(b"again"))
    assert await text_of(files, "a/b") == b"again"


async def test_removing_says_whether_there_was_something(files: ByteFiles) -> None:
    await files.write("a/b", chunks(b"x"))
    assert await files.remove("a/b")
    assert not await files.remove("a/b")
    assert not await files.remove("x/y")
    assert not await files.exists("a/b")


async def test_walking_finds_every_file_with_its_time(files: ByteFiles) -> None:
    for path in ("top/ab/one", "top/ab/two", "top/three"):
        await files.write(path, chunks(b"x"))
    found = [one async for one in files.walk("top")]
    assert sorted(one.path for one in found) == ["ab/one", "ab/two", "three"]
    assert all(abs(one.modified - datetime.now(UTC)) < timedelta(seconds=60) for one in found)
    assert [one async for one in files.walk("elsewhere")] == []


async def test_reading_what_is_not_there_is_explained(files: ByteFiles) -> None:
    with pytest.raises(PlatformError, match="nothing"):
        await text_of(files, "nothing")
