"""Attachments on a server: paths on its disk, memory, crashes, commands."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.heartbeat import Heartbeat
from tests.suites.attachments import CreateTables, User, keeping, rows, stored_keys
from velocious.errors import AttachmentInputError, PlatformError
from velocious.record import Record, has_one_attachment
from velocious_node.byte_files import NodeByteFiles

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from velocious.testing.environment import TestEnvironment

MEGABYTE = 1024 * 1024


async def megabytes(count: int) -> AsyncGenerator[bytes]:
    for number in range(count):
        yield bytes([number % 256]) * MEGABYTE


@pytest.mark.parametrize("driver", ["files", "database"])
async def test_a_large_file_is_never_in_memory_as_a_whole(
    environment: TestEnvironment, driver: str
) -> None:
    async with keeping(environment, driver):
        user = await User.create(name="Ada")
        tracemalloc.start()
        try:
            (row,) = await user.documents.attach(megabytes(64))
            size = 0
            async for chunk in user.documents.stream(row):
                size += len(chunk)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (row.byte_size, size) == (64 * MEGABYTE, 64 * MEGABYTE)
        assert peak < 8 * MEGABYTE


async def test_the_event_loop_goes_on_while_a_large_file_is_stored(
    environment: TestEnvironment,
) -> None:
    async with keeping(environment):
        user = await User.create(name="Ada")
        async with Heartbeat() as heartbeat:
            await user.documents.attach(megabytes(32))
        assert heartbeat.steady, heartbeat


def model_with(prefixes: list[str]) -> Any:
    class User(Record):
        avatar = has_one_attachment(allow_path_input=True, allowed_path_prefixes=prefixes)

    return User


async def test_a_path_inside_an_allowed_directory_is_attached(
    environment: TestEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "me.png").write_bytes(b"png" * 200_000)
    (tmp_path / "alias").symlink_to(tmp_path / "in")
    model = model_with([str(tmp_path / "alias")])
    async with keeping(environment, models=[model], schema=[CreateTables]):
        for path in (tmp_path / "in" / "deep" / "me.png", tmp_path / "alias" / "deep" / "me.png"):
            user = await model.create(name="Ada", avatar={"path": str(path)})
            assert (user.avatar.filename, user.avatar.byte_size) == ("me.png", 600_000)
            assert await user.avatar.download() == b"png" * 200_000


async def test_a_path_that_leads_outside_is_refused(
    environment: TestEnvironment, tmp_path: Path
) -> None:
    inside, secret = tmp_path / "in", tmp_path / "secret.txt"
    inside.mkdir()
    (tmp_path / "inner").mkdir()
    secret.write_text("secret")
    (tmp_path / "inner" / "x").write_text("a sibling whose name begins the same")
    (inside / "link").symlink_to(secret)
    (inside / "folder").symlink_to(tmp_path)
    os.mkfifo(inside / "pipe")
    model = model_with([str(inside)])
    async with keeping(environment, models=[model], schema=[CreateTables]):
        wrong = ("../secret.txt", "link", "folder/secret.txt", "../inner/x", "pipe", ".", "gone")
        for path in wrong:
            with pytest.raises(AttachmentInputError, match="no file inside the allowed"):
                model(name="Ada", avatar={"path": str(inside / path)})
        for path in ("/dev/zero", "/etc/passwd", "a\0b", 5, ""):
            with pytest.raises(AttachmentInputError):
                model(name="Ada", avatar={"path": path})


async def test_no_allowed_directory_allows_nothing(
    environment: TestEnvironment, tmp_path: Path
) -> None:
    (tmp_path / "me.png").write_bytes(b"x")
    model = model_with([])
    async with keeping(environment, models=[model], schema=[CreateTables]):
        with pytest.raises(AttachmentInputError, match=r"allowed directories \(none\)"):
            model(name="Ada", avatar={"path": str(tmp_path / "me.png")})


async def test_a_link_put_in_place_between_check_and_read_is_refused(
    environment: TestEnvironment, tmp_path: Path
) -> None:
    inside, secret = tmp_path / "in", tmp_path / "secret.txt"
    (inside / "deep").mkdir(parents=True)
    secret.write_text("secret")
    for path in (inside / "me.txt", inside / "deep" / "secret.txt"):
        path.write_text("public")
    model = model_with([str(inside)])
    async with keeping(environment, models=[model], schema=[CreateTables]) as kept:
        one = model(name="Ada", avatar={"path": str(inside / "me.txt")})
        other = model(name="Bob", avatar={"path": str(inside / "deep" / "secret.txt")})
        (inside / "me.txt").unlink()
        (inside / "me.txt").symlink_to(secret)
        (inside / "deep" / "secret.txt").unlink()
        (inside / "deep").rmdir()
        (inside / "deep").symlink_to(tmp_path)
        for record in (one, other):
            with pytest.raises(PlatformError, match="could not be read"):
                await record.save()
        assert (await rows(kept), await stored_keys(kept)) == ([], [])


CRASH = """
import asyncio, os, signal, sys
from tests.suites.attachments import User
from velocious import Configuration
from velocious_node import NodeEnvironmentHandler

async def pieces():
    for number in range(100):
        yield b"x" * 300_000
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)

async def main():
    directory = sys.argv[1]
    async with Configuration(
        environment_handler=NodeEnvironmentHandler(), directory=directory, models=[User],
        databases={"default": f"sqlite:///{directory}/test.sqlite3"},
        attachments={"main": {"driver": sys.argv[2], **(
            {"directory": f"{directory}/kept"} if sys.argv[2] == "files" else {})}},
    ):
        user = await User.first()
        await user.update(name="changed", documents=[pieces()])

asyncio.run(main())
"""


@pytest.mark.parametrize("driver", ["files", "database"])
async def test_a_killed_process_leaves_at_most_what_a_sweep_removes(
    environment: TestEnvironment, tmp_path: Path, driver: str
) -> None:
    place = {"directory": f"{tmp_path}/kept"} if driver == "files" else {}
    settings: dict[str, Any] = {
        "databases": {"default": f"sqlite:///{tmp_path}/test.sqlite3"},
        "attachments": {"main": {"driver": driver, **place}},
    }
    async with keeping(environment, driver, **settings):
        await User.create(name="Ada", avatar="a")
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", CRASH, str(tmp_path), driver],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    async with keeping(environment, driver, **{**settings, "schema": None}) as kept:
        user = await User.first()
        assert user is not None
        assert (user.name, await user.avatar.download()) == ("Ada", b"a")
        assert await rows(kept) == [("avatar", "attachment.txt")]
        assert len(await stored_keys(kept)) == 2
        assert len(await kept.attachments.sweep(older_than=timedelta(0))) == 1
        assert len(await stored_keys(kept)) == 1
        assert await user.avatar.download() == b"a"
        assert list(tmp_path.rglob("*.writing")) == []


async def test_a_directory_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    files = NodeByteFiles(str(tmp_path))
    with pytest.raises(PlatformError, match="'file/a' could not be written"):
        await files.write("file/a", megabytes(1))
    assert not await files.exists("file/a")
    assert not await files.remove("file/a")
