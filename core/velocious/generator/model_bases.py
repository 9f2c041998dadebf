"""Writes a base class for each model, in which columns, relationships and what declarations make
have types.

Law: what is written depends on the tables and the models alone, in their own order, so that the
same application gets the same bytes everywhere.
"""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError
from velocious.generator import declared_members as members
from velocious.generator.imports import add_import, imports_text
from velocious.generator.value_type import can_be_named, value_type
from velocious.naming import underscore
from velocious.record import BelongsTo, HasMany, HasOne, Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from velocious.configuration import Configuration
    from velocious.files import Files
    from velocious.generator.imports import Imports
    from velocious.record.schema import AttributeSchema, ModelSchema

FOLDER = "app/model_bases"
FIRST_LINE = (
    '"""Columns and relationships of {}, typed. `velocious g:base-models` writes this file.'
)


def model_bases(configuration: Configuration) -> dict[str, str]:
    """Path → text of the base of each of the application's models.

    Raises:
        CommandError: a model has no table yet.
    """
    named = list(configuration.models)
    # The rows of translations have models that were made for them.
    made = [one for model in named for one in model._definition.companions]
    models = sorted({*named, *made}, key=lambda model: model.__name__)
    missing = [model.__name__ for model in models if model._definition.schema is None]
    if missing:
        raise CommandError(
            f"There are no tables yet for {', '.join(missing)}. Make them with "
            "`velocious db:migrate`, then run this command again."
        )
    return {f"{FOLDER}/{underscore(model.__name__)}.py": base_of(model) for model in models}


def base_of(model: type[Record]) -> str:
    """The text of the base class of *model*."""
    schema = model._definition.schema_or_fail()
    imports: Imports = {}
    columns = [one for one in schema.attributes.values() if _has_room(model, one.name)]
    lines = [_column(one, imports) for one in columns]
    lines += [
        _relationship(one, schema, imports)
        for one in model._definition.relationships.values()
        # What declares files says itself what they are.
        if not one.holds_files
    ]
    lines += members.descriptors(model, imports)
    methods = members.methods(model, imports)
    # Every other import is for type checkers alone.
    typing_names = ", ".join(sorted({"TYPE_CHECKING", *imports.pop("typing", ())}))
    return (
        f"{FIRST_LINE.format(model.__name__)}\n\nChanges to it are lost.\n"
        '"""\n\n'
        "from __future__ import annotations\n\n"
        f"from typing import {typing_names}\n\n"
        "from velocious.record import Record\n\n"
        f"if TYPE_CHECKING:\n{imports_text(imports, '    ')}\n\n\n"
        f"class {model.__name__}Base(Record):\n"
        "    abstract = True\n\n" + "".join(f"    {line}\n" for line in lines) + _checked(methods)
    )


def differences(
    files: Files, wanted: Mapping[str, str], folder: str = FOLDER, first_line: str = FIRST_LINE
) -> str:
    """The diff from the files that are there in *folder* to *wanted*; empty where they are the
    same.
    """
    found = {path: files.read_text(path) for path in _paths(files, wanted, folder, first_line)}
    return "".join(
        "".join(
            unified_diff(
                found.get(path, "").splitlines(keepends=True),
                wanted.get(path, "").splitlines(keepends=True),
                path,
                path,
            )
        )
        for path in sorted({*found, *wanted})
    )


def outdated(
    files: Files, wanted: Mapping[str, str], folder: str = FOLDER, first_line: str = FIRST_LINE
) -> list[str]:
    """The files that were written for models which are gone."""
    return [path for path in _paths(files, wanted, folder, first_line) if path not in wanted]


def _paths(files: Files, wanted: Mapping[str, str], folder: str, first_line: str) -> list[str]:
    paths = [f"{folder}/{name}" for name in files.list(folder) if name.endswith(".py")]
    return [path for path in paths if path in wanted or _is_ours(files, path, first_line)]


def _is_ours(files: Files, path: str, first_line: str) -> bool:
    before, _, behind = first_line.partition("{}")
    start = files.read_text(path).partition("\n")[0]
    return start.startswith(before) and start.endswith(behind)


def _checked(methods: list[str]) -> str:
    """*methods*, which declarations make at run time, for type checkers alone."""
    indented = ["\n".join(f"        {line}" for line in method.splitlines()) for method in methods]
    return "\n    if TYPE_CHECKING:\n\n" + "\n\n".join(indented) + "\n" if methods else ""


def _has_room(model: type[Record], name: str) -> bool:
    # A column called like a method of Record is reached with record.read(name).
    return can_be_named(name) and not hasattr(Record, name) and name not in members.taken(model)


def _column(attribute: AttributeSchema, imports: Imports) -> str:
    add_import(imports, "velocious.record", "Attribute")
    column = attribute.column
    optional = column.null and not column.primary_key
    return f"{attribute.name}: Attribute[{value_type(attribute.type, imports, optional=optional)}]"


def _relationship(relationship: Any, schema: ModelSchema, imports: Imports) -> str:
    kind = next((one for one in (HasMany, HasOne) if isinstance(relationship, one)), BelongsTo)
    # A polymorphic belongs_to names no class: any record may be there.
    target = _target(relationship, imports) if relationship._target else "Record"
    add_import(imports, "velocious.record", kind.__name__)
    optional = kind is BelongsTo and _may_lack(relationship.owner_column(), schema)
    return f"{relationship.name}: {kind.__name__}[{target}{' | None' if optional else ''}]"


def _target(relationship: Any, imports: Imports) -> str:
    target = relationship.target()
    if target in relationship.owner._definition.companions:
        # It stands in no module of the application: its own base says what it has.
        base = f"{target.__name__}Base"
        add_import(imports, f"{FOLDER.replace('/', '.')}.{underscore(target.__name__)}", base)
        return base
    add_import(imports, target.__module__, target.__name__)
    return target.__name__


def _may_lack(column: str, schema: ModelSchema) -> bool:
    return column not in schema.attributes or schema.attributes[column].column.null
