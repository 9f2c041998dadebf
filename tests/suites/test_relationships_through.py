"""Relationships that lead through others: join tables, and chains of owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.dialects import failure, trigger
from tests.suites.statements import recorded_statements
from velocious.errors import (
    ConfigurationError,
    RecordError,
    RecordNotPersistedError,
    UnknownRelationshipError,
)
from velocious.record import Record, belongs_to, has_many, has_one

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.record import Attribute
    from velocious.testing.environment import TestEnvironment

SCHEMA = """
CREATE TABLE clubs (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE teams (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, club_id INTEGER, name TEXT);
CREATE TABLE memberships (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  team_id INTEGER NOT NULL, player_id INTEGER NOT NULL, role TEXT);
CREATE TABLE players (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name TEXT);
CREATE TABLE goals (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  player_id INTEGER, minute INTEGER)
"""


class Club(Record):
    id: Attribute[int]
    teams = has_many("Team")
    memberships = has_many("Membership", through="teams")
    players = has_many("Player", lambda players: players.order("-name"), through="memberships")
    goals = has_many("Goal", through="players")


class Team(Record):
    id: Attribute[int]
    name: Attribute[str]
    club = belongs_to("Club")
    memberships = has_many("Membership")
    captaincies = has_many("Membership", lambda rows: rows.where(role="captain"))
    players = has_many("Player", through="memberships")
    captain = has_one("Player", through="captaincies")
    people = has_many(
        "Player", lambda players: players.order("name"), through="memberships", source="player"
    )
    goals = has_many("Goal", through="players")
    wrong = has_many("Player", through="membership")
    sourceless = has_many("Goal", through="memberships")


class Membership(Record):
    role: Attribute[str]
    team = belongs_to("Team")
    player = belongs_to("Player")
    club = has_one("Club", through="team")


class Player(Record):
    id: Attribute[int]
    name: Attribute[str]
    memberships = has_many("Membership")
    teams = has_many("Team", through="memberships")
    goals = has_many("Goal")


class Goal(Record):
    minute: Attribute[int]
    player = belongs_to("Player")


@pytest.fixture
async def league(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    models = [Club, Team, Membership, Player, Goal]
    async with environment.application(models=models, schema=SCHEMA) as configuration:
        await Club.insert_multiple(["name"], [["North"], ["South"]])
        await Team.insert_multiple(["name", "club_id"], [["A", 1], ["B", 1], ["C", 2]])
        await Player.insert_multiple(["name"], [["Ada"], ["Bea"], ["Cid"]])
        await Membership.insert_multiple(
            ["team_id", "player_id", "role"],
            [[1, 1, "captain"], [1, 2, "wing"], [2, 1, "wing"], [2, 1, "coach"], [3, 3, "wing"]],
        )
        await Goal.insert_multiple(["player_id", "minute"], [[1, 5], [1, 80], [3, 44]])
        yield configuration


async def test_a_join_table_that_holds_both_keys_is_loaded(league: Configuration) -> None:
    team = await Team.find(1)
    with recorded_statements(league) as statements:
        players = await team.people
    assert len(statements) == 1
    assert [player.name for player in players] == ["Ada", "Bea"]
    assert sorted(team.name for team in await players[0].teams) == ["A", "B"]


async def test_two_rows_in_between_are_one_record(league: Configuration) -> None:
    team = await Team.find(2)
    assert [player.name for player in await team.players] == ["Ada"]
    assert await team.players.count() == 1


async def test_it_is_preloaded_with_one_statement(league: Configuration) -> None:
    with recorded_statements(league) as statements:
        teams = await Team.preload({"people": "goals"}).order("id")
    assert len(statements) == 3
    names = [[player.name for player in team.people] for team in teams]
    assert names == [["Ada", "Bea"], ["Ada"], ["Cid"]]
    assert teams[0].people[0] is teams[1].people[0]
    assert [goal.minute for goal in teams[0].people[0].goals] == [5, 80]


async def test_the_first_load_serves_all_siblings(league: Configuration) -> None:
    teams = await Team.order("id")
    with recorded_statements(league) as statements:
        assert [len(await team.players) for team in teams] == [2, 1, 1]
        for player in teams[0].players:
            await player.goals
        assert teams[2].players[0].goals.loaded
    assert len(statements) == 2


async def test_it_is_searched_along_and_joined(league: Configuration) -> None:
    assert await Team.where(players={"name": "Ada"}).distinct().order("id").pluck("name") == [
        "A",
        "B",
    ]
    assert await Team.where(players={"name": "Bea"}).exists()
    assert not await Team.where(players={"name": "Nobody"}).exists()
    assert await Team.joins("players").count() == 5
    assert await Player.where(teams={"club": {"name": "South"}}).pluck("name") == ["Cid"]
    await Player.create(name="Dan")
    assert await Player.left_joins("teams").where(teams={"name": None}).pluck("name") == ["Dan"]


async def test_the_way_can_be_named_too(league: Configuration) -> None:
    query = Team.where(memberships={"role": "captain"}, players={"name": "Bea"})
    # A captain, and a player called Bea: they may be two.
    assert await query.pluck("name") == ["A"]


async def test_queries_on_a_collection_ask_the_database(league: Configuration) -> None:
    team = await Team.find(1)
    assert await team.players.where(name="Bea").pluck("name") == ["Bea"]
    assert await team.players.order("-name").pluck("name") == ["Bea", "Ada"]
    assert await team.goals.where(Goal.minute > 10).count() == 1
    assert await team.players.where(teams={"name": "B"}).pluck("name") == ["Ada", "Ada"]
    assert not await team.players.where(name="Cid").exists()


async def test_ways_lead_over_several_others(league: Configuration) -> None:
    clubs = await Club.preload("players", "goals", "memberships").order("id")
    assert [[player.name for player in club.players] for club in clubs] == [["Bea", "Ada"], ["Cid"]]
    assert [sorted(goal.minute for goal in club.goals) for club in clubs] == [[5, 80], [44]]
    assert [len(club.memberships) for club in clubs] == [4, 1]
    assert await Club.where(goals={"minute": 44}).pluck("name") == ["South"]
    assert await clubs[0].goals.count() == 2


async def test_a_scope_in_between_counts(league: Configuration) -> None:
    team, other = await Team.where(id=[1, 2]).order("id").preload("captain")
    assert team.captain.name == "Ada"
    assert other.captain is None
    assert await Team.where(captain={"name": "Ada"}).pluck("name") == ["A"]
    assert await Team.where(captain={"name": "Bea"}).pluck("name") == []


async def test_a_has_one_leads_through_a_belongs_to(league: Configuration) -> None:
    memberships = await Membership.preload("club").order("id")
    assert [membership.club.name for membership in memberships][-2:] == ["North", "South"]
    assert (await (await Membership.find(5)).load("club")).name == "South"


async def test_create_and_add_make_the_row_in_between(league: Configuration) -> None:
    team = await Team.find(3)
    dan = await team.players.create(name="Dan")
    await team.players.add(await Player.find_by_or_fail(name="Ada"))
    assert await Membership.where(team=team).pluck("player_id") == [3, dan.id, 1]
    assert sorted(player.name for player in await team.players) == ["Ada", "Cid", "Dan"]


async def test_a_create_that_fails_leaves_nothing(league: Configuration) -> None:
    team = await Team.find(3)
    dialect = league.database().dialect
    refuse = failure(dialect, "no room")
    for statement in trigger(dialect, "crowd", "BEFORE INSERT", "memberships", refuse):
        await league.database().execute(statement)
    with pytest.raises(Exception, match="no room"):
        await team.players.create(name="Dan")
    assert await Player.where(name="Dan").count() == 0


async def test_what_cannot_be_built_says_how_to_do_it(league: Configuration) -> None:
    team = await Team.find(1)
    with pytest.raises(RecordError, match=r"leads through 'memberships'.*players\.create"):
        team.players.build(name="Dan")
    with pytest.raises(RecordError, match="leads through 'memberships'"):
        Team(name="New", players=[Player(name="Dan")])
    with pytest.raises(RecordError, match="leads through 'memberships'"):
        await team.players.find_or_create_by({"name": "Dan"})
    with pytest.raises(RecordError, match="no row in between that holds both keys"):
        await team.goals.create(minute=3)
    with pytest.raises(RecordNotPersistedError, match="has not been saved"):
        await Team(name="New").players.add(await Player.find(1))


async def test_records_reached_are_not_saved_with_the_owner(league: Configuration) -> None:
    team = await Team.preload("players").find(1)
    team.players[0].name = "Changed"
    await team.update(name="Renamed")
    assert await Player.pluck("name") == ["Ada", "Bea", "Cid"]


async def test_wrong_ways_are_refused_with_close_matches(league: Configuration) -> None:
    team = await Team.find(1)
    with pytest.raises(UnknownRelationshipError, match="'membership'. Did you mean 'memberships'"):
        await team.wrong
    with pytest.raises(UnknownRelationshipError, match="Membership has no relationship 'source"):
        await team.sourceless
    with pytest.raises(ConfigurationError, match=r"dependent='destroy' does not go with through"):
        has_many("Player", through="memberships", dependent="destroy")
