"""Finds the built runtime folder and reads its manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MANIFEST_NAME = "runtime.json"


class RuntimeFolderMissing(FileNotFoundError):
    """The runtime folder was never built, or its build did not finish."""

    code = "runtime_missing"

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        super().__init__(
            f"the browser runtime is not in {str(directory)!r} - a built folder holds "
            f"{MANIFEST_NAME!r} - run 'make runtime' in the repository of velocious, or "
            "'pip install --force-reinstall velocious-runtime' in an application"
        )


def data_directory() -> Path:
    """The folder a server publishes below ``/velocious/runtime/<digest>/``.

    Raises:
        RuntimeFolderMissing: nothing was built there.
    """
    directory = Path(__file__).parent / "data"
    if not (directory / MANIFEST_NAME).is_file():
        raise RuntimeFolderMissing(directory)
    return directory


def manifest() -> dict[str, Any]:
    """What the folder holds: ``runtime.json``, parsed.

    Raises:
        RuntimeFolderMissing: nothing was built there.
    """
    return json.loads((data_directory() / MANIFEST_NAME).read_text(encoding="utf-8"))
