"""Precompiles the standard library, our libraries and our own packages."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.builder import sources, wheels
from runtime.builder.paths import DATA, PYODIDE, RUNTIME, TESTING, VELOCIOUS_PACKAGES, WHEELS
from runtime.builder.process import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.builder.requirements import Requirements

MOUNTED_AT = "/lib/velocious"
"""Where worker.mjs puts the archives: the file names in tracebacks."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip of ``.pyc`` files and the way to collect its sources."""

    name: str
    output: Path
    lazy: bool
    collect: Callable[[Path], None]

    @property
    def root(self) -> str:
        return f"{MOUNTED_AT}/{self.name}.zip/"


@dataclass(frozen=True, slots=True)
class Compiled:
    """An archive that was written: what it offers to ``import``."""

    archive: Archive
    modules: list[str]


def library_archives(requirements: Requirements) -> list[Archive]:
    """The standard library, the libraries and the test group."""
    libraries = [
        _archive_of_wheels(group.name, group.wheels, WHEELS, DATA / "archives", lazy=group.lazy)
        for group in requirements.archives
    ]
    stdlib = Archive(
        "stdlib",
        DATA / "archives" / "stdlib.zip",
        False,
        lambda target: sources.collect_standard_library(PYODIDE / "python_stdlib.zip", target),
    )
    testing = _archive_of_wheels("testing", requirements.testing, TESTING, TESTING, lazy=True)
    return [stdlib, *libraries, testing]


def velocious_archive() -> Archive:
    """Our own packages, without the server's environment."""
    return Archive(
        "velocious",
        DATA / "archives" / "velocious.zip",
        False,
        lambda target: sources.collect_packages(VELOCIOUS_PACKAGES, target),
    )


def compile_archives(archives: list[Archive]) -> tuple[list[Compiled], str]:
    """Compile with Pyodide under Node; returns what was written and Pyodide's Python version."""
    with tempfile.TemporaryDirectory() as temporary:
        compiled: list[Compiled] = []
        jobs: list[dict[str, object]] = []
        for archive in archives:
            source = Path(temporary) / f"{archive.name}.zip"
            archive.collect(source)
            archive.output.parent.mkdir(parents=True, exist_ok=True)
            compiled.append(Compiled(archive, sources.top_level_modules(source)))
            jobs.append(_job(archive, source))
        return compiled, _run_pyodide(jobs, Path(temporary))


def _archive_of_wheels(
    name: str, requirements: tuple[str, ...], found_in: Path, written_to: Path, *, lazy: bool
) -> Archive:
    def collect(target: Path) -> None:
        found = [wheels.find(requirement, found_in) for requirement in requirements]
        sources.collect_wheels([path for path in found if path is not None], target)

    return Archive(name, written_to / f"{name}.zip", lazy, collect)


def _job(archive: Archive, source: Path) -> dict[str, object]:
    return {
        "source": str(source),
        "output": str(archive.output),
        "root": "" if archive.name == "stdlib" else archive.root,
        "compress": True,
    }


def _run_pyodide(jobs: list[dict[str, object]], directory: Path) -> str:
    job_file = directory / "jobs.json"
    job_file.write_text(json.dumps(jobs), encoding="utf-8")
    printed = run(
        ["node", str(RUNTIME / "builder" / "compile.mjs"), str(job_file)],
        directory=RUNTIME,
        remedy="a source file may not compile under Pyodide's Python, see below",
    )
    return str(json.loads(printed.splitlines()[-1])["python_version"])
