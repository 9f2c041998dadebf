"""Random questions to a model: each asks a query whatever a client could ask, and gives the answer
as plain values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.conditions import keywords, pair, partner, plain, way
from tests.permissions.world import MODELS, NUMBERS, WAYS, Note, number
from velocious.query.conditions import Comparison, Group, Keywords
from velocious.record.relationships.collection import Collection

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from random import Random

    #: Refines a query; and what asks one.
    type Step = Callable[[Any], Any]
    type Ask = Callable[[Any], Awaitable[Any]]


class Question:
    """A query of *model*, and what is asked of it."""

    def __init__(self, random: Random) -> None:
        self.model: Any = random.choice(MODELS)
        self._steps = [_step(random, self.model) for _ in range(random.randint(0, 4))]
        self._ask = _asking(random, self.model)
        self._late = random.random() < 0.5

    async def answer(self, ability: Any = None) -> Any:
        """What somebody with *ability* learns; None: who sees all there is."""
        query = self.model.query()
        if ability is not None and not self._late:
            query = query.seen_by(ability)
        for step in self._steps:
            query = step(query)
        if ability is not None and self._late:
            query = query.seen_by(ability)
        return await self._ask(query)


def _step(random: Random, model: Any) -> Step:
    kinds = ["where", "plain", "not", "either"]
    kinds += ["join", "left", "partner", "order", "filter", "among"] if WAYS[model] else []
    match random.choice(kinds):
        case "where":
            pairs = keywords(random, model)
            return lambda query: query.where(pairs)
        case "plain":
            condition = plain(random, model)
            return lambda query: query.where(condition)
        case "not":
            pairs = keywords(random, model)
            return lambda query: query.where_not(pairs)
        case "either":
            some = Group("any", (Keywords(keywords(random, model)), plain(random, model)))
            return lambda query: query.where(some)
        case "join":
            path, _ = way(random, model)
            return lambda query: query.joins(path)
        case "left":
            path, _ = way(random, model)
            return lambda query: query.left_joins(path)
        case "partner":
            return partner(random, model)
        case "order":
            by = _sorting(random, model)
            return lambda query: query.order(by)
        case "filter":
            return _filter(random, model)
        case _:
            return _among(random, model)


def _sorting(random: Random, model: Any) -> str:
    path, target = way(random, model)
    return f"{random.choice(['', '-'])}{path}.{random.choice(NUMBERS[target])}"


def _filter(random: Random, model: Any) -> Step:
    path, target = way(random, model)
    name, value = f"{path}.{random.choice(NUMBERS[target])}", number(random)
    key = f"{name.replace('.', '_')}_{random.choice(['eq', 'gt', 'not_eq'])}"
    return lambda query: query.search({key: value}, allow=[name])


def _among(random: Random, model: Any) -> Step:
    """One of the keys that another query gives."""
    keys = [name for name in NUMBERS[model] if name.endswith("_id")]
    target = random.choice([one for one in MODELS if one is not Note])
    pairs, operator = keywords(random, target), random.choice(["in", "not_in"])
    name = random.choice(keys or ["level"])
    inner = target.where(pairs)
    if random.random() < 0.3:
        inner = inner.order("-level", "id").limit(2)
    return lambda query: query.where(Comparison(model, name, operator, inner))


def _asking(random: Random, model: Any) -> Ask:
    limit = random.choice([None, None, number(random)])
    kinds = ["ids", "ids", "count", "exists", "pluck", "sum", "first", "distinct"]
    kinds += ["group", "preload", "preload"] if WAYS[model] else []
    match random.choice(kinds):
        case "ids":
            return lambda query: _ids(query, limit)
        case "distinct":
            return lambda query: query.distinct().count()
        case "count":
            return lambda query: query.count()
        case "exists":
            name, value = pair(random, model)
            return lambda query: query.where({name: value}).exists()
        case "pluck":
            names = [random.choice(NUMBERS[model]), "id"]
            return lambda query: _plucked(query, names)
        case "sum":
            name = random.choice(NUMBERS[model])
            return lambda query: query.reorder().sum(name)
        case "first":
            return lambda query: _first(query)
        case "group":
            path, target = way(random, model)
            name = f"{path}.{random.choice(NUMBERS[target])}"
            return lambda query: query.reorder().group(name).count()
        case _:
            path, _ = way(random, model, 3)
            return lambda query: _preloaded(query, path)


async def _ids(query: Any, limit: int | None) -> Any:
    # What else it is sorted by may be equal.
    ids = await query.order("id").limit(limit).ids()
    return ids


async def _plucked(query: Any, names: list[str]) -> Any:
    return sorted(await query.reorder().pluck(*names), key=repr)


async def _first(query: Any) -> Any:
    record = await query.order("id").first()
    return record and record.attributes()


async def _preloaded(query: Any, path: str) -> Any:
    records = await query.order("id").preload(path)
    return [_told(record, path.split(".")) for record in records]


def _told(record: Any, path: list[str]) -> Any:
    """The attributes of a record, and of those that were loaded along *path*."""
    if record is None:
        return None
    told: list[Any] = [record.attributes()]
    if path:
        value = getattr(record, path[0])
        many = isinstance(value, Collection)
        loaded: list[Any] = list(value) if many else [value]  # pyright: ignore[reportUnknownArgumentType]
        below = [_told(one, path[1:]) for one in loaded]
        # A relationship without an order gives its records in any.
        told.append(sorted(below, key=repr) if many else below)
    return told
