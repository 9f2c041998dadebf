"""Precompiles the standard library, our libraries and our own packages."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.builder import sources, splitting, wheels
from runtime.builder.paths import (
    COMPANIONS,
    COMPILED,
    DATA,
    FIRST_ROWS,
    PYODIDE,
    RUNTIME,
    STAND_INS,
    TESTING,
    VELOCIOUS_PACKAGES,
    WHEELS,
)
from runtime.builder.process import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.builder.requirements import Requirements

MOUNTED_AT = "/lib/velocious"
"""Where worker.mjs puts the archives: the file names in tracebacks."""

SPLIT = ("stdlib", "velocious")
"""Archives of which a start needs a part: that part keeps the name, the rest is ``<name>_rest``."""
REST = "_rest"


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of ``.pyc`` files and the way to collect its sources."""

    name: str
    output: Path
    lazy: bool
    docstrings: bool
    collect: Callable[[Path], None]

    @property
    def root(self) -> str:
        return "" if self.name == "stdlib" else f"{MOUNTED_AT}/{self.name}.zip/"


@dataclass(frozen=True, slots=True)
class Shipped:
    """An archive of the folder: what it offers to ``import``."""

    name: str
    path: Path
    lazy: bool
    modules: list[str]


def library_archives(requirements: Requirements) -> list[Archive]:
    """The standard library, the libraries and the test group."""
    libraries = [
        _archive_of_wheels(group.name, group.wheels, WHEELS, COMPILED, lazy=group.lazy)
        for group in requirements.archives
    ]
    stdlib = Archive(
        "stdlib",
        COMPILED / "stdlib.zip",
        lazy=False,
        docstrings=False,
        collect=lambda target: sources.collect_standard_library(
            PYODIDE / "python_stdlib.zip",
            target,
            added=sorted(COMPANIONS.glob("*.py")),
            stand_ins=STAND_INS,
        ),
    )
    testing = _archive_of_wheels("testing", requirements.testing, TESTING, TESTING, lazy=True)
    return [stdlib, *libraries, testing]


def velocious_archive() -> Archive:
    """Our own packages, without the server's environment."""
    return Archive(
        "velocious",
        COMPILED / "velocious.zip",
        lazy=False,
        docstrings=False,
        collect=lambda target: sources.collect_packages(VELOCIOUS_PACKAGES, target),
    )


def compile_archives(archives: list[Archive]) -> str:
    """Compile with Pyodide under Node; returns Pyodide's Python version."""
    with tempfile.TemporaryDirectory() as temporary:
        jobs: list[dict[str, object]] = []
        for archive in archives:
            source = Path(temporary) / f"{archive.name}.zip"
            archive.collect(source)
            archive.output.parent.mkdir(parents=True, exist_ok=True)
            jobs.append(_job(archive, source))
        printed = _run_pyodide("compile.mjs", json.dumps(jobs), Path(temporary))
        return str(json.loads(printed)["python_version"])


def ship(archives: list[Archive]) -> list[Shipped]:
    """Write the compiled archives into the folder, those of SPLIT as what a start needs and the
    rest.
    """
    folder = DATA / "archives"
    folder.mkdir(parents=True, exist_ok=True)
    for stale in folder.iterdir():
        stale.unlink()
    needed = _modules_of_first_rows()
    shipped: list[Shipped] = []
    for archive in archives:
        if archive.name in SPLIT:
            start, rest = folder / f"{archive.name}.zip", folder / f"{archive.name}{REST}.zip"
            splitting.split(archive.output, needed, start, rest)
            shipped.append(_shipped(archive.name, start, lazy=False))
            shipped.append(_shipped(archive.name + REST, rest, lazy=True))
        else:
            path = folder / archive.output.name
            shutil.copyfile(archive.output, path)
            shipped.append(_shipped(archive.name, path, lazy=archive.lazy))
    return shipped


def _shipped(name: str, path: Path, *, lazy: bool) -> Shipped:
    return Shipped(name, path, lazy, sources.top_level_modules(path))


def _modules_of_first_rows() -> frozenset[str]:
    """What an application imports up to the first rows of its first visit."""
    with tempfile.TemporaryDirectory() as temporary:
        job = json.dumps({"archives": str(COMPILED), "application": str(FIRST_ROWS)})
        found = json.loads(_run_pyodide("first_rows.mjs", job, Path(temporary)))
        return frozenset(found) | {path.stem for path in COMPANIONS.glob("*.py")}


def _archive_of_wheels(
    name: str, requirements: tuple[str, ...], found_in: Path, written_to: Path, *, lazy: bool
) -> Archive:
    def collect(target: Path) -> None:
        found = [wheels.find(requirement, found_in) for requirement in requirements]
        sources.collect_wheels([path for path in found if path is not None], target)

    return Archive(
        name,
        written_to / f"{name}.zip",
        lazy=lazy,
        docstrings=written_to == TESTING,
        collect=collect,
    )


def _job(archive: Archive, source: Path) -> dict[str, object]:
    return {
        "source": str(source),
        "output": str(archive.output),
        "root": archive.root,
        "docstrings": archive.docstrings,
    }


def _run_pyodide(script: str, job: str, directory: Path) -> str:
    """The last line that the script printed."""
    job_file = directory / "job.json"
    job_file.write_text(job, encoding="utf-8")
    printed = run(
        ["node", str(RUNTIME / "builder" / script), str(job_file)],
        directory=RUNTIME,
        remedy="a source file may not compile or run under Pyodide's Python, see below",
    )
    return printed.splitlines()[-1]
