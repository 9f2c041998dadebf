"""Whatever the lists, the rules, the rows and the commands are: what a client is answered is what
it would be answered where neither the rows nor the attributes exist that its ability forbids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.permissions.clients import Asked, lists_of, names_of, resources_of, without
from tests.permissions.conditions import rule
from tests.permissions.test_abilities_properties import DRILLED, DRILLS, ENGINES, examine
from tests.permissions.world import MODELS, number, text
from tests.suites.exposing import Client
from velocious import current
from velocious.authorization import Ability
from velocious.resource.registry import Resources

if TYPE_CHECKING:
    from random import Random

EXAMPLES = {"sqlite": 60, "postgresql": 15, "mariadb": 15}
#: Commands to each world.
ASKED = 15


@pytest.mark.parametrize("engine", ENGINES)
def test_answers_say_nothing_of_what_is_forbidden(engine: str) -> None:
    examine(engine, hide, EXAMPLES[engine])


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_is_written_that_is_forbidden(engine: str) -> None:
    examine(engine, write, EXAMPLES[engine])


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", ENGINES)
def test_many_answers_say_nothing_of_what_is_forbidden(engine: str, number: int) -> None:
    examine(engine, hide, DRILLED, number)


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_of_much_is_written_that_is_forbidden(engine: str, number: int) -> None:
    examine(engine, write, DRILLED, number)


class Place:
    """The application that is open, with other resources and another asker each time."""

    def __init__(self) -> None:
        self._configuration = current.configuration()
        self._configuration.ability_resolver = lambda: self.ability
        self.ability = Ability(resources=[])
        self._client: Client | None = None

    def expose(self, resources: Any, ability: Ability) -> None:
        self._configuration._resources = Resources(resources)
        self.ability = ability
        self._client = Client(self._configuration)

    async def answers(self, entries: list[dict[str, Any]]) -> list[Any]:
        assert self._client is not None
        return await self._client.batch(*entries)


def _rules(random: Random, ability: Ability, actions: tuple[str, ...]) -> None:
    for model in MODELS:
        if random.random() < 0.4:
            ability.can(["read", "update"], model)
        for _ in range(random.randint(0, 3)):
            say = ability.can if random.random() < 0.7 else ability.cannot
            some = [one for one in actions if random.random() < 0.6] or ["read"]
            say(some, model, rule(random, model))


async def hide(random: Random) -> None:
    place, lists = Place(), lists_of(random)
    ability = Ability(resources=[])
    _rules(random, ability, ("read",))
    for model in MODELS:
        names = [name for name in names_of(model) if random.random() < 0.2]
        if names:
            ability.cannot("read", model, fields=names)
    forbidden = {model: _forbidden(ability, model) for model in MODELS}
    commands = [Asked(random).entry for _ in range(ASKED)]
    place.expose(resources_of(lists), ability)
    told = await place.answers(commands)
    assert not any(one.get("code") == "internal_error" for one in told), told
    visible = {model: await model.accessible(ability).ids() for model in MODELS}
    for model, ids in visible.items():
        await model.where_not(id=ids).delete_all()
    everything = Ability(resources=[])
    for model in MODELS:
        everything.can("read", model)
    place.expose(resources_of(without(lists, forbidden)), everything)
    for command, before, after in zip(commands, told, await place.answers(commands), strict=True):
        assert _plain(before) == _plain(after), command


def _forbidden(ability: Ability, model: Any) -> list[str]:
    allowed = ability.fields("read", model)
    return [
        name for name in ("id", *names_of(model)) if allowed is not None and name not in allowed
    ]


def _plain(response: Any) -> Any:
    """*response* without the order of rows that nobody sorts: related ones, and groups."""
    if isinstance(response, dict):
        pairs = cast("dict[str, Any]", response).items()
        return {name: _in_order(name, _plain(value)) for name, value in pairs}
    if isinstance(response, list):
        return [_plain(one) for one in cast("list[Any]", response)]
    return response


def _in_order(name: str, value: Any) -> Any:
    if not isinstance(value, list) or name in ("models", "values"):
        return cast("Any", value)
    return sorted(cast("list[Any]", value), key=repr)


async def write(random: Random) -> None:
    place, lists = Place(), lists_of(random)
    ability = Ability(resources=[])
    _rules(random, ability, ("read", "create", "update", "destroy", "manage"))
    place.expose(resources_of(lists), ability)
    for _ in range(ASKED):
        await _write_one(random, place, lists)


async def _write_one(random: Random, place: Place, lists: Any) -> None:
    model, ability = random.choice(MODELS), place.ability
    kind = random.choice(["create", "update", "destroy"])
    key = random.randint(1, 6)
    attributes = {
        name: text(random) if name == "name" else number(random)
        for name in random.sample(names_of(model), random.randint(0, 2))
        if name != "done"
    }
    before = await _everything()
    record = await model.find_by(id=key)
    readable = record is not None and await ability.allows("read", record)
    allowed = record is not None and kind != "create" and await ability.allows(kind, record)
    payload = {"id": key, "attributes": attributes}
    entry = {"commandType": kind, "model": model.__name__, "payload": payload}
    (response,) = await place.answers([entry])
    assert response.get("code") != "internal_error", response
    if response["status"] == "error":
        assert await _everything() == before
        if kind != "create":
            assert (response["code"] == "record_not_found") == (not readable)
        return
    listed = lists[model]["attributes"]
    if kind != "destroy":
        assert set(attributes) <= set(listed)
    if kind != "create":
        assert readable
        assert allowed
    if kind == "destroy":
        assert await model.find_by(id=key) is None
        return
    after = await model.find(response["model"]["id"])
    assert await ability.allows(kind, after)
    if not await ability.allows("read", after):
        assert set(response["model"]) <= {"id", *attributes}


async def _everything() -> list[Any]:
    return [[one.attributes() for one in await model.order("id").to_list()] for model in MODELS]
