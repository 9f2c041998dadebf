"""Builds the runtime folder: ``python -m runtime.build [--only velocious] [--wheel DIR]``."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path
from typing import Any

from velocious_runtime.source_digest import source_digest

from runtime.builder import (
    archives,
    compression,
    copies,
    data_wheel,
    lock,
    manifest,
    npm,
    requirements,
    stamp,
    wheels,
)
from runtime.builder.failure import BuildError
from runtime.builder.paths import DATA, TESTING, VELOCIOUS_PACKAGES, WHEELS
from runtime.builder.progress import describe, megabytes, say, step

STEPS = 6


def build_everything() -> None:
    """Build the folder from nothing but npm, pip and our own sources."""
    stamp.forget()
    digest = source_digest(VELOCIOUS_PACKAGES)
    wanted = requirements.read_requirements()
    with step(1, STEPS, "npm packages"):
        say(f"      {npm.install()}")
    with step(2, STEPS, "wheels"):
        say(f"      {wheels.download(wanted.shipped(), WHEELS)}")
        say(f"      for the browser tests: {wheels.download(wanted.testing, TESTING)}")
    _empty_folder()
    with step(3, STEPS, "files served as they are"):
        _copy_files(wanted)
    with step(4, STEPS, "archives precompiled by Pyodide"):
        entries, python_version = _compile_all(wanted)
    with step(5, STEPS, "compressed siblings"):
        say(f"      {compression.write_siblings(DATA)} files")
    with step(6, STEPS, "manifest"):
        _finish(entries, python_version, digest)
    stamp.remember()


def rebuild_velocious(python_version: str) -> None:
    """Compile our own packages again, and look again at what a start needs."""
    digest = source_digest(VELOCIOUS_PACKAGES)
    with step(1, 1, "velocious precompiled by Pyodide"):
        archives.compile_archives([archives.velocious_archive()])
        entries = _ship(requirements.read_requirements())
        compression.write_siblings(DATA)
        _finish(entries, python_version, digest)


def build(*, only_velocious: bool) -> None:
    """Do what is needed; a second run with the same inputs does nothing."""
    current = manifest.read_manifest() if stamp.is_current() else None
    if current is None:
        if only_velocious:
            say("      the runtime folder is missing or outdated: building all of it")
        build_everything()
    elif current["velocious"]["digest"] != source_digest(VELOCIOUS_PACKAGES):
        rebuild_velocious(current["python_version"])
    else:
        size = megabytes(sum(entry["size"] for entry in current["files"].values()))
        say(f"runtime {current['digest']}: {len(current['files'])} files, {size}, reused")


def _empty_folder() -> None:
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)


def _copy_files(wanted: requirements.Requirements) -> None:
    copies.copy_pyodide()
    copies.copy_pyscript()
    found = [wheels.find(name, WHEELS) for name in wanted.shipped()]
    copied = copies.copy_wheels(path for path in found if path is not None)
    locked = lock.write_lock(copied, DATA / "wheels" / "pyodide-lock.json")
    say(f"      Pyodide, PyScript, {locked} locked wheels")


def _compile_all(wanted: requirements.Requirements) -> tuple[list[dict[str, Any]], str]:
    wanted_archives = [*archives.library_archives(wanted), archives.velocious_archive()]
    python_version = archives.compile_archives(wanted_archives)
    return _ship(wanted), python_version


def _ship(wanted: requirements.Requirements) -> list[dict[str, Any]]:
    libraries = [one for one in archives.library_archives(wanted) if one.name != "testing"]
    shipped = archives.ship([*libraries, archives.velocious_archive()])
    say("      " + ", ".join(describe(item.path) for item in shipped))
    # The first archive is named where Pyodide is: it starts with it.
    return [manifest.archive_entry(item) for item in shipped if item.name != "stdlib"]


def _finish(entries: list[dict[str, Any]], python_version: str, digest: str) -> None:
    written = manifest.write_manifest(entries, python_version, digest)
    size = megabytes(sum(entry["size"] for entry in written["files"].values()))
    say(f"runtime {written['digest']}: {len(written['files'])} files, {size}, in {DATA}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m runtime.build", description=__doc__)
    parser.add_argument("--only", choices=["velocious"], help="compile only our own packages")
    parser.add_argument("--wheel", metavar="DIR", type=Path, help="pack velocious-runtime into DIR")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    try:
        build(only_velocious=arguments.only == "velocious")
        if arguments.wheel is not None:
            say(f"packed {describe(data_wheel.pack(arguments.wheel.resolve()))}")
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
