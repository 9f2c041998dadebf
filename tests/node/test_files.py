"""The disk as an application sees it; what every environment promises is in tests/contracts."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from velocious.errors import PlatformError
from velocious_node.files import NodeFiles, names_below

if TYPE_CHECKING:
    from pathlib import Path


def test_a_reader_never_sees_half_of_a_file(tmp_path: Path) -> None:
    files = NodeFiles(str(tmp_path))
    texts = {"a" * 300_000, "b" * 300_000}
    files.write_text("x.txt", "a" * 300_000)

    def write(text: str) -> None:
        for _ in range(5):
            files.write_text("x.txt", text)

    with ThreadPoolExecutor(2) as threads:
        writing = [threads.submit(write, text) for text in texts]
        while not all(one.done() for one in writing):
            assert files.read_text("x.txt") in texts
    assert files.list(".") == ["x.txt"]


def test_a_failed_write_keeps_the_old_text_and_leaves_nothing_behind(tmp_path: Path) -> None:
    files = NodeFiles(str(tmp_path))
    files.write_text("x.txt", "old")
    with pytest.raises(PlatformError, match="surrogates"):
        files.write_text("x.txt", "half \ud800 character")
    assert files.read_text("x.txt") == "old"
    assert files.list(".") == ["x.txt"]


def test_permissions_of_a_file_are_kept(tmp_path: Path) -> None:
    files = NodeFiles(str(tmp_path))
    files.write_text("run.sh", "1")
    os.chmod(tmp_path / "run.sh", 0o750)
    files.write_text("run.sh", "2")
    assert stat.S_IMODE(os.stat(tmp_path / "run.sh").st_mode) == 0o750


def test_a_folder_in_the_way_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(PlatformError, match="The path 'x' could not be written"):
        NodeFiles(str(tmp_path)).write_text("x", "text")
    assert os.listdir(tmp_path) == ["x"]


def test_a_file_that_is_not_text_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"ab\xff")
    with pytest.raises(PlatformError, match=r"not UTF-8 text \(byte 2\)"):
        NodeFiles(str(tmp_path)).read_text("x")


def test_a_library_uses_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    NodeFiles(None).write_text("x", "here")
    assert (tmp_path / "x").read_text() == "here"


def test_files_below_a_folder_are_named_in_order_and_caches_are_not(tmp_path: Path) -> None:
    for name in ("b/2.py", "a.py", "b/1.py", "b/__pycache__/1.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    assert list(names_below(str(tmp_path))) == ["a.py", "b/1.py", "b/2.py"]
