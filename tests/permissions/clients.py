"""Random resources, and random commands to them, as any client could send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.permissions.conditions import keywords, partner, plain, way
from tests.permissions.world import MODELS, NUMBERS, TEXTS, WAYS, Card, Note, number, text
from velocious.query.conditions import Comparison
from velocious.resource import Resource
from velocious.resource.names import camel

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

    type Lists = Mapping[Any, Mapping[str, list[str]]]

#: The lists that a resource has, each on its own.
LISTED = ("attributes", "filterable", "sortable", "pluckable")


def names_of(model: Any) -> list[str]:
    """The attributes of *model* that something may be forbidden of."""
    return [*NUMBERS[model], *TEXTS[model], *(["done"] if model is Card else [])]


def lists_of(random: Random) -> Lists:
    """What each model's resource lists: mostly most of it. Keys are in all lists, so that rows can
    be told apart.
    """
    found: dict[Any, dict[str, list[str]]] = {}
    for model in MODELS:
        known = names_of(model)
        found[model] = {
            one: ["id", *(name for name in known if random.random() < 0.8)] for one in LISTED
        }
        ways = [*WAYS[model], *(["subject"] if model is Note else [])]
        found[model]["relationships"] = [one for one in ways if random.random() < 0.9]
    return found


def without(lists: Lists, forbidden: Mapping[Any, list[str]]) -> Lists:
    """*lists* that do not know what is *forbidden*."""
    return {
        model: {
            one: names
            if one == "relationships"
            else [name for name in names if name not in forbidden[model]]
            for one, names in them.items()
        }
        for model, them in lists.items()
    }


def resources_of(lists: Lists) -> list[type[Resource]]:
    """The resources that list so."""
    return [
        type(
            f"{model.__name__}Resource",
            (Resource,),
            {
                **them,
                "model": model,
                "writable": [name for name in names_of(model) if name in them["attributes"]],
                "max_page_size": 500,
            },
        )
        for model, them in lists.items()
    ]


class Asked:
    """A command that reads."""

    def __init__(self, random: Random) -> None:
        self.model: Any = random.choice(MODELS)
        self._random = random
        self.kind = random.choice(["index", "index", "index", "find", "count", "pluck"])
        self.payload: dict[str, Any] = {}
        for _ in range(random.randint(0, 3)):
            self._narrow()
        getattr(self, f"_{self.kind}")()

    @property
    def entry(self) -> dict[str, Any]:
        return {"commandType": self.kind, "model": self.model.__name__, "payload": self.payload}

    # Conditions

    def _narrow(self) -> None:
        random, model = self._random, self.model
        kinds = ["where", "search", "data", "data"] + (["exists", "join"] if WAYS[model] else [])
        match random.choice(kinds):
            case "where":
                self.payload["where"] = self._called(keywords(random, model))
            case "search":
                self.payload.setdefault("searches", []).append(self._search())
            case "data":
                self._add(model.where(self._condition()))
            case "exists":
                self._add(partner(random, model)(model.query()))
            case _:
                path, _ = way(random, model)
                self.payload[random.choice(["joins", "leftJoins"])] = [path]

    def _add(self, query: Any) -> None:
        self.payload.setdefault("conditions", []).extend(query.to_data()["where"])

    def _condition(self) -> Any:
        random, model = self._random, self.model
        if random.random() < 0.3:
            target = random.choice([one for one in MODELS if one is not Note])
            inner = target.where(keywords(random, target, 1))
            inner = inner.select(random.choice(["id", "level"]))
            name = random.choice(NUMBERS[model])
            return Comparison(model, name, random.choice(["in", "not_in"]), inner)
        return plain(random, model)

    def _search(self) -> dict[str, Any]:
        random = self._random
        path, target = self._way()
        words = random.random() < 0.3 and bool(TEXTS[target])
        column = random.choice(TEXTS[target] if words else NUMBERS[target])
        operator = random.choice(["like", "eq"] if words else ["eq", "notEq", "gt", "lteq"])
        value: Any = (text(random) or "a%") if words else number(random)
        if operator in ("eq", "notEq") and random.random() < 0.3:
            value = random.choice([None, [value]])
        return {"path": path, "column": self._name(column), "operator": operator, "value": value}

    def _called(self, pairs: Any) -> Any:
        if not isinstance(pairs, dict):
            return pairs
        return {self._name(name): self._called(value) for name, value in pairs.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

    def _name(self, name: str) -> str:
        return camel(name) if self._random.random() < 0.5 else name

    def _way(self) -> tuple[list[str], Any]:
        if not WAYS[self.model] or self._random.random() < 0.5:
            return [], self.model
        path, target = way(self._random, self.model)
        return [self._name(step) for step in path.split(".")], target

    def _column(self) -> dict[str, Any]:
        path, target = self._way()
        return {"path": path, "column": self._name(self._random.choice(names_of(target)))}

    # Kinds

    def _index(self) -> None:
        random = self._random
        self._sort()
        if random.random() < 0.5 and (WAYS[self.model] or self.model is Note):
            path = way(random, self.model, 3)[0] if WAYS[self.model] else "subject"
            self.payload["preload"] = [path]
        if random.random() < 0.3:
            model = random.choice(MODELS)
            some = random.sample(names_of(model), min(2, len(names_of(model))))
            self.payload["select"] = {model.__name__: ["id", *map(self._name, some)]}
        if random.random() < 0.2:
            self.payload["group"] = [random.choice(names_of(self.model))]
        if random.random() < 0.3:
            self.payload |= {"limit": random.randint(0, 4), "offset": random.randint(0, 2)}

    def _find(self) -> None:
        self.payload = {"id": self._random.randint(1, 6)}
        if WAYS[self.model]:
            self.payload["preload"] = [way(self._random, self.model)[0]]

    def _count(self) -> None:
        if self._random.random() < 0.4:
            self.payload["group"] = [self._column()]

    def _pluck(self) -> None:
        self.payload["pluck"] = [self._column(), "id"]
        self._sort()

    def _sort(self) -> None:
        sort: list[Any] = []
        if self._random.random() < 0.6:
            direction = self._random.choice(["asc", "desc"])
            sort.append({**self._column(), "direction": direction})
        # Where there is nothing else to say which row is first.
        self.payload["sort"] = [*sort, "id"]
