"""One rule of an ability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from velocious.errors import RuleError
from velocious.query.conditions import Keywords, RawCondition, parse_conditions
from velocious.query.expressions import Raw
from velocious.query.query import Query
from velocious.query.shape import as_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.query.conditions import Condition
    from velocious.record.record import Record

    type Narrow = Callable[[Query[Any]], Query[Any]]
    #: What ``where`` takes, SQL, or a function of a query.
    type Given = Narrow | object

#: The action that covers every other one.
MANAGE = "manage"


class Rule:
    """What is allowed, or forbidden, to be done with some records of a model.

    Attributes:
        allows: whether it allows or forbids.
        actions: what it is about.
        model: whose records.
        fields: the attributes it is about; None for whole records.
        reason: what to tell somebody who meets it.
        is_unconditional: whether it is about every record.
    """

    __slots__ = (
        "_conditions",
        "_narrow",
        "_query",
        "actions",
        "allows",
        "fields",
        "is_unconditional",
        "model",
        "reason",
    )

    def __init__(
        self,
        allows: bool,
        actions: Any,
        model: type[Record],
        given: tuple[Any, ...],
        attributes: dict[str, Any],
        *,
        fields: Any = None,
        reason: str | None = None,
    ) -> None:
        self.allows = allows
        self.actions = _actions(actions)
        self.model = model
        self.fields = None if fields is None else _names("fields", fields)
        self.reason = reason
        self._conditions, self._narrow = _parsed(model, given, attributes)
        self._query: Query[Any] | None = None
        self.is_unconditional = not self._conditions and not self._narrow

    def covers(self, action: str) -> bool:
        """Whether it is about *action*."""
        return action in self.actions or MANAGE in self.actions

    def query(self) -> Query[Any]:
        """The records that it is about, those that the model's own queries leave out included."""
        if self._query is None:
            self._query = self._made_query()
        return self._query

    def _made_query(self) -> Query[Any]:
        query: Query[Any] = Query(self.model)
        query._conditions = self._conditions
        for narrow in self._narrow:
            query = self._narrowed(narrow(query))
        return query

    def _narrowed(self, found: Any) -> Query[Any]:
        if hasattr(found, "close") and hasattr(found, "__await__"):
            found.close()
        if not isinstance(found, Query) or cast("Any", found)._model is not self.model:
            raise RuleError(
                f"A rule of {self.model.__name__} returned {found!r}. It gets a query of "
                f"{self.model.__name__} and returns one, without asking the database: "
                'lambda tasks: tasks.where_exists("members", user_id=5).'
            )
        query = cast("Query[Any]", found)
        if query._refinements.groups:
            raise RuleError(f"A rule of {self.model.__name__} groups rows. Narrow them with where.")
        return query

    def __repr__(self) -> str:
        verb = "can" if self.allows else "cannot"
        return f"<{verb} {', '.join(sorted(self.actions))} {self.model.__name__}>"


def _actions(given: Any) -> frozenset[str]:
    actions = _names("actions", given)
    if not actions:
        raise RuleError('A rule names what it is about: can("read"), can(["create", "update"]).')
    return actions


def _names(what: str, given: Any) -> frozenset[str]:
    names: list[Any] = [given] if isinstance(given, str) else as_list(given) or []
    wrong = [one for one in names if not isinstance(one, str)]
    if wrong or (not names and as_list(given) is None):
        raise RuleError(
            f"A rule's {what} are names, one or a list of them, not {(wrong or [given])[0]!r}. In "
            'a resource the model is known: can("read"); elsewhere it comes second: '
            'ability.can("read", Task).'
        )
    return frozenset(names)


def _parsed(
    model: type[Record], given: tuple[Any, ...], attributes: dict[str, Any]
) -> tuple[tuple[Condition, ...], tuple[Narrow, ...]]:
    """The conditions among what a rule was given, and its functions of queries."""
    conditions: list[Condition] = []
    narrow: list[Narrow] = []
    if given and isinstance(given[0], str):
        return parse_conditions(given, attributes), ()
    for one in given:
        if isinstance(one, type):
            raise RuleError(
                f"A rule of {model.__name__} was given the class {one.__name__} as a condition. "
                "A resource's rules are about its own model: leave the class out."
            )
        if isinstance(one, Raw):
            conditions.append(RawCondition(one.sql, one.values))
        elif callable(one) and not hasattr(one, "expression"):
            narrow.append(cast("Narrow", one))
        elif one is not None:
            conditions += parse_conditions((one,), {})
    conditions += parse_conditions((), attributes)
    # A mapping without anything in it is no condition.
    kept = (one for one in conditions if not isinstance(one, Keywords) or one.pairs)
    return tuple(kept), tuple(narrow)
