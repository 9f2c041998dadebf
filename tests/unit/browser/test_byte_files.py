"""Files of any size in a browser; the contract runs in the real one (tests/contracts)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.browser import _opfs
from velocious.errors import NotAvailableHereError, PlatformError, StorageFullError
from velocious.files import CHUNK_SIZE
from velocious_browser.byte_files import MemoryByteFiles, OpfsByteFiles, byte_files

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path


class Host:
    """A page whose storage is in *state*."""

    def __init__(self, state: str) -> None:
        self._state = state

    def storage(self) -> dict[str, Any]:
        return {"state": self._state}


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> _opfs.Folder:
    return _opfs.install(monkeypatch)


async def pieces(*given: bytes) -> AsyncGenerator[bytes]:
    for one in given:
        yield one


@pytest.mark.parametrize(
    ("state", "kind"),
    [("durable", OpfsByteFiles), ("best-effort", OpfsByteFiles), ("volatile", MemoryByteFiles)],
)
def test_files_are_as_durable_as_the_databases(state: str, kind: type) -> None:
    host: Any = Host(state)
    assert type(byte_files(host, "/opfs/notes")) is kind


async def test_files_lie_beside_the_pools_of_the_databases(root: _opfs.Folder) -> None:
    files = OpfsByteFiles("/opfs/notes")
    await files.write("storage/ab/key", pieces(b"one", b"two"))
    assert list(root.entries) == ["velocious-files"]
    assert [one.path async for one in files.walk("storage")] == ["ab/key"]
    assert [chunk async for chunk in files.read("storage/ab/key")] == [b"onetwo"]
    with pytest.raises(PlatformError, match="already"):
        await files.write("storage/ab/key", pieces(b"other"))


async def test_large_files_are_read_in_chunks(root: _opfs.Folder) -> None:
    files = OpfsByteFiles("/opfs/notes")
    await files.write("large", pieces(b"x" * (CHUNK_SIZE + 5)))
    assert [len(chunk) async for chunk in files.read("large")] == [CHUNK_SIZE, 5]
    assert await files.remove("large")
    assert not await files.remove("large")
    assert not await files.remove("absent/large")
    with pytest.raises(PlatformError, match="no file 'large'"):
        await anext(files.read("large"))


async def test_a_full_storage_leaves_nothing_behind(root: _opfs.Folder) -> None:
    files = OpfsByteFiles("/opfs/notes")
    root.quota.append(5)
    with pytest.raises(StorageFullError, match="no room"):
        await files.write("a/large", pieces(b"123", b"456"))
    assert [one async for one in files.walk("a")] == []
    assert not await files.exists("a/large")


async def test_an_unfinished_file_is_found_and_removed(root: _opfs.Folder) -> None:
    files = OpfsByteFiles("/opfs/notes")
    await files.write("a/finished", pieces(b"x"))
    await files.write("a/crashed.writing", pieces(b"x"))
    assert {one.path async for one in files.walk("a")} == {"finished", "crashed"}
    assert await files.remove("a/crashed")
    assert {one.path async for one in files.walk("a")} == {"finished"}


async def test_a_refusal_of_the_browser_is_explained(root: _opfs.Folder) -> None:
    files = OpfsByteFiles("/opfs/notes")

    async def meddling() -> AsyncGenerator[bytes]:
        yield b"x"
        root.quota.append(0)
        yield b"y"

    root.quota.clear()
    with pytest.raises(StorageFullError):
        await files.write("a", meddling())
    folder = await (await root.getDirectoryHandle("velocious-files")).getDirectoryHandle("opfs")
    file = await (await folder.getDirectoryHandle("notes")).getFileHandle("b.writing", create=True)
    file.open = True
    with pytest.raises(PlatformError, match="only one tab"):
        await files.write("b", pieces(b"x"))


def test_paths_are_not_attached_in_a_browser(tmp_path: Path) -> None:
    with pytest.raises(NotAvailableHereError, match="Attach the content"):
        MemoryByteFiles(str(tmp_path)).real("/etc/passwd")
