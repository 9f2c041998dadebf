"""Relationships whose scope reaches into other tables, and joins to models that hide rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.record import Record, SoftDelete, belongs_to, has_many, has_one

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE teams (id INTEGER PRIMARY KEY NOT NULL, name TEXT);
CREATE TABLE players (
  id INTEGER PRIMARY KEY NOT NULL, team_id INTEGER, rank_id INTEGER, name TEXT, number INTEGER
);
CREATE TABLE ranks (id INTEGER PRIMARY KEY NOT NULL, name TEXT, deleted_at DATETIME);
CREATE TABLE goals (
  id INTEGER PRIMARY KEY NOT NULL, player_id INTEGER, minute INTEGER, deleted_at DATETIME
);
"""
wanted = "first"


class Team(Record):
    players: Any = has_many("Player")
    first_rank: Any = has_many(
        "Player", lambda players: players.where(rank={"name": wanted}).where(number=[1, 2, 3])
    )
    ranked: Any = has_many("Player", lambda players: players.joins("rank").order("-rank.name"))
    scorers: Any = has_many(
        "Player", lambda players: players.where_exists("goals").where(rank={"name": "first"})
    )
    best: Any = has_one("Player", lambda players: players.where(rank={"name": "first"}).order("id"))
    first_goals: Any = has_many("Goal", through="first_rank", source="goals")


class Player(Record):
    id: Any
    name: Any
    team: Any = belongs_to("Team")
    rank: Any = belongs_to("Rank")
    goals: Any = has_many("Goal")
    late_goals: Any = has_many("Goal", lambda goals: goals.where(minute=90))


class Rank(SoftDelete):
    """A rank, which may be hidden."""


class Goal(SoftDelete):
    player: Any = belongs_to("Player")


@pytest.fixture
async def league(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    models = [Team, Player, Rank, Goal]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        first, second = await Rank.create(name="first"), await Rank.create(name="second")
        north, south = await Team.create(name="north"), await Team.create(name="south")
        await Team.create(name="empty")
        for team, rank, name, number in (
            (north, first, "Ada", 1),
            (north, second, "Bea", 2),
            (north, first, "Cid", 9),
            (south, second, "Dan", 1),
        ):
            player: Any = await Player.create(team=team, rank=rank, name=name, number=number)
            await player.goals.create(minute=number)
            await player.goals.create(minute=90)
        yield configuration


def names(records: Any) -> list[str]:
    return [one.name for one in records]


async def test_a_scope_that_reaches_further_is_loaded(league: Configuration) -> None:
    teams = await Team.preload("first_rank", "ranked", "scorers", "best").order("id")
    assert [names(team.first_rank) for team in teams] == [["Ada"], [], []]
    assert [names(team.ranked) for team in teams] == [["Bea", "Ada", "Cid"], ["Dan"], []]
    assert [names(team.scorers) for team in teams] == [["Ada", "Cid"], [], []]
    assert [team.best and team.best.name for team in teams] == ["Ada", None, None]
    fresh = await Team.find(1)
    assert names(await fresh.load("first_rank")) == ["Ada"]
    assert await fresh.first_rank.where(number=1).count() == 1


async def test_a_scope_that_reaches_further_is_joined(league: Configuration) -> None:
    assert await Team.joins("first_rank").pluck("name") == ["north"]
    assert await Team.joins("ranked").count() == 4
    assert await Team.joins("scorers").count() == 2
    assert await Team.where(first_rank={"name": "Ada"}).pluck("name") == ["north"]
    assert await Team.where(first_rank={"name": "Bea"}).count() == 0
    assert await Team.where(first_rank={"rank": {"name": "first"}}).pluck("name") == ["north"]
    assert await Team.where_exists("best").pluck("name") == ["north"]
    assert await Team.where_missing("best").order("id").pluck("name") == ["south", "empty"]


async def test_rows_without_a_partner_stay_where_they_should(league: Configuration) -> None:
    teams = Team.left_joins("first_rank")
    assert await teams.order("id").pluck("name") == ["north", "south", "empty"]
    assert await teams.order("-first_rank.name").limit(1).pluck("name") == ["north"]
    both = await Team.left_joins("first_rank", "players").where(name="north").count()
    assert both == 3


async def test_a_way_through_such_a_scope_is_walked(league: Configuration) -> None:
    team: Any = await Team.find(1)
    assert sorted(goal.minute for goal in await team.first_goals) == [1, 90]
    assert await team.first_goals.where(minute=90).count() == 1
    assert await Team.where(first_goals={"minute": 90}).pluck("name") == ["north"]
    preloaded: Any = await Team.preload("first_goals").order("id")
    assert [len(one.first_goals) for one in preloaded] == [2, 0, 0]
    assert await team.first_goals.where(minute=90).delete_all() == 1


async def test_a_scope_is_asked_anew_each_time(
    league: Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await Team.joins("first_rank").pluck("name") == ["north"]
    team: Any = await Team.find(2)
    assert await team.first_goals.where(minute=90).count() == 0
    assert await team.first_goals.where(minute=90).update_all(minute=91) == 0
    monkeypatch.setitem(globals(), "wanted", "second")
    assert await Team.joins("first_rank").order("id").pluck("name") == ["north", "south"]
    assert await team.first_goals.where(minute=90).count() == 1
    assert await team.first_goals.where(minute=90).update_all(minute=91) == 1


async def test_joins_to_models_that_hide_rows_are_planned_once(league: Configuration) -> None:
    async def count() -> int:
        return await Player.joins("rank").where(goals={"minute": 90}).count()

    assert await count() == 4
    schema = Player._definition.schema_or_fail()
    before = dict(schema.plans)
    assert await count() == 4
    assert schema.plans == before
    await (await Rank.find(2)).destroy()
    assert await count() == 2
    assert schema.plans == before
    assert any(
        "players" in plan.compiled.sql and "deleted_at" in plan.compiled.sql
        for plan in schema.plans.values()
        if hasattr(plan, "compiled")
    )


async def test_joins_along_scopes_of_their_own_are_not_remembered(league: Configuration) -> None:
    await Player.joins("late_goals").count()
    before = len(Player._definition.schema_or_fail().plans)
    await Player.joins("late_goals").where(name="Ada").count()
    assert len(Player._definition.schema_or_fail().plans) == before
