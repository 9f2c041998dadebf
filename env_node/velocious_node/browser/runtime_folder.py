"""The installed package ``velocious-runtime``: Pyodide and the archives, as files to serve."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from velocious.errors import PlatformError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path


FORMAT = 2
"""Of the folder; a folder of another one was built for another Velocious."""
OWN_ARCHIVE = "velocious"
"""The archive of our own packages that a start needs; others begin with its name."""


def is_own(archive: Mapping[str, Any]) -> bool:
    """Whether an archive of the manifest holds our own packages."""
    return str(archive["name"]).startswith(OWN_ARCHIVE)


class RuntimeMissingError(PlatformError):
    """There is no browser runtime to serve."""

    code = "runtime_missing"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The browser side cannot start: {problem}. The server needs the files of the package "
            "velocious-runtime. Run `pip install velocious-runtime` (in a checkout of Velocious: "
            "`make runtime`), and reload the page."
        )


class RuntimeFolder:
    """The built runtime: its manifest, and the files that the manifest names.

    Raises:
        RuntimeMissingError: it is not installed, or was never built.
    """

    def __init__(self) -> None:
        self._package: Any = _package()
        try:
            self._directory: Path = self._package.data_directory()
            self.manifest: dict[str, Any] = self._package.manifest()
        except FileNotFoundError as error:
            raise RuntimeMissingError(f"the runtime was not built ({error})") from error
        if self.manifest["format"] != FORMAT:
            raise RuntimeMissingError(
                f"the runtime has the format {self.manifest['format']}, and this Velocious needs "
                f"{FORMAT}: velocious and velocious-runtime must be of one version"
            )

    @property
    def digest(self) -> str:
        """Changes when any of the files does, except our own archive."""
        return self.manifest["digest"]

    def file(self, name: str) -> Path | None:
        """The file called *name*, or None: nothing outside of the manifest is ever found."""
        if name not in self._files:
            return None
        path = self._directory / name
        # A runtime that is being rebuilt has files missing for a moment.
        return path if path.is_file() else None

    @property
    def names(self) -> Collection[str]:
        """All files, squeezed ones included."""
        return self._files.keys()

    def content(self, name: str) -> bytes:
        """The bytes of a file that the manifest names. Raises RuntimeMissingError."""
        path = self.file(name)
        if path is None:
            raise RuntimeMissingError(f"the file {name!r} of the runtime is missing")
        return path.read_bytes()

    def sha256(self, name: str) -> str:
        """The digest of a file's content, from the manifest."""
        return self._files[name]["sha256"]

    @property
    def own_archives(self) -> dict[str, dict[str, Any]]:
        """The archives of our own packages, by name, as the manifest describes them."""
        return {one["name"]: one for one in self.manifest["archives"] if is_own(one)}

    def source_digest(self, packages: list[Path]) -> str:
        """The digest of *packages*, comparable with the one the archive was compiled from."""
        return self._package.source_digest(packages)

    def python_sources(self, packages: list[Path]) -> dict[str, bytes]:
        """The files that :meth:`source_digest` looks at, by their names in an archive."""
        source_files = import_module("velocious_runtime.source_digest").source_files
        return {
            name: path.read_bytes() for package in packages for name, path in source_files(package)
        }

    @property
    def compiled_digest(self) -> str:
        """The digest of the sources that the compiled archive was made of."""
        return self.manifest["velocious"]["digest"]

    @cached_property
    def _files(self) -> dict[str, dict[str, Any]]:
        return self.manifest["files"]


def _package() -> Any:
    try:
        return import_module("velocious_runtime")
    except ModuleNotFoundError as error:
        if error.name != "velocious_runtime":
            raise
        raise RuntimeMissingError("the package velocious-runtime is not installed") from error
