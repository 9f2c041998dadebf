"""Whatever the rules are and whatever happens: live events carry no row and no attribute that their
listener may not read, and who sees a row come or go hears of it.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.permissions.conditions import keywords, plain, rule
from tests.permissions.examining import look_at_worlds
from tests.permissions.world import MODELS, SCHEMA, Board, Card, Person, number, rows_of
from velocious.authorization import Ability
from velocious.realtime import Admit, Identity
from velocious.resource import Resource
from velocious.resource.live.desk import desk_of
from velocious.routing import Routes
from velocious.testing.client import Client
from velocious.testing.environment import environment_called

if TYPE_CHECKING:
    from random import Random

    from velocious.configuration import Configuration
    from velocious.realtime import Upgrade
    from velocious.testing.socket import Socket

ENGINES = ("sqlite", "postgresql", "mariadb")
EXAMPLES = {"sqlite": 20, "postgresql": 8, "mariadb": 8}
DRILLS, DRILLED = 5, 150
LISTENERS = ("ann", "bob", "eve")
#: Things that happen in each world.
HAPPENINGS = 8

READABLE = ("id", "name", "level", "done", "board_id")


class CardResource(Resource):
    model = Card
    attributes = READABLE


class World:
    """Who may do what in one example."""

    abilities: ClassVar[dict[str, Ability]] = {}


async def by_query(upgrade: Upgrade) -> Admit:
    return Admit(identity=Identity(upgrade.query["user"]))


def ability_of(user: Any) -> Ability:
    return World.abilities[user]


@pytest.mark.parametrize("engine", ENGINES)
def test_events_carry_nothing_that_their_listener_may_not_read(engine: str) -> None:
    examine(engine, EXAMPLES[engine])


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", ENGINES)
def test_many_events_carry_nothing_that_is_forbidden(engine: str, number: int) -> None:
    examine(engine, DRILLED, number)


def examine(engine: str, examples: int, number: int | None = None) -> None:
    """Look at *examples* worlds: always the same ones, or those that the seed *number* makes."""

    look_at_worlds(partial(look, engine), examples, number)


async def look(engine: str, random: Random) -> None:
    routes = Routes()
    routes.realtime("/realtime", upgrade=by_query)
    # Rules that lead back to the cards say something else without the card that is gone.
    returning = random.random() < 0.3
    World.abilities = {name: _ability(random, returning=returning) for name in LISTENERS}
    async with (
        environment_called(f"node-{engine}").application(
            models=MODELS,
            schema=SCHEMA,
            routes=routes,
            resources=[CardResource],
            ability_resolver=ability_of,
        ) as configuration,
        AsyncExitStack() as stack,
    ):
        await configuration.resources.ready()
        for model in (Person, Board, Card):
            for row in rows_of(random, model):
                await model.create(row)
        client = Client(configuration)
        sockets: dict[str, Socket] = {}
        for name in LISTENERS:
            socket = await stack.enter_async_context(client.socket(f"/realtime?user={name}"))
            await socket.says(type="sub", ch="frontend-models.Card")
            if World.abilities[name].may("read", Card):
                await socket.hears("sub.ok")
                sockets[name] = socket
            else:
                assert (await socket.hears("error"))["code"] == "forbidden"
        for _ in range(HAPPENINGS if sockets else 0):
            await _happen(random, configuration, sockets, exact=not returning)


def _ability(random: Random, *, returning: bool) -> Ability:
    ability = Ability(resources=[])
    for _ in range(random.randint(1, 3)):
        say = ability.can if random.random() < 0.7 else ability.cannot
        fields = random.choice([None, None, ["id", "level", "name"], ["name"]])
        given = rule(random, Card) if returning else _own(random)
        say("read", Card, given, fields=fields)
    return ability


def _own(random: Random) -> Any:
    """A condition on the row itself and what it belongs to."""
    match random.randint(0, 3):
        case 0:
            return {"board": keywords(random, Board, 0)}
        case 1:
            return {"board": {"person": keywords(random, Person, 0)}}
        case 2:
            return None
        case _:
            return plain(random, Card)


async def _happen(
    random: Random, configuration: Configuration, sockets: dict[str, Socket], *, exact: bool
) -> None:
    before = {name: await _visible(name) for name in sockets}
    card, action = await _change(random)
    if card is None:
        return
    await desk_of(configuration.realtime.engines[0]).settled()
    for name, socket in sockets.items():
        told = await _told(socket)
        await _check_records(name, told)
        if exact:
            after = card.id in await _visible(name)
            expected = _expected(action, card.id in before[name], after)
            shown = [one["action"] for one in told]
            # Without its key, nobody could tell which record is meant.
            assert shown == expected or not shown, (name, action, told)
            if not World.abilities[name].fields("read", Card):
                assert shown == expected


async def _change(random: Random) -> tuple[Any, str]:
    cards = await Card.order("id").to_list()
    action = random.choice(["create", "update", "update", "update", "destroy"])
    if action == "create" or not cards:
        [row] = (rows_of(random, Card) or [{"name": "a"}])[:1]
        return await Card.create(row), "create"
    card = random.choice(cards)
    if action == "destroy":
        return await card.destroy(), "destroy"
    changes: Any = random.choice(
        [{"level": number(random)}, {"board_id": number(random)}, {"done": True}, {"name": "A"}]
    )
    card.assign(changes)
    if not card.is_changed():
        return None, "nothing"
    return await card.save(), "update"


def _expected(action: str, before: bool, after: bool) -> list[str]:
    if before and after:
        return [action]
    return ["create"] if after else ["destroy"] if before else []


async def _visible(name: str) -> set[int]:
    return set(await Card.accessible(World.abilities[name]).ids())


async def _told(socket: Socket) -> list[dict[str, Any]]:
    """What *socket* was told since it was last asked."""
    await socket.says(type="ping")
    await socket.hears("pong")
    told = [one["data"] for one in socket.frames if one.get("type") == "event"]
    socket.frames[:] = [one for one in socket.frames if one.get("type") != "event"]
    socket._read = len(socket.frames)
    return told


async def _check_records(name: str, told: list[dict[str, Any]]) -> None:
    """Each record that was told may be read, and so may each of its attributes."""
    ability = World.abilities[name]
    for one in told:
        assert one["action"] != "resync"
        if "record" not in one:
            assert set(one) == {"action", "id", "model"}
            continue
        assert one["id"] in await _visible(name)
        allowed = await ability.fields_of("read", await Card.find(one["id"]))
        names = {"boardId": "board_id"}
        listed = [names.get(key, key) for key in one["record"]]
        assert set(listed) <= set(READABLE)
        assert all(allowed is None or key in allowed for key in listed)
