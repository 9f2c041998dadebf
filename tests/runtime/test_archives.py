"""What becomes of sources on their way into an archive, and how Python reads them there."""

from __future__ import annotations

import marshal
import sys
import zipfile
from importlib import import_module
from importlib.resources import files
from importlib.util import module_from_spec
from typing import TYPE_CHECKING, Any

import pytest

from runtime.builder import compression, splitting
from runtime.builder.compile_in_pyodide import compile_source
from runtime.builder.zip_file import write_zip
from runtime.companions.velocious_archives import LazyArchives, StoredModules

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = {
    "shop/__init__.py": '"""A shop."""\n',
    "shop/till.py": '"""A till."""\nfrom shop import shelf\nopened = shelf.SIZE\n',
    "shop/shelf.py": "SIZE = 3\n",
    "shop/labels.txt": "apples",
    "shop/back/__init__.py": "",
    "shop/back/list.txt": "pears",
}


def write_archive(path: Path, sources: dict[str, str]) -> Path:
    """A zip as the build writes it: compiled, and stored."""
    members = [
        (f"{name}c", compile_source(text.encode(), f"{path}/{name}", docstrings=True))
        if name.endswith(".py")
        else (name, text.encode())
        for name, text in sources.items()
    ]
    write_zip(path, members, compress=False)
    return path


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return write_archive(tmp_path / "shop.zip", SOURCES)


@pytest.fixture
def stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredModules:
    """The finder at work, with its own archives as the place of the standard library."""
    finder = StoredModules(str(tmp_path / "shop.zip"))
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        monkeypatch.delitem(sys.modules, name)
    return finder


def names_in(path: Path) -> set[str]:
    return set(zipfile.ZipFile(path).namelist())


def documentation(source: str, *, docstrings: bool) -> dict[str, Any]:
    compiled = compile_source(source.encode(), "example.py", docstrings=docstrings)
    found: dict[str, Any] = {}
    exec(marshal.loads(compiled[16:]), found)
    return found


def test_a_start_gets_the_modules_it_needs_and_the_rest_is_apart(
    archive: Path, tmp_path: Path
) -> None:
    start, rest = tmp_path / "start.zip", tmp_path / "rest.zip"
    splitting.split(archive, {"shop", "shop.till"}, start, rest)
    assert names_in(start) == {"shop/__init__.pyc", "shop/till.pyc", "shop/labels.txt"}
    assert names_in(rest) == {"shop/shelf.pyc", "shop/back/__init__.pyc", "shop/back/list.txt"}


def test_documentation_is_left_out_and_the_program_is_the_same() -> None:
    source = (
        '"""Doc."""\nfrom __future__ import annotations\ndef f():\n "Doc."\ndef g():\n assert 0'
    )
    lean = documentation(source, docstrings=False)
    assert (lean.get("__doc__"), lean["f"].__doc__, lean["f"]()) == (None, None, None)
    with pytest.raises(AssertionError):
        lean["g"]()
    assert documentation(source, docstrings=True)["f"].__doc__ == "Doc."


def test_modules_are_imported_from_a_stored_archive(archive: Path, stored: StoredModules) -> None:
    stored.add(str(archive), first=True)
    till = import_module("shop.till")
    assert till.opened == 3
    assert till.__file__ == f"{archive}/shop/till.pyc"
    assert sys.modules["shop"].__path__ == [f"{archive}/shop"]
    assert sys.modules["shop"].__doc__ == "A shop."


def test_files_beside_modules_are_read_as_resources(archive: Path, stored: StoredModules) -> None:
    stored.add(str(archive), first=True)
    assert files("shop").joinpath("labels.txt").read_text() == "apples"
    assert files("shop.back").joinpath("list.txt").read_text() == "pears"


def test_a_package_can_lie_in_two_archives(stored: StoredModules, tmp_path: Path) -> None:
    whole = write_archive(tmp_path / "whole.zip", SOURCES)
    start, rest = tmp_path / "shop.zip", tmp_path / "shop_rest.zip"
    splitting.split(whole, {"shop", "shop.till"}, start, rest)
    stored.add(str(start), first=True)
    stored.add(str(rest), first=True)
    till = import_module("shop.till")
    assert till.opened == 3
    assert sys.modules["shop.shelf"].__file__ == f"{rest}/shop/shelf.pyc"


def test_what_comes_from_elsewhere_is_left_to_the_path(
    archive: Path, stored: StoredModules
) -> None:
    stored.add(str(archive), first=False)
    assert stored.find_spec("shop", None) is None
    assert stored.find_spec("shop.shelf", ["/somewhere/else/shop"]) is None
    assert stored.find_spec("shop.shelf", [f"{archive}/shop"]) is not None


def test_an_archive_is_fetched_once_and_only_for_a_module_that_nobody_has(
    archive: Path, stored: StoredModules, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []

    def load(name: str) -> None:
        fetched.append(name)
        stored.add(str(archive), first=True)

    lazy = LazyArchives(load)
    lazy.wait_for("shop_rest", ["shop"])
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, lazy])
    assert lazy.find_spec("elsewhere", None) is None
    assert fetched == []
    spec = lazy.find_spec("shop.shelf", None)
    assert spec is not None
    assert fetched == ["shop_rest"]
    assert lazy.find_spec("shop.missing", None) is None
    assert fetched == ["shop_rest"]
    module = module_from_spec(spec)
    assert spec.loader is not None
    spec.loader.exec_module(module)
    assert module.SIZE == 3


def test_what_was_squeezed_before_is_taken_from_the_cache(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = tmp_path / "folder", tmp_path / "cache"
    folder.mkdir()
    (folder / "page.js").write_bytes(b"let number = 1;\n" * 500)
    monkeypatch.setattr(compression, "SQUEEZED", cache)
    assert compression.write_siblings(folder) == 1
    squeezed = (folder / "page.js.br").read_bytes()
    for kept in cache.iterdir():
        kept.write_bytes(b"from the cache")
    (folder / "page.js.br").unlink()
    compression.write_siblings(folder)
    assert len(squeezed) < 500
    assert (folder / "page.js.br").read_bytes() == b"from the cache"
