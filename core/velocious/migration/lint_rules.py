"""What each step of a migration may do to a busy PostgreSQL server, and what to write instead."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    type Found = tuple[str, str] | None
    type Rule = Callable[[Call], Found]


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a migration's method.

    Attributes:
        table: the table that it is about.
        values: its arguments behind the table.
        bare: whether its migration has ``disable_transaction = True``.
    """

    method: str
    table: str
    line: int
    values: Sequence[ast.expr]
    options: Mapping[str, ast.expr]
    bare: bool

    def is_true(self, option: str) -> bool:
        """Whether *option* is given, and not plainly False or None."""
        node = self.options.get(option)
        return node is not None and not _is(node, False) and not _is(node, None)

    def is_false(self, option: str) -> bool:
        """Whether *option* is plainly False."""
        node = self.options.get(option)
        return node is not None and _is(node, False)


def _is(node: ast.expr, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


_CONCURRENTLY = (
    "Write add_index(…, concurrently=True) in a migration of its own with "
    "disable_transaction = True."
)
#: SQL that is the same for every row: PostgreSQL stores it once.
_CONSTANT = re.compile(r"now\(\)|current_\w+|[\d.]+|'[^']*'", re.IGNORECASE)


def _add_index(call: Call) -> Found:
    if call.is_true("concurrently"):
        return None
    return f"nobody can write to {call.table!r} while the index is built.", _CONCURRENTLY


def _add_column(call: Call) -> Found:
    if call.is_true("index") or call.is_true("unique"):
        return (
            f"nobody can write to {call.table!r} while its index is built.",
            f"Leave index and unique out. {_CONCURRENTLY}",
        )
    if call.is_true("generated") and not call.is_false("stored"):
        return (
            f"the whole table {call.table!r} is written anew, and nobody can read it meanwhile.",
            "Add an ordinary column, fill it with self.backfill, and keep it right in the model.",
        )
    if call.is_false("null") and "default" not in call.options and not call.is_true("generated"):
        return (
            "it fails as soon as the table has a row.",
            "Give it a default; or add it with null allowed, self.backfill it, and forbid null "
            "with a check first.",
        )
    return _default(call)


def _default(call: Call) -> Found:
    default = call.options.get("default")
    if not isinstance(default, ast.Call) or not default.args:
        return None
    text = default.args[0]
    if isinstance(text, ast.Constant) and _CONSTANT.fullmatch(str(text.value)):
        return None
    return (
        f"the default differs from row to row, so the whole table {call.table!r} is written anew.",
        "Add the column without it, give it the default with change_column_default, then "
        "self.backfill it.",
    )


def _add_reference(call: Call) -> Found:
    if call.is_true("foreign_key") or call.is_true("to_table"):
        return (
            f"nobody can write to {call.table!r} or the other table while their rows are compared.",
            "Add the reference without a key, then add_foreign_key(…, validate=False), and "
            "validate_constraint in the next migration.",
        )
    if call.is_false("index"):
        return None
    return (
        f"nobody can write to {call.table!r} while the index is built.",
        f"Give it index=False. {_CONCURRENTLY}",
    )


def _unvalidated(call: Call) -> Found:
    if call.is_false("validate"):
        return None
    return (
        f"nobody can write to {call.table!r} while its rows are looked at.",
        f"Write {call.method}(…, validate=False), and validate_constraint in the next migration.",
    )


def _change_column(call: Call) -> Found:
    return (
        f"most changes of type write the whole table {call.table!r} anew, and nobody can read it "
        "meanwhile.",
        "Add a column of the new type, write both, self.backfill it, read the new one, and remove "
        "the old one later.",
    )


def _change_null(call: Call) -> Found:
    values = [*call.values[1:2], *([call.options["null"]] if "null" in call.options else [])]
    if not values or not _is(values[0], False):
        return None
    return (
        f"nobody can use {call.table!r} while all its rows are looked at.",
        'First add_check_constraint(…, "<column> IS NOT NULL", validate=False) and, in the next '
        "migration, validate_constraint: with such a check the rows are not looked at again.",
    )


def _rename(call: Call) -> Found:
    return (
        "programs that run still use the old name, and fail until they are restarted.",
        "Add the new one, write both, and remove the old one when no program uses it.",
    )


def _remove_column(call: Call) -> Found:
    return (
        "programs that run have read the table's columns, and fail until they are restarted.",
        "First put out a version whose code does not use it, then remove it and say so: "
        "`# safe: no program uses it since …`.",
    )


def _backfill(call: Call) -> Found:
    if call.bare:
        return None
    return (
        "all rows stay locked until the migration ends.",
        "Move it to a migration of its own with disable_transaction = True: each batch is then a "
        "transaction.",
    )


RULES: Mapping[str, Rule] = {
    "add_index": _add_index,
    "add_column": _add_column,
    "add_reference": _add_reference,
    "add_foreign_key": _unvalidated,
    "add_check_constraint": _unvalidated,
    "change_column": _change_column,
    "change_column_null": _change_null,
    "rename_table": _rename,
    "rename_column": _rename,
    "remove_column": _remove_column,
    "remove_columns": _remove_column,
    "remove_reference": _remove_column,
    "backfill": _backfill,
    "in_batches": _backfill,
}
_KINDS = (
    "column string text integer bigint float decimal boolean date time datetime json jsonb enum "
    "binary uuid".split()
)
#: The methods of ``async with self.change_table(…) as t``.
RULES_OF_BLOCKS: Mapping[str, Rule] = {
    **dict.fromkeys(_KINDS, _add_column),
    "index": _add_index,
    "references": _add_reference,
    "check": _unvalidated,
    "change": _change_column,
    "change_null": _change_null,
    "rename": _rename,
    "remove": _remove_column,
    "remove_references": _remove_column,
}
