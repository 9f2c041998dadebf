"""The steps of the runtime's build that need neither npm nor a network."""

from __future__ import annotations

import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from runtime.builder import requirements, sources
from runtime.builder.failure import BuildError
from runtime.builder.process import run
from runtime.builder.pure_wheel import repack_as_pure
from runtime.builder.zip_file import write_zip

if TYPE_CHECKING:
    from pathlib import Path

MEMBERS = [("b.py", b"b = 1\n"), ("a/__init__.py", b""), ("a/code.py", b"a = 1\n")]


def record_of(members: list[tuple[str, bytes]]) -> tuple[str, bytes]:
    """The list of files with hashes that every wheel carries."""
    lines = [
        f"{name},sha256={urlsafe_b64encode(sha256(content).digest()).decode().rstrip('=')},"
        for name, content in members
    ]
    name = "demo-1.0.dist-info/RECORD"
    return name, "\n".join([*lines, f"{name},,"]).encode()


def test_a_zip_depends_on_nothing_but_its_content(tmp_path: Path) -> None:
    write_zip(tmp_path / "one.zip", MEMBERS, compress=True)
    write_zip(tmp_path / "two.zip", reversed(MEMBERS), compress=True)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_modules_of_an_archive_are_what_import_finds(tmp_path: Path) -> None:
    members = [*MEMBERS, ("a-1.0.dist-info/METADATA", b""), ("data.txt", b"")]
    write_zip(tmp_path / "archive.zip", members, compress=False)
    assert sources.top_level_modules(tmp_path / "archive.zip") == ["a", "b"]


def test_an_archive_leaves_out_what_a_browser_never_reads(tmp_path: Path) -> None:
    kept = [
        "demo/__init__.py",
        "demo-1.0.dist-info/METADATA",
        "demo-1.0.dist-info/entry_points.txt",
    ]
    dropped = [
        "demo/speed.so",
        "demo/py.typed",
        "demo/tests/test_it.py",
        "demo-1.0.dist-info/WHEEL",
    ]
    wheel = tmp_path / "demo-1.0-py3-none-any.whl"
    write_zip(wheel, [(name, b"") for name in kept + dropped], compress=False)
    sources.collect_wheels([wheel], tmp_path / "collected.zip")
    assert zipfile.ZipFile(tmp_path / "collected.zip").namelist() == sorted(kept)


def test_a_wheel_with_an_optional_extension_becomes_a_pure_one(tmp_path: Path) -> None:
    wheel = tmp_path / "demo-1.0-cp313-cp313-linux_x86_64.whl"
    tags = b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp313-cp313-linux_x86_64\n"
    members = [
        ("demo/__init__.py", b"answer = 42\n"),
        ("demo/speed.so", b"\x7fELF"),
        ("demo-1.0.dist-info/WHEEL", tags),
    ]
    write_zip(wheel, [*members, record_of(members)], compress=True)
    target = tmp_path / "pure"
    target.mkdir()
    pure = zipfile.ZipFile(repack_as_pure(wheel, target))
    assert [path.name for path in target.iterdir()] == ["demo-1.0-py3-none-any.whl"]
    assert wheel.is_file()
    assert "demo/speed.so" not in pure.namelist()
    assert b"Tag: py3-none-any" in pure.read("demo-1.0.dist-info/WHEEL")
    assert b"Root-Is-Purelib: true" in pure.read("demo-1.0.dist-info/WHEEL")
    assert b"demo/__init__.py,sha256=" in pure.read("demo-1.0.dist-info/RECORD")


def test_every_wheel_is_named_with_its_exact_version() -> None:
    wanted = requirements.read_requirements()
    named = [*wanted.shipped(), *wanted.testing]
    assert all(name.count("==") == 1 and "*" not in name for name in named)


def test_a_missing_program_is_an_error_that_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="'no-such-program' was not found - install it"):
        run(["no-such-program"], directory=tmp_path, remedy="install it")


def test_a_failing_program_is_an_error_with_the_end_of_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"ended with code 3 - try again\nthe reason"):
        run(["sh", "-c", "echo the reason; exit 3"], directory=tmp_path, remedy="try again")


def test_a_stand_in_takes_the_place_of_a_module_that_stays_beside_it(tmp_path: Path) -> None:
    write_zip(tmp_path / "library.zip", MEMBERS, compress=False)
    (tmp_path / "stand_ins/a").mkdir(parents=True)
    (tmp_path / "stand_ins/a/code.py").write_text("a = 2\n")
    target = tmp_path / "collected.zip"
    sources.collect_standard_library(
        tmp_path / "library.zip", target, stand_ins=tmp_path / "stand_ins"
    )
    with zipfile.ZipFile(target) as collected:
        assert collected.read("a/code.py") == b"a = 2\n"
        assert collected.read("a/code_whole.py") == b"a = 1\n"


def test_a_stand_in_for_nothing_is_an_error(tmp_path: Path) -> None:
    write_zip(tmp_path / "library.zip", MEMBERS, compress=False)
    (tmp_path / "stand_ins").mkdir()
    (tmp_path / "stand_ins/gone.py").touch()
    with pytest.raises(BuildError, match=r"stand_ins/gone\.py has nothing to stand in for"):
        sources.collect_standard_library(
            tmp_path / "library.zip", tmp_path / "out.zip", stand_ins=tmp_path / "stand_ins"
        )
