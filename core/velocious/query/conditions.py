"""What a query's rows must fulfil.

Law: a condition is an immutable value with a *key* (its shape, hashable) and *values*; names are
resolved against the models only when a shape is compiled, so building a query costs little and
needs no schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, cast

from velocious.errors import (
    InvalidParameterError,
    QueryError,
    UnknownOperatorError,
    UnsupportedValueError,
)
from velocious.query.shape import (
    EQUAL,
    SINGLE,
    Subquery,
    as_list,
    bound_values,
    equality,
    shape_of,
)
from velocious.sql import nodes as n

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from velocious.query.resolution import Resolver
    from velocious.sql.nodes import Expression


class Condition(Protocol):
    """A condition of a query."""

    @property
    def key(self) -> Hashable:
        """Its shape: equal keys compile to equal SQL."""
        ...

    def values(self) -> list[Any]:
        """Its values, in the order of their placeholders."""
        ...

    def expression(self, resolver: Resolver) -> Expression:
        """Its SQL, names resolved. Raises QueryError subclasses for names nobody knows."""
        ...


class Keywords:
    """``name="x"``, ``project={"name": "Apollo"}``: equality with attributes, nested along
    relationships.
    """

    __slots__ = ("key", "pairs", "plain")

    def __init__(self, pairs: Mapping[str, Any]) -> None:
        self.pairs = pairs
        #: Whether each value is a single one, as nearly always: then the names are the shape.
        self.plain = SINGLE.issuperset(map(type, pairs.values()))
        self.key: Hashable = (EQUAL, *pairs) if self.plain else ("k", _pairs_key(pairs))

    def values(self) -> list[Any]:
        if self.plain:
            return list(self.pairs.values())
        values: list[Any] = []
        _collect(self.pairs, values)
        return values

    def expression(self, resolver: Resolver) -> Expression:
        return n.All(tuple(_pair_expressions(self.pairs, resolver)))


def equal(operand: Expression, type: Any, value: Any, resolver: Resolver) -> Expression:
    """*operand* is *value*, or one of its members, or of the values that it, a query, gives."""
    if isinstance(value, Subquery):
        # Imported late: a sub-query has conditions of its own.
        from velocious.query.subqueries import among

        return among(operand, value, resolver)  # pyright: ignore[reportArgumentType]
    return equality(operand, type, value)


def nested_pairs(value: Any) -> dict[str, Any] | None:
    """*value* if it is a dict, which goes along a relationship."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def refuse_unread(name: str, value: Any) -> None:
    """Raise InvalidParameterError, 400, where *value* is a list or an object that a client put in
    the place of a single value: it would make another query than the program means.
    """
    if isinstance(value, list | dict) and not getattr(value, "permitted", True):  # pyright: ignore[reportUnknownArgumentType]
        found = "an object" if isinstance(value, dict) else "a list"
        mistake = ("shape", f"must be a single value, not {found}")
        raise InvalidParameterError({name: [mistake]}, status=400)


def _pairs_key(pairs: Mapping[str, Any]) -> Hashable:
    for name, value in pairs.items():
        refuse_unread(name, value)
    return tuple(
        (name, shape_of(value) if (nested := nested_pairs(value)) is None else _pairs_key(nested))
        for name, value in pairs.items()
    )


def _collect(pairs: Mapping[str, Any], values: list[Any]) -> None:
    for value in pairs.values():
        nested = nested_pairs(value)
        if nested is None:
            values.extend(bound_values(value))
        else:
            _collect(nested, values)


def _pair_expressions(pairs: Mapping[str, Any], resolver: Resolver) -> Iterable[Expression]:
    for name, value in pairs.items():
        nested = nested_pairs(value)
        if nested is not None:
            yield from _pair_expressions(nested, resolver.step(name))
        elif resolver.is_polymorphic(name):
            relationship = resolver.joins.schemas[resolver.path].relationships[name]
            yield from relationship.equal_to_record(resolver, value)
        else:
            operand, type = resolver.operand(name)
            yield equal(operand, type, value, resolver)


OPERATORS = {
    "eq": "=",
    "not_eq": "<>",
    "gt": ">",
    "gteq": ">=",
    "lt": "<",
    "lteq": "<=",
    "like": "LIKE",
    "not_like": "NOT LIKE",
    "in": "IN",
    "not_in": "NOT IN",
    "between": "BETWEEN",
}


def compared(operand: Expression, operator: str, parameter: n.Parameter) -> Expression:
    """*operand* beside one value."""
    return n.Binary(operand, OPERATORS[operator], parameter)


def refuse_truth() -> bool:
    """A condition is true of a row, never of itself."""
    raise QueryError(
        "A condition is neither true nor false before the database looks at a row, so `and`, `or`, "
        "`not`, `in` and chained comparisons do not work on it. Use all_of(…), any_of(…), "
        "where_not(…), .in_([…]) and .between(…)."
    )


class Comparison:
    """An attribute of a model against a value: what ``Task.position > 3`` makes."""

    __slots__ = ("attribute", "key", "model", "operator", "value")

    def __init__(self, model: Any, attribute: str, operator: str, value: Any) -> None:
        if operator not in OPERATORS:
            raise UnknownOperatorError(operator, OPERATORS)
        self.model = model
        self.attribute = attribute
        self.operator = operator
        self.value = self._checked(value)
        self.key: Hashable = ("c", model, attribute, operator, shape_of(self.value))

    def _checked(self, value: Any) -> Any:
        if self.operator in ("eq", "not_eq"):
            refuse_unread(self.attribute, value)
            return value
        name = f"{self.model.__name__}.{self.attribute}"
        if self.operator in ("in", "not_in", "between"):
            if isinstance(value, Subquery) and self.operator != "between":
                return value
            if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
                raise UnsupportedValueError(
                    f"{name}: {self.operator!r} takes a list of values or a query, not {value!r}.",
                    value=value,
                )
            return self._checked_list(name, as_list(value) or list(cast("Iterable[Any]", value)))
        if value is None or isinstance(value, list | tuple | set | frozenset):
            raise UnsupportedValueError(
                f"Operator {self.operator!r} does not support {value!r} for {name}. "
                "Compare with one value, or use .in_([...]) for several and .is_null() for NULL.",
                value=value,
            )
        return value

    def _checked_list(self, name: str, values: list[Any]) -> list[Any]:
        if self.operator == "between" and (len(values) != 2 or None in values):
            raise UnsupportedValueError(
                f"{name}.between takes a low and a high value, not {values!r}.",
                value=values,
            )
        return values

    def __bool__(self) -> bool:
        return refuse_truth()

    def values(self) -> list[Any]:
        return list(self.value) if self.operator == "between" else bound_values(self.value)

    def expression(self, resolver: Resolver) -> Expression:
        operand, type = resolver.model_operand(self.model, self.attribute)
        if self.operator == "between":
            return n.Between(operand, n.Parameter(type), n.Parameter(type))
        if self.operator in ("eq", "in"):
            return equal(operand, type, self.value, resolver)
        if self.operator in ("not_eq", "not_in"):
            return _unequal(operand, type, self.value, resolver)
        if "like" in self.operator:
            # LIKE compares text, whatever the column holds.
            return n.Like(operand, n.Parameter(None), self.operator == "not_like")
        return compared(operand, self.operator, n.Parameter(type))


def _unequal(operand: Expression, type: Any, value: Any, resolver: Resolver) -> Expression:
    if value is None:
        return n.IsNull(operand, negated=True)
    return n.Not(equal(operand, type, value, resolver))


class RawCondition:
    """SQL written by the programmer, with ``?`` for each value."""

    __slots__ = ("given", "key", "sql")

    def __init__(self, sql: str, values: tuple[Any, ...]) -> None:
        self.sql = sql
        self.given = [_checked(value) for value in values]
        self.key: Hashable = ("r", sql, len(values))

    def values(self) -> list[Any]:
        return self.given

    def expression(self, resolver: Resolver) -> Expression:
        return n.Raw(self.sql, len(self.given))


def _checked(value: Any) -> Any:
    # Which dialect binds the value shows when the query runs; whether it can be bound, now.
    from velocious.sql.inference import encode_by_type

    return encode_by_type(value)


class Group:
    """Conditions under one connective: ``all``, ``any`` or ``not`` (of all)."""

    __slots__ = ("connective", "key", "parts")

    def __init__(self, connective: str, parts: tuple[Condition, ...]) -> None:
        self.connective = connective
        self.parts = parts
        self.key: Hashable = (connective, *(part.key for part in parts))

    def __bool__(self) -> bool:
        return refuse_truth()

    def values(self) -> list[Any]:
        return [value for part in self.parts for value in part.values()]

    def expression(self, resolver: Resolver) -> Expression:
        if self.connective != "all":
            # Where not everything has to hold, a row without a partner may still fit.
            resolver = resolver.optional()
        parts = tuple(part.expression(resolver) for part in self.parts)
        if self.connective == "any":
            return n.Either(parts)
        return n.Not(n.All(parts)) if self.connective == "not" else n.All(parts)


def parse_conditions(given: tuple[Any, ...], attributes: dict[str, Any]) -> tuple[Condition, ...]:
    """Conditions as ``where`` takes them."""
    if not given:
        return (Keywords(attributes),) if attributes else ()
    parsed = _positional(given)
    return (*parsed, Keywords(attributes)) if attributes else parsed


def _positional(given: tuple[Any, ...]) -> tuple[Condition, ...]:
    first = given[0]
    if isinstance(first, str):
        return (RawCondition(first, given[1:]),)
    return tuple(_condition(one) for one in given)


def _condition(given: Any) -> Condition:
    if isinstance(given, dict):
        # Names that a client chose raise here, as they do where a record is given them.
        given.keys()
        return Keywords(given)  # pyright: ignore[reportUnknownArgumentType]
    if hasattr(given, "expression") and hasattr(given, "values") and hasattr(given, "key"):
        return given
    raise UnsupportedValueError(
        f"{given!r} is not a condition. Use keywords (done=False), a mapping, a column expression "
        '(Task.position > 3) or raw SQL with its values ("tasks.position > ?", 3).'
    )
