"""Writes a model and the migration that makes its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious.generator.migration import create_table, write_migration
from velocious.generator.template import rendered
from velocious.naming import camelize, humanize, tableize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration import Configuration
    from velocious.generator.column import GeneratedColumn
    from velocious.generator.writing import GeneratedFiles


def write_model(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    columns: Sequence[GeneratedColumn],
    *,
    force: bool,
) -> None:
    """Write the model *class_name* and its migration.

    Raises:
        CommandError: one of the two exists, and *force* does not allow to replace it.
    """
    path = f"app/models/{underscore(class_name)}.py"
    if configuration.files.exists(path) and not force:
        raise CommandError(
            f"There is a model {class_name} already: {path}. To add columns: "
            f"`velocious g:migration AddTitleTo{camelize(tableize(class_name))} title:string`. "
            "To replace it: --force."
        )
    table = tableize(class_name)
    steps = create_table(table, columns)
    write_migration(configuration, written, f"Create{camelize(table)}", steps)
    written.write(path, rendered("model.py", _values(class_name, columns)))


def _values(class_name: str, columns: Sequence[GeneratedColumn]) -> dict[str, str]:
    owners = [column.name for column in columns if column.kind == "references"]
    required = [column.name for column in columns if column.required and column.kind in _TEXT]
    imports = ["Record"]
    lines = [f'{name} = belongs_to("{camelize(name)}")' for name in owners]
    if owners:
        imports.append("belongs_to")
    if required:
        imports.append("validates")
        names = ", ".join(f'"{name}"' for name in required)
        lines.append(f"validations = [validates({names}, presence=True)]")
    return {
        "class_name": class_name,
        "sentence": f"{_article(class_name)} {humanize(class_name).lower()}",
        "imports": ", ".join(imports),
        "body": "".join(f"\n    {line}" for line in lines),
    }


_TEXT = ("string", "text")


def _article(class_name: str) -> str:
    return "An" if class_name[0] in "AEIO" else "A"
