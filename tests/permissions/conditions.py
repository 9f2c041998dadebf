"""Random conditions of a model, for rules and for queries alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.world import NUMBERS, TEXTS, WAYS, Card, Person, number, text
from velocious.query import all_of, any_of, raw
from velocious.query.conditions import Comparison, Group, Keywords

if TYPE_CHECKING:
    from random import Random

    from velocious.authorization.rule import Given, Narrow

_ORDERED = ["gt", "gteq", "lt", "lteq", "eq", "not_eq"]


def pair(random: Random, model: Any) -> tuple[str, Any]:
    """An attribute and what it shall equal."""
    kinds = ["number", "null", "list"]
    kinds += ["text"] if TEXTS[model] else []
    kinds += ["boolean"] if model is Card else []
    kinds += ["decimal"] if model is Person else []
    name = random.choice(NUMBERS[model])
    match random.choice(kinds):
        case "number":
            return name, number(random)
        case "null":
            return random.choice([*NUMBERS[model], *TEXTS[model]]), None
        case "list":
            some: list[Any] = [number(random) for _ in range(random.randint(0, 3))]
            return name, [*some, None] if random.random() < 0.3 else some
        case "text":
            return random.choice(TEXTS[model]), text(random)
        case "boolean":
            return "done", random.choice([True, False])
        case _:
            return "price", random.choice(["1.5", "2.00"])


def keywords(random: Random, model: Any, deep: int = 2) -> dict[str, Any]:
    """Equality, along relationships too."""
    if deep and WAYS[model] and random.random() < 0.4:
        way, target = random.choice(list(WAYS[model].items()))
        return {way: keywords(random, target, deep - 1)}
    return dict(pair(random, model) for _ in range(random.randint(1, 2)))


def plain(random: Random, model: Any, deep: int = 2) -> Any:
    """A condition on the model's own columns."""
    if deep and random.random() < 0.4:
        parts = [plain(random, model, deep - 1) for _ in range(random.randint(1, 3))]
        return random.choice([any_of, all_of, lambda *them: Group("not", them)])(*parts)
    if random.random() < 0.4:
        return Keywords(dict([pair(random, model)]))
    name = random.choice(NUMBERS[model])
    if TEXTS[model] and random.random() < 0.3:
        operator = random.choice(["like", "not_like", "gt", "not_eq"])
        return Comparison(model, TEXTS[model][0], operator, text(random) or "a%")
    if random.random() < 0.2:
        low = number(random)
        return Comparison(model, name, "between", [low, low + 2])
    if random.random() < 0.2:
        some: list[Any] = [number(random), random.choice([None, number(random)])]
        return Comparison(model, name, random.choice(["in", "not_in"]), some)
    operator = random.choice(_ORDERED)
    value = None if operator in ("eq", "not_eq") and random.random() < 0.3 else number(random)
    return Comparison(model, name, operator, value)


def partner(random: Random, model: Any) -> Narrow:
    """What makes a query find rows with, or without, a partner."""
    path, target = way(random, model)
    method = random.choice(["where_exists", "where_missing"])
    attributes = dict([pair(random, target)]) if random.random() < 0.7 else {}
    return lambda query: getattr(query, method)(path, **attributes)


def way(random: Random, model: Any, longest: int = 2) -> tuple[str, Any]:
    """A path of relationships, and the model at its end."""
    steps: list[str] = []
    for _ in range(random.randint(1, longest)):
        if not WAYS[model]:
            break
        step, model = random.choice(list(WAYS[model].items()))
        steps.append(step)
    return ".".join(steps), model


def rule(random: Random, model: Any) -> Given:
    """What a rule may be given."""
    kinds = ["none", "hash", "plain", "plain", "raw"]
    kinds += ["partner", "narrow", "other"] if WAYS[model] else []
    match random.choice(kinds):
        case "none":
            return None
        case "hash":
            return keywords(random, model)
        case "plain":
            return plain(random, model)
        case "raw":
            table = model._definition.table_name
            name, sign = random.choice(NUMBERS[model]), random.choice(["<", ">=", "="])
            return raw(f"{table}.{name} {sign} ?", number(random))
        case "partner":
            return partner(random, model)
        case "narrow":
            condition, negated = keywords(random, model), random.random() < 0.5
            return lambda query: query.where_not(condition) if negated else query.where(condition)
        case _:
            path, target = way(random, model)
            inner = keywords(random, target, 1)
            return lambda query: query.left_joins(path).where(any_of(*_under(path, inner), KEPT))


#: Fits about half of all rows of whatever model.
KEPT = Keywords({"level": [0, 1, None]})


def _under(path: str, inner: dict[str, Any]) -> list[Keywords]:
    for step in reversed(path.split(".")):
        inner = {step: inner}
    return [Keywords(inner)]
