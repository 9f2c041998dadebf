"""Search forms: ``Task.search({"name_cont": "docs", "s": "name asc"}, allow=["name"])``.

Law: what comes from outside reaches only the attributes that *allow* names, and its values only
ever become bound parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from velocious.errors import UnknownFilterError, UnsupportedValueError
from velocious.query.conditions import Group, compared
from velocious.query.shape import as_list
from velocious.sql import nodes as n
from velocious.sql.types import COLUMN_TYPES

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from velocious.query.conditions import Condition
    from velocious.query.description import Description
    from velocious.query.resolution import Resolver
    from velocious.sql.nodes import Expression

COMPARISONS = {
    "eq": "eq",
    "not_eq": "not_eq",
    "gt": "gt",
    "gteq": "gteq",
    "lt": "lt",
    "lteq": "lteq",
    "in": "in",
    "not_in": "not_in",
}
#: Predicate → the pattern around the escaped text, and whether it must not match.
PATTERNS = {
    "cont": ("%{}%", False),
    "not_cont": ("%{}%", True),
    "start": ("{}%", False),
    "end": ("%{}", False),
}
PREDICATES = (*COMPARISONS, *PATTERNS, "null")
SORT_KEYS = ("s", "sorts")
#: Longest first: "not_eq" is no "eq".
_SUFFIXES = sorted(PREDICATES, key=len, reverse=True)


class Filter:
    """One attribute, at the end of a path of relationships, under one predicate."""

    __slots__ = ("key", "members", "path", "predicate", "value")

    def __init__(self, path: str, predicate: str, value: Any) -> None:
        self.path = path
        self.predicate = predicate
        self.value = value
        self.members: list[Any] | None = as_list(value)
        size = None if self.members is None else len(self.members)
        self.key: Hashable = "filter", path, predicate, value if predicate == "null" else size

    def values(self) -> list[Any]:
        if self.predicate == "null":
            return []
        if self.predicate in PATTERNS:
            return [PATTERNS[self.predicate][0].format(escaped(self.value))]
        return [self.value] if self.members is None else self.members

    def expression(self, resolver: Resolver) -> Expression:
        operand, type = resolver.path_operand(self.path)
        if self.predicate == "null":
            return n.IsNull(operand, negated=not self.value)
        if self.predicate in PATTERNS:
            return n.Like(
                operand, n.Parameter(COLUMN_TYPES["text"]), PATTERNS[self.predicate][1], "!"
            )
        if self.members is not None:
            among = n.InList(operand, type, len(self.members))
            return n.Not(among) if self.predicate == "not_in" else among
        return compared(operand, self.predicate, n.Parameter(type))


def escaped(text: str) -> str:
    """*text* for a LIKE pattern, in which it stands for itself."""
    return re.sub(r"([!%_])", r"!\1", text)


def search(query: Description[Any], given: Mapping[str, Any], allow: Iterable[str]) -> Any:
    """*query*, narrowed and sorted as *given* says.

    Raises:
        UnknownFilterError: for a key that is not allowed, with close matches among those that are.
        UnsupportedValueError: for a value of the wrong kind.
    """
    if not isinstance(given, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise UnsupportedValueError(
            f"search takes filters by name, {{'name_cont': 'docs'}}, not {given!r}.", value=given
        )
    attributes = _attributes(allow)
    for key, value in given.items():
        if key in SORT_KEYS:
            query = query.order(*_sorts(value, attributes)) if not _blank(value) else query
            continue
        paths, predicate = _parsed(key, attributes)
        if not _blank(value):
            known = _value(key, predicate, value)
            parts: tuple[Condition, ...] = tuple(Filter(path, predicate, known) for path in paths)
            query = query.where(parts[0] if len(parts) == 1 else Group("any", parts))
    return query


def _attributes(allow: Iterable[str]) -> dict[str, str]:
    """What a key calls an attribute → its path; the model's own win over those it joins."""
    paths = sorted(allow, key=lambda path: -path.count("."))
    return {path.replace(".", "_"): path for path in paths}


def _parsed(key: str, attributes: dict[str, str]) -> tuple[list[str], str]:
    name = _snake(key)
    for predicate in _SUFFIXES:
        stem = name.removesuffix(f"_{predicate}")
        if stem == name:
            continue
        names = [stem] if stem in attributes else stem.split("_or_")
        if all(one in attributes for one in names):
            return [attributes[one] for one in names], predicate
    raise UnknownFilterError(key, [f"{one}_{end}" for one in attributes for end in PREDICATES])


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower().replace(".", "_")


def _sorts(given: Any, attributes: dict[str, str]) -> list[str]:
    members = as_list(given)
    wanted: list[Any] = given.split(",") if isinstance(given, str) else members or [given]
    for one in wanted:
        if not isinstance(one, str):
            raise _no_order(given)
    return [_sort(one.split(), one, attributes) for one in wanted]


def _sort(words: list[str], given: str, attributes: dict[str, str]) -> str:
    direction = words[1].lower() if len(words) == 2 else "asc"
    if len(words) not in (1, 2) or direction not in ("asc", "desc"):
        raise _no_order(given)
    name = _snake(words[0])
    if name not in attributes:
        raise UnknownFilterError(words[0], attributes, what="sort by")
    return ("-" if direction == "desc" else "") + attributes[name]


def _no_order(given: Any) -> UnsupportedValueError:
    return UnsupportedValueError(
        f"{given!r} is no sort order. Write an attribute and a direction: 'name asc' or "
        "'name desc'.",
        value=given,
    )


def _blank(value: Any) -> bool:
    return value is None or value in ("", [], ()) or (isinstance(value, str) and value.isspace())


def _value(key: str, predicate: str, value: Any) -> Any:
    """*value* as the predicate takes it; what is no plain value never gets further."""
    if predicate == "null":
        return _flag(key, value)
    if predicate in ("in", "not_in"):
        members: list[Any] = value.split(",") if isinstance(value, str) else value
        if not isinstance(members, list | tuple):  # pyright: ignore[reportUnnecessaryIsInstance]
            members = [members]
        return [_plain(key, one.strip() if isinstance(one, str) else one) for one in members]
    return str(_plain(key, value)) if predicate in PATTERNS else _plain(key, value)


def _flag(key: str, value: Any) -> bool:
    flag = COLUMN_TYPES["boolean"].cast(value)
    if not isinstance(flag, bool):
        raise UnsupportedValueError(f"{key} takes true or false, not {value!r}.", value=value)
    return flag


def _plain(key: str, value: Any) -> Any:
    if value is None or isinstance(value, list | tuple | dict | set) or hasattr(value, "_model"):
        raise UnsupportedValueError(
            f"{key} takes one value, not {value!r}. Several go with the predicates in and not_in.",
            value=value,
        )
    return value
