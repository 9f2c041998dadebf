"""Writes ``runtime.json``: what is in the folder, for servers and for ``boot.json``."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from runtime.builder.npm import wanted_versions
from runtime.builder.paths import DATA, REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from runtime.builder.archives import Shipped

FORMAT = 2
MANIFEST = DATA / "runtime.json"
CHANGES_OFTEN = "archives/velocious"
"""How the names of files begin that are not part of the folder's digest: a change of our sources
must not make browsers fetch Pyodide again. Their addresses carry their own hash."""

BOOT_FILES = {
    "loader": "pyodide/pyodide.mjs",
    "module": "pyodide/pyodide.asm.mjs",
    "wasm": "pyodide/pyodide.asm.wasm",
    "stdlib": "archives/stdlib.zip",
    "lock": "wheels/pyodide-lock.json",
}
"""The files that a worker loads before any archive, by the name the worker knows."""


def velocious_version() -> str:
    text = (REPOSITORY / "core" / "velocious" / "version.py").read_text(encoding="utf-8")
    return text.split('__version__ = "')[1].split('"')[0]


def write_manifest(
    archives: list[dict[str, Any]], python_version: str, velocious_digest: str
) -> dict[str, Any]:
    """Describe the whole folder and return the manifest."""
    files = {path.relative_to(DATA).as_posix(): _describe(path) for path in _files()}
    pyodide_version = wanted_versions()["pyodide"]
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "version": velocious_version(),
        "pyodide_version": pyodide_version,
        "python_version": python_version,
        "digest": _digest(files),
        "files": files,
        "archives": [_with_file(archive, files) for archive in archives],
        "velocious": {"digest": velocious_digest, "version": velocious_version()},
        "boot": {
            "pyodideVersion": pyodide_version,
            "pythonVersion": python_version,
            "files": {
                name: {"path": path, "size": files[path]["size"]}
                for name, path in BOOT_FILES.items()
            },
        },
    }
    partial = MANIFEST.with_suffix(".partial")
    partial.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    partial.replace(MANIFEST)
    return manifest


def read_manifest() -> dict[str, Any] | None:
    """The manifest of the last finished build, or None."""
    if not MANIFEST.is_file():
        return None
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


def archive_entry(shipped: Shipped) -> dict[str, Any]:
    """How an archive is described: ``boot.json`` carries the same keys."""
    return {
        "name": shipped.name,
        "path": shipped.path.relative_to(DATA).as_posix(),
        "lazy": shipped.lazy,
        "modules": shipped.modules,
    }


def _files() -> list[Path]:
    return [path for path in sorted(DATA.rglob("*")) if path.is_file() and path != MANIFEST]


def _describe(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _with_file(archive: dict[str, Any], files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {**archive, **files[archive["path"]]}


def _digest(files: dict[str, dict[str, Any]]) -> str:
    stable = {name: entry for name, entry in files.items() if not name.startswith(CHANGES_OFTEN)}
    names = json.dumps(stable, sort_keys=True)
    return hashlib.sha256(names.encode()).hexdigest()[:16]
