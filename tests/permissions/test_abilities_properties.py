"""Whatever the rules, the rows and the questions are: nobody learns of a row that they may not
read, and what is said of one record is what queries find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.permissions.conditions import rule
from tests.permissions.examining import look_at_worlds
from tests.permissions.questions import Question
from tests.permissions.world import MODELS, SCHEMA, rows_of
from velocious.authorization import Ability
from velocious.record.state import DESTROYED
from velocious.testing.environment import environment_called

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from random import Random

ENGINES = ("sqlite", "postgresql", "mariadb")
#: How many cases `make test` looks at; those of servers take longer.
EXAMPLES = {"sqlite": 60, "postgresql": 25, "mariadb": 25}
DRILLS, DRILLED = 20, 200
#: Questions to each world.
ASKED = 12

ACTIONS = ("read", "update")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_said_of_a_record_is_what_queries_find(engine: str) -> None:
    examine(engine, agree, EXAMPLES[engine])


@pytest.mark.parametrize("engine", ENGINES)
def test_a_row_that_may_not_be_read_is_like_one_that_does_not_exist(engine: str) -> None:
    examine(engine, hide, EXAMPLES[engine])


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_said_of_many_records_is_what_queries_find(engine: str, number: int) -> None:
    examine(engine, agree, DRILLED, number)


@pytest.mark.drill
@pytest.mark.parametrize("number", range(DRILLS))
@pytest.mark.parametrize("engine", ENGINES)
def test_many_rows_that_may_not_be_read_are_like_none(engine: str, number: int) -> None:
    examine(engine, hide, DRILLED, number)


def examine(
    engine: str,
    check: Callable[[Random], Coroutine[Any, Any, None]],
    examples: int,
    number: int | None = None,
) -> None:
    """Look at *examples* worlds: always the same ones, or those that the seed *number* makes."""
    environment = environment_called(f"node-{engine}")

    async def look(random: Random) -> None:
        async with environment.application(models=MODELS, schema=SCHEMA):
            for model in MODELS:
                for row in rows_of(random, model):
                    await model.create(row)
            await check(random)

    look_at_worlds(look, examples, number)


def ability_of(random: Random) -> Ability:
    """Whatever somebody may do."""
    ability = Ability(resources=[])
    for model in MODELS:
        # With nothing to see there is nothing to compare.
        if random.random() < 0.3:
            ability.can("read", model)
        for _ in range(random.randint(0, 3)):
            say = ability.can if random.random() < 0.7 else ability.cannot
            actions = random.choice([["read"], ["read", "update"], ["manage"]])
            fields = ["level"] if random.random() < 0.15 else None
            say(actions, model, rule(random, model), fields=fields)
    return ability


async def agree(random: Random) -> None:
    ability = ability_of(random)
    for model in MODELS:
        records = await model.order("id").to_list()
        for action in ACTIONS:
            ids = await model.accessible_for(action, ability).order("id").ids()
            allowed = [one.id for one in records if await ability.allows(action, one)]
            assert allowed == ids
            assert not ids or ability.may(action, model)
            await agree_on_fields(ability, action, model, records)
        await agree_on_what_is_gone(ability, random, records)


async def agree_on_fields(ability: Ability, action: str, model: Any, records: list[Any]) -> None:
    """What holds for the model holds for each record; no field is without its record."""
    of_all = ability.fields(action, model)
    for record in records:
        of_one = await ability.fields_of(action, record)
        if not await ability.allows(action, record):
            assert of_one is not None
            assert list(of_one) == []
        for name in ("level", "name"):
            if of_all is None or name in of_all:
                known = of_one is None or name in of_one
                assert known or not await ability.allows(action, record)


async def agree_on_what_is_gone(ability: Ability, random: Random, records: list[Any]) -> None:
    """A record that is said to have no row is judged as its row is. The row stays: without it,
    rules that come back to its table would say something else.
    """
    if not records:
        return
    record = random.choice(records)
    before = await ability.allows("read", record)
    record._state = DESTROYED
    assert await ability.allows("read", record) is before


async def hide(random: Random) -> None:
    ability = ability_of(random)
    questions = [Question(random) for _ in range(ASKED)]
    seen = [await question.answer(ability) for question in questions]
    visible = {model: await model.accessible(ability).ids() for model in MODELS}
    for model, ids in visible.items():
        await model.where_not(id=ids).delete_all()
    for question, answer in zip(questions, seen, strict=True):
        assert answer == await question.answer()
