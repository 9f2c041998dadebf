"""The rows of a table, a page of them at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from velocious.errors import CommandError, suggestion
from velocious.sql import nodes as n
from velocious.sql.statements import Select, SelectCount
from velocious_browser.devtools.cells import shown
from velocious_browser.devtools.named_table import NamedTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from velocious_browser.devtools.devtools import Devtools

#: Rows of a page at most.
LARGEST_PAGE = 1000
_COMPARISONS = {"=": "=", "≠": "<>", "<": "<", "≤": "<=", ">": ">", "≥": ">="}
_CONTAINS, _IS_NULL, _IS_NOT_NULL = "contains", "is NULL", "is not NULL"
#: What a filter may say, in the order of its list.
OPERATORS = (_CONTAINS, *_COMPARISONS, _IS_NULL, _IS_NOT_NULL)
_ESCAPE = "\\"


async def rows(
    devtools: Devtools,
    database: str,
    table: str,
    filters: Sequence[dict[str, Any]] = (),
    sort: str | None = None,
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> dict[str, Any]:
    """Rows that fit all *filters*, and how many there are.

    A filter has ``column`` (None: any), ``operator`` (one of OPERATORS) and ``value``. The order is
    that of the column *sort*, then that of the primary key, so that pages do not overlap.
    """
    began = time.perf_counter()
    named = await NamedTable.find(devtools, database, table)
    where, values = _where(named, filters)
    columns = tuple(n.Column(table, column.name) for column in named.table.columns)
    found = Select(table, columns, where=where)
    wanted = found.replaced(order=_order(named, sort, descending), limited=True, offset=True)
    size = max(1, min(int(limit), LARGEST_PAGE))
    page = await named.fetch(wanted, [*values, size, max(0, int(offset))])
    ((count,),) = await named.fetch(SelectCount(found), values)
    return {
        "columns": [column.name for column in named.table.columns],
        "rows": [
            {"key": named.key_of(row), "cells": [shown(value) for value in row]} for row in page
        ],
        "count": count,
        "milliseconds": (time.perf_counter() - began) * 1000,
    }


async def value(
    devtools: Devtools, database: str, table: str, key: str, column: str
) -> dict[str, Any]:
    """The whole of one value, for somebody who edits it: a table shows the beginning only.

    Raises:
        CommandError: the row is gone.
    """
    named = await NamedTable.find(devtools, database, table)
    where, values = named.with_key(key)
    found = await named.fetch(Select(table, (named.operand(column),), where=where), values)
    if not found:
        raise RowGoneError(table)
    return {"value": shown(found[0][0], whole=True)}


class RowGoneError(CommandError):
    """A row that is shown is not in the database any more."""

    code = "row_gone"

    def __init__(self, table: str) -> None:
        super().__init__(
            f"The row is not in {table!r} any more, or has another key: it was changed elsewhere. "
            "Load the table again."
        )


def _order(named: NamedTable, sort: str | None, descending: bool) -> tuple[n.Expression, ...]:
    keys = [n.Column(named.name, name) for name in named.table.primary_key]
    last: list[n.Expression] = [
        n.Sorted(key, descending=sort is None and descending) for key in keys
    ]
    if sort is None:
        return tuple(last)
    column = named.column(sort)
    operand: n.Expression = named.operand(sort)
    if column.kind in named.database.dialect.numeric_text:
        operand = n.Number(named.operand(sort))
    return (n.Sorted(operand, descending=descending, nullable=column.null), *last)


def _where(
    named: NamedTable, filters: Sequence[dict[str, Any]]
) -> tuple[n.Expression | None, list[Any]]:
    parts: list[n.Expression] = []
    values: list[Any] = []
    for one in filters:
        names = [column.name for column in named.table.columns]
        asked = names if one.get("column") is None else [str(one["column"])]
        part, given = _conditions(named, asked, one)
        parts.append(part)
        values += given
    return (n.All(tuple(parts)) if parts else None), values


def _conditions(
    named: NamedTable, names: list[str], one: dict[str, Any]
) -> tuple[n.Expression, list[Any]]:
    make = _condition_maker(named, str(one.get("operator", _CONTAINS)), one.get("value"))
    made = [make(name) for name in names]
    return n.Either(tuple(part for part, _ in made)), [
        value for _, given in made for value in given
    ]


type _Condition = tuple[n.Expression, list[Any]]


def _condition_maker(named: NamedTable, operator: str, value: Any) -> Callable[[str], _Condition]:
    if operator in (_IS_NULL, _IS_NOT_NULL):
        return lambda name: (n.IsNull(named.operand(name), negated=operator == _IS_NOT_NULL), [])
    if operator == _CONTAINS:
        pattern = f"%{_escaped(str(value))}%"
        return lambda name: (_contains(named, name), [pattern])
    if operator in _COMPARISONS:
        return lambda name: _compared(named, name, _COMPARISONS[operator], value)
    raise CommandError(
        f"There is no filter {operator!r}. {suggestion(operator, OPERATORS)} "
        f"There are: {', '.join(OPERATORS)}."
    )


def _contains(named: NamedTable, name: str) -> n.Expression:
    as_text = n.Cast(named.operand(name), "text")
    return n.Like(as_text, n.Parameter(None), escape=_ESCAPE)


def _compared(named: NamedTable, name: str, operator: str, value: Any) -> _Condition:
    return n.Binary(named.operand(name), operator, named.parameter(name)), [
        named.value(name, value)
    ]


def _escaped(text: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return text
