"""The built folder: what it promises to servers and browsers."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from velocious_runtime import RuntimeFolderMissing, data_directory, folder, manifest

if TYPE_CHECKING:
    from pathlib import Path


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_names_every_file_with_its_hash() -> None:
    directory = data_directory()
    found = {path.relative_to(directory).as_posix() for path in directory.rglob("*.*")}
    named: dict[str, dict[str, Any]] = manifest()["files"]
    files = {name for name in found if (directory / name).is_file()} - {"runtime.json"}
    assert files <= set(named)
    assert all(digest(directory / name) == entry["sha256"] for name, entry in named.items())


def test_the_lock_file_holds_the_wheels_that_are_served_and_their_hashes() -> None:
    wheels = data_directory() / "wheels"
    packages = json.loads((wheels / "pyodide-lock.json").read_text())["packages"]
    assert {"micropip", "click", "sqlite-utils", "tzdata"} <= set(packages)
    for package in packages.values():
        assert digest(wheels / package["file_name"]) == package["sha256"]
        assert set(package["depends"]) <= set(packages)


def test_only_what_the_first_select_needs_is_eager() -> None:
    eager = {archive["name"] for archive in manifest()["archives"] if not archive["lazy"]}
    assert eager == {"libraries", "velocious"}


def test_what_a_start_does_not_need_of_python_and_of_ours_is_fetched_later() -> None:
    lazy = {archive["name"]: archive for archive in manifest()["archives"] if archive["lazy"]}
    assert set(lazy) == {"stdlib_rest", "velocious_rest", "click", "sqlite_utils", "web"}
    assert {"csv", "encodings", "unittest"} <= set(lazy["stdlib_rest"]["modules"])
    assert set(lazy["velocious_rest"]["modules"]) == {"velocious", "velocious_browser"}


def test_a_first_visit_weighs_less_than_eight_megabytes() -> None:
    directory, described = data_directory(), manifest()
    needed = [file["path"] for file in described["boot"]["files"].values()]
    paths = {*needed, *(archive["path"] for archive in described["archives"])}
    sent = [directory / f"{path}.br" for path in paths]
    assert sum(path.stat().st_size for path in sent) < 8_000_000


def test_nothing_of_the_server_is_in_the_archive_of_our_own_packages() -> None:
    archive = next(entry for entry in manifest()["archives"] if entry["name"] == "velocious")
    assert archive["modules"] == ["velocious", "velocious_browser"]


def test_a_folder_that_was_never_built_says_how_to_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "__file__", str(tmp_path / "folder.py"))
    with pytest.raises(RuntimeFolderMissing, match="run 'make runtime'"):
        data_directory()
