"""Writes a model, the migration that makes its table, and its test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.errors import CommandError
from velocious.generator.migration import write_migration
from velocious.generator.model_test import model_test_text
from velocious.generator.steps import create_table
from velocious.generator.template import rendered
from velocious.generator.writing import difference
from velocious.naming import camelize, humanize, tableize, underscore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from velocious.configuration import Configuration
    from velocious.generator.column import GeneratedColumn
    from velocious.generator.writing import GeneratedFiles

#: Kinds whose empty values are values: False, an empty document, no bytes.
_NEVER_BLANK = ("boolean", "json", "jsonb", "binary")


def write_model(
    configuration: Configuration,
    written: GeneratedFiles,
    class_name: str,
    columns: Sequence[GeneratedColumn],
) -> None:
    """Write the model *class_name*, its migration and its test.

    Raises:
        CommandError: one of the first two exists, and *written* may not replace it.
    """
    path, text = model_path(class_name), model_text(class_name, columns)
    if configuration.files.exists(path) and not written.force:
        raise CommandError(
            f"There is a model {class_name} already: {path}. To add columns: "
            f"`velocious g:migration AddTitleTo{camelize(tableize(class_name))} title:string`. "
            f"To replace it: --force.{difference(configuration.files, path, text)}"
        )
    migration = migration_of(class_name)
    write_migration(configuration, written, migration, create_table(tableize(class_name), columns))
    written.write(path, text)
    written.write(model_test_path(class_name), model_test_text(class_name, columns))


def model_path(class_name: str) -> str:
    return f"app/models/{underscore(class_name)}.py"


def model_test_path(class_name: str) -> str:
    return f"tests/models/test_{underscore(class_name)}.py"


def migration_of(class_name: str) -> str:
    """The name of the migration that makes the table of a model."""
    return f"Create{camelize(tableize(class_name))}"


def model_text(class_name: str, columns: Sequence[GeneratedColumn]) -> str:
    """The file of a model."""
    imports = {"Record"}
    lines: list[str] = []
    for column in columns:
        if column.kind == "references":
            imports.add("belongs_to")
            target = "polymorphic=True" if column.polymorphic else f'"{camelize(column.name)}"'
            lines.append(f"{column.name} = belongs_to({target})")
        elif column.kind == "enum":
            imports.add("enum")
            listed = ", ".join(f'"{value}"' for value in column.values)
            lines.append(f"{column.name} = enum([{listed}])")
    required = [column.name for column in columns if _must_be_there(column)]
    if required:
        imports.add("validates")
        names = ", ".join(f'"{name}"' for name in required)
        lines.append(f"validations = [validates({names}, presence=True)]")
    values = {
        "class_name": class_name,
        "sentence": f"{_article(class_name)} {humanize(class_name).lower()}",
        "imports": ", ".join(sorted(imports)),
        "body": "".join(f"\n    {line}" for line in lines),
    }
    return rendered("model.py", values)


def _must_be_there(column: GeneratedColumn) -> bool:
    """Whether an empty value is the mistake of whoever filled in a form, not of the database."""
    if column.kind == "references":
        return "optional" not in column.flags
    return column.required and column.kind not in _NEVER_BLANK


def _article(class_name: str) -> str:
    return "An" if class_name[0] in "AEIO" else "A"
