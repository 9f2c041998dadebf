"""The imports of a generated file."""

from __future__ import annotations

import sys

#: Module → names that a generated file imports from it.
type Imports = dict[str, set[str]]


def add_import(imports: Imports, module: str, name: str) -> None:
    """Import *name* from *module*."""
    imports.setdefault(module, set()).add(name)


def imports_text(imports: Imports, indent: str = "") -> str:
    """The lines, sorted, what comes with Python first."""
    standard = [module for module in imports if _is_standard(module)]
    others = [module for module in imports if not _is_standard(module)]
    groups = [
        "\n".join(
            f"{indent}from {module} import {', '.join(sorted(imports[module]))}"
            for module in sorted(group)
        )
        for group in (standard, others)
    ]
    return "\n\n".join(group for group in groups if group)


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
