"""Where our own packages are; nothing here imports them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from velocious.errors import PlatformError


def package_directory(name: str) -> Path:
    """Where the package *name* is installed; it is not imported."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise PlatformError(
            f"The package {name!r} is not installed beside this one. Both come with velocious: "
            "`pip install --force-reinstall velocious`."
        )
    return Path(spec.submodule_search_locations[0])


def browser_packages() -> list[Path]:
    """The two packages that a page imports."""
    return [package_directory("velocious"), package_directory("velocious_browser")]
