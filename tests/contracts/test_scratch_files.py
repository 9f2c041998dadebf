"""The contract of bytes that nobody keeps: what every environment's scratch files do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious_browser.scratch_file import MemoryScratchFile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.files import ScratchFile
    from velocious.testing.environment import TestEnvironment


@pytest.fixture(params=["of the environment", "in memory"])
async def scratch(
    environment: TestEnvironment, request: pytest.FixtureRequest
) -> AsyncIterator[ScratchFile]:
    own = request.param == "of the environment"
    opened = await environment.handler().scratch_file() if own else MemoryScratchFile()
    yield opened
    await opened.close()


async def test_what_was_written_is_read_from_any_place(scratch: ScratchFile) -> None:
    await scratch.write(b"one")
    await scratch.write(b"two\x00\xff")
    assert await scratch.read(0, 8) == b"onetwo\x00\xff"
    assert await scratch.read(2, 3) == b"etw"


async def test_there_is_nothing_behind_the_end(scratch: ScratchFile) -> None:
    await scratch.write(b"one")
    assert await scratch.read(1, 100) == b"ne"
    assert await scratch.read(3, 10) == b""
    assert await scratch.read(50, 10) == b""


async def test_writing_goes_on_at_the_end_after_reading(scratch: ScratchFile) -> None:
    await scratch.write(b"one")
    assert await scratch.read(0, 1) == b"o"
    await scratch.write(b"two")
    assert await scratch.read(0, 6) == b"onetwo"


async def test_two_of_them_know_nothing_of_each_other(environment: TestEnvironment) -> None:
    first, second = [await environment.handler().scratch_file() for _ in range(2)]
    await first.write(b"first")
    await second.write(b"second")
    await second.close()
    assert await first.read(0, 10) == b"first"
    await first.close()


async def test_closing_twice_is_harmless(scratch: ScratchFile) -> None:
    await scratch.write(b"one")
    await scratch.close()
    await scratch.close()
