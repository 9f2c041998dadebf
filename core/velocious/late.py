"""Names of a package that are imported when somebody asks for them.

Law: such a name is never that of a submodule, which would take its place once it is imported.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def late_names(package: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """``__getattr__`` for the module *package*: *homes* says which module each name is from."""

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(homes[name]), name)
        # From now on it is found without asking here.
        setattr(sys.modules[package], name, value)
        return value

    return find
