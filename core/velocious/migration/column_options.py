"""The options of a column in a migration, checked.

Law: an option or kind that nobody reads raises; false, zero and empty text are defaults too.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict, cast

from velocious.errors import MigrationError, UnknownOptionError, suggestion
from velocious.sql.definition_compiler import literal
from velocious.sql.definitions import MISSING, ColumnDefinition, Expression
from velocious.sql.types import column_type

KINDS = (
    "string text integer bigint float decimal boolean date time datetime json jsonb binary "
    "uuid".split()
)
_EVERYWHERE = {
    *("default", "null", "primary_key", "unique", "index", "comment", "check"),
    *("array", "collation", "generated", "stored"),
}
_OF_KIND = {"string": {"limit"}, "binary": {"limit"}, "decimal": {"precision", "scale"}}

type ForeignKeyAction = Literal["cascade", "restrict", "set null", "set default", "no action"]


class ColumnOptions(TypedDict, total=False):
    """What a column may be given.

    Attributes:
        default: a value, or ``sql("…")`` for one that the database computes.
        null: whether it may be NULL (it may, unless this is False).
        limit: most characters of a string, most bytes of binary data.
        precision: digits of a decimal.
        scale: digits behind its point.
        unique: no two rows may have the same value (makes a unique index).
        index: makes an index.
        check: SQL that must be true of every row.
        comment: a note for readers of the schema, where the database keeps it.
        array: whether it holds a list of such values, where the database has arrays.
        collation: how its text is compared and sorted, by the database's own name for it.
        generated: SQL that the database computes the value with.
        stored: whether it does so when the row is written (True), or when it is read.
    """

    default: Any
    null: bool
    limit: int
    precision: int
    scale: int
    primary_key: bool
    unique: bool
    index: bool
    check: str
    comment: str
    array: bool
    collation: str
    generated: str
    stored: bool


def checked(kind: str, name: str, options: ColumnOptions) -> ColumnOptions:
    """*options*, if a column of *kind* takes them.

    Raises:
        UnknownOptionError: with the options that come close.
        MigrationError: for an unknown kind, or a value that makes no sense.
    """
    if kind not in KINDS:
        raise MigrationError(
            f"There is no column type {kind!r} (for the column {name!r}). {suggestion(kind, KINDS)}"
        )
    known = _EVERYWHERE | _OF_KIND.get(kind, set())
    for option in options:
        if option not in known:
            raise UnknownOptionError(f"A column of the type {kind!r}", option, known)
    if "scale" in options and "precision" not in options:
        raise MigrationError(
            f"The decimal {name!r} has a scale without a precision. Give both: "
            f"precision=10, scale={options['scale']}."
        )
    if "generated" in options and "default" in options:
        raise MigrationError(
            f"The column {name!r} is generated and has a default. Give one of them: its value is "
            "always computed."
        )
    if "stored" in options and "generated" not in options:
        raise MigrationError(
            f'The column {name!r} has stored= but nothing that computes it. Add generated="…".'
        )
    return options


def column_definition(name: str, kind: str, options: ColumnOptions) -> ColumnDefinition:
    """The column *name*; what makes indexes (``index``, ``unique``) is the caller's.

    Raises:
        UnknownOptionError, MigrationError: see :func:`checked`.
        UnsupportedValueError: for a default that the type cannot hold.
    """
    checked(kind, name, options)
    binary_json, kind = kind == "jsonb", "json" if kind == "jsonb" else kind
    default = options.get("default", MISSING)
    _check_default(name, kind, default, array=options.get("array", False))
    primary_key = options.get("primary_key", False)
    return ColumnDefinition(
        name=name,
        kind=kind,
        null=options.get("null", True) and not primary_key,
        default=default,
        limit=options.get("limit"),
        precision=options.get("precision"),
        scale=options.get("scale"),
        primary_key=primary_key,
        check=options.get("check"),
        comment=options.get("comment"),
        array=options.get("array", False),
        binary_json=binary_json,
        collation=options.get("collation"),
        generated=options.get("generated"),
        stored=options.get("stored", True),
    )


def _check_default(name: str, kind: str, default: Any, *, array: bool) -> None:
    if default is MISSING or isinstance(default, Expression):
        return
    if array and not isinstance(default, list):
        raise MigrationError(
            f"The column {name!r} holds lists, so {default!r} cannot be its default. Give a list: "
            "default=[]."
        )
    values = cast("list[Any]", default if array else [default])
    for value in values:
        literal(column_type(kind).encode(value))
