"""Abilities: what rules let queries find, and what they say of single records."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.models import Account, Comment, Project, Task
from tests.suites.statements import recorded_statements
from velocious.authorization import CRUD, Ability, BaseResource
from velocious.current import Current
from velocious.errors import AbilityNotSetError, AccessDeniedError, QueryError, RuleError
from velocious.query import any_of, raw

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.authorization.rule import Given
    from velocious.configuration import Configuration


@pytest.fixture
async def tasks(tracker: Configuration) -> AsyncIterator[Configuration]:
    nasa = await Account.create(name="NASA")
    apollo = await Project.create(name="Apollo", account=nasa, position=1)
    gemini = await Project.create(name="Gemini")
    await Task.create(name="a", project=apollo, position=1)
    await Task.create(name="b", project=gemini, position=5, done=True)
    await Task.create(name="c", position=None)
    await Comment.create(task=await Task.find_by_or_fail(name="a"), body="x")
    await Comment.create(task=await Task.find_by_or_fail(name="a"), body="x")
    yield tracker


async def found(ability: Ability, action: str = "read") -> list[str]:
    """The names of the tasks on which *action* is allowed, after asking about each of them too."""
    tasks = await Task.order("name").to_list()
    allowed = [task.name for task in tasks if await ability.allows(action, task)]
    names = await Task.accessible_for(action, ability).order("name").pluck("name")
    assert allowed == names
    return names


def nobody() -> Ability:
    return Ability(resources=[])


async def test_nothing_is_found_that_no_rule_allows(tasks: Configuration) -> None:
    assert await found(nobody()) == []
    assert await Task.accessible(nobody()).count() == 0
    assert not await Task.accessible(nobody()).exists()


async def test_a_rule_without_conditions_filters_nothing(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task)
    assert await found(ability) == ["a", "b", "c"]
    assert "WHERE" not in await Task.accessible(ability).to_sql()


async def test_actions_are_apart_and_manage_covers_them_all(tasks: Configuration) -> None:
    ability = nobody()
    ability.can(["read", "update"], Task, done=False)
    ability.can("manage", Task, done=True)
    assert await found(ability, "read") == ["a", "b", "c"]
    assert await found(ability, "archive") == ["b"]
    assert await found(ability, "destroy") == ["b"]
    assert CRUD == ("create", "read", "update", "destroy")


async def test_conditions_are_what_where_takes(tasks: Configuration) -> None:
    rules: list[tuple[tuple[Given, ...], list[str]]] = [
        (({"done": True},), ["b"]),
        ((Task.position > 3,), ["b"]),
        ((Task.position <= 5,), ["a", "b"]),
        ((Task.name == "c",), ["c"]),
        ((any_of(Task.position.is_null(), Task.name.like("b%")),), ["b", "c"]),
        (({"position": None},), ["c"]),
        (({"position": [1, None]},), ["a", "c"]),
        (({"position": [99]},), []),
        ((Task.position.not_in([1]),), ["b"]),
        ((Task.position.between(1, 4),), ["a"]),
        ((raw("tasks.position > ?", 3),), ["b"]),
        ((raw("position > ? OR position IS NULL", 3),), ["b", "c"]),
        (("tasks.position < ?", 3), ["a"]),
        (({"project": {"name": "Apollo"}},), ["a"]),
        (({"project": {"account": {"name": "NASA"}}},), ["a"]),
        ((lambda tasks: tasks.where_exists("comments", body="x"),), ["a"]),
        ((lambda tasks: tasks.where_missing("project"),), ["c"]),
        ((lambda tasks: tasks.joins("comments"),), ["a"]),
        ((lambda tasks: tasks.where(done=False), Task.position == 1), ["a"]),
        ((Task.project_id.in_(Project.where(name="Gemini")),), ["b"]),
    ]
    for given, names in rules:
        ability = nobody()
        ability.can("read", Task, *given)
        assert await found(ability) == names, given


async def test_a_record_may_be_a_condition(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, project=await Project.find_by_or_fail(name="Gemini"))
    assert await found(ability) == ["b"]


async def test_a_rule_that_denies_wins_whatever_the_order(tasks: Configuration) -> None:
    ability = nobody()
    ability.cannot("read", Task, done=True)
    ability.can("read", Task)
    assert await found(ability) == ["a", "c"]
    ability.cannot("read", Task)
    assert await found(ability) == []


async def test_null_forbids_nothing(tasks: Configuration) -> None:
    conditions: list[Given] = [
        Task.position > 3,
        raw("tasks.position > 3"),
        Task.position.not_in([1]),
        any_of(Task.position == 5, Task.position > 7),
        lambda tasks: tasks.where_not(position=1),
    ]
    for condition in conditions:
        ability = nobody()
        ability.can("read", Task)
        ability.cannot("read", Task, condition)
        assert await found(ability) == ["a", "c"]


async def test_rules_repeat_no_row_and_join_nothing(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, comments={"body": "x"})
    ability.can("read", Task, done=False, position=1)
    assert await Task.accessible(ability).count() == 1
    assert " JOIN " not in (await Task.accessible(ability).to_sql()).partition("WHERE")[0]


async def test_accessible_adds_a_predicate_and_no_query(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, project={"name": "Apollo"})
    with recorded_statements(tasks) as statements:
        await Task.accessible(ability).where(done=False).to_list()
    assert len(statements) == 1


async def test_a_query_stays_what_it_is(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, raw("position > 0"))
    query = Task.joins("project").order("-project.position", "name").accessible(ability)
    assert await query.limit(1).pluck("name") == ["a"]
    assert await query.count() == 2
    project = await Project.find_by_or_fail(name="Gemini")
    assert [task.name for task in await project.tasks.accessible(ability)] == ["b"]


async def test_rows_that_may_be_changed_are_changed_and_no_others(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("update", Task, project={"name": "Apollo"})
    ability.can("destroy", Task, done=True)
    assert await Task.accessible_for("update", ability).update_all(position=9) == 1
    assert await Task.accessible_for("destroy", ability).delete_all() == 1
    assert await Task.order("name").pluck("name", "position") == [("a", 9), ("c", None)]


async def test_a_stored_record_is_judged_as_it_is_stored(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("update", Task, position=1)
    task = await Task.find_by_or_fail(name="b")
    task.position = 1
    assert not await ability.allows("update", task)
    task = await Task.find_by_or_fail(name="a")
    task.position = 7
    assert await ability.allows("update", task)
    await task.save()
    assert not await ability.allows("update", task)


async def test_a_new_record_is_judged_as_it_would_be_stored(tasks: Configuration) -> None:
    apollo = await Project.find_by_or_fail(name="Apollo")
    conditions: list[Given] = [
        {"project_id": apollo.id},
        {"name": "new"},
        {"project": {"account": {"name": "NASA"}}},
        raw("tasks.name = ? AND tasks.project_id IN (SELECT id FROM projects)", "new"),
        lambda tasks: tasks.where_exists("project", name="Apollo"),
        lambda tasks: tasks.where_missing("comments").where_not(project_id=None),
    ]
    for condition in conditions:
        ability = nobody()
        ability.can("create", Task, condition)
        assert await ability.allows("create", Task(name="new", project=apollo)), condition
        assert not await ability.allows("create", Task(name="other", position=1)), condition


async def test_what_is_denied_is_denied_of_new_records_too(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("create", Task)
    ability.cannot("create", Task, project={"name": "Apollo"})
    apollo = await Project.find_by_or_fail(name="Apollo")
    assert not await ability.allows("create", Task(name="new", project=apollo))
    assert await ability.allows("create", Task(name="new"))


async def test_a_destroyed_record_is_judged_as_it_was(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, project={"name": "Apollo"})
    task = await Task.find_by_or_fail(name="a")
    await task.destroy()
    assert await ability.allows("read", task)
    other = await Task.find_by_or_fail(name="b")
    await other.destroy()
    assert not await ability.allows("read", other)


async def test_simple_rules_ask_no_database(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("update", Task, project_id=[1, 2], done=False)
    ability.cannot("update", Task, Task.position > 100)
    records = await Task.order("name").to_list()
    with recorded_statements(tasks) as statements:
        assert [await ability.allows("update", one) for one in records] == [True, False, False]
    assert statements == []


async def test_may_says_whether_any_record_could_be_meant(tasks: Configuration) -> None:
    ability = nobody()
    assert not ability.may("update", Task)
    ability.can("update", Task, position=77)
    assert ability.may("update", Task)
    assert not ability.may("destroy", Task)
    ability.cannot("update", Task, done=True)
    ability.cannot("update", Task, fields=["name"])
    assert ability.may("update", Task)
    ability.cannot("manage", Task)
    assert not ability.may("update", Task)


async def test_authorize_raises_with_the_reason_of_the_rule(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("update", Task, done=False, reason="Only open tasks can be changed.")
    ability.cannot("update", Task, position=1, reason="The first one is locked.")
    ability.cannot("update", Task, position=2)
    by_name = {task.name: task for task in await Task.to_list()}
    await ability.authorize("update", by_name["c"])
    with pytest.raises(AccessDeniedError, match=r"^The first one is locked\.$") as caught:
        await ability.authorize("update", by_name["a"])
    assert caught.value.status == 403
    assert caught.value.record is by_name["a"]
    with pytest.raises(AccessDeniedError, match="Only open tasks"):
        await ability.authorize("update", by_name["b"])
    with pytest.raises(AccessDeniedError, match="You may not destroy this Task") as caught:
        await ability.authorize("destroy", by_name["b"])
    assert caught.value.reason is None
    assert caught.value.to_data()["code"] == "access_denied"
    await ability.authorize("update", Task)
    with pytest.raises(AccessDeniedError, match="destroy"):
        await ability.authorize("destroy", Task)


async def test_fields_of_a_model_hold_for_each_of_its_records(tasks: Configuration) -> None:
    ability = nobody()
    assert list(ability.fields("read", Task) or ["?"]) == []
    ability.can("read", Task)
    assert ability.fields("read", Task) is None
    ability.cannot("read", Task, fields=["position"], done=True)
    readable = ability.fields("read", Task)
    assert readable is not None
    assert "position" not in readable
    assert "name" in readable
    assert "overdue" in readable
    assert "id" in list(readable)
    assert "position" not in list(readable)


async def test_fields_of_one_record(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, fields=["id", "name"])
    ability.can("read", Task, fields=["position"], done=True)
    ability.can("read", Task, project={"name": "Apollo"})
    ability.cannot("read", Task, fields=["name"], position=5)
    by_name = {task.name: task for task in await Task.to_list()}
    assert list(ability.fields("read", Task) or ()) == ["id"]
    assert await ability.fields_of("read", by_name["a"]) is None
    assert list(await ability.fields_of("read", by_name["b"]) or ()) == ["id", "position"]
    assert list(await ability.fields_of("read", by_name["c"]) or ()) == ["id", "name"]
    assert list(await ability.fields_of("update", by_name["c"]) or ()) == []


async def test_what_may_be_filtered_by_may_be_read_of_every_record(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task)
    assert ability.fields("filter", Task) is None
    ability.cannot("filter", Task, fields=["name"])
    ability.cannot("read", Task, fields=["position"], done=True)
    fields = ability.fields("filter", Task)
    assert fields is not None
    assert [name for name in ("id", "name", "position") if name in fields] == ["id"]
    ability.can("filter", Task, fields=["id", "done", "position"])
    assert list(ability.fields("filter", Task) or ()) == ["done", "id"]


class Locked(BaseResource):
    model = Task
    asked = 0

    def abilities(self) -> None:
        type(self).asked += 1
        if self.user is None:
            self.can("read", done=True)
            return
        self.can("manage", name=self.user)
        self.cannot("destroy", position=self.context["kept"], reason="It is kept.")


class OfProjects(BaseResource):
    model = Project

    def abilities(self) -> None:
        raise AssertionError("Nobody asked about projects.")


async def test_resources_are_asked_once_and_only_about_their_model(tasks: Configuration) -> None:
    Locked.asked = 0
    ability = Ability(user="a", context={"kept": 1}, resources=[Locked, OfProjects])
    assert Locked.asked == 0
    assert await found(ability) == ["a"]
    assert await found(ability, "destroy") == []
    assert await found(ability, "update") == ["a"]
    assert Locked.asked == 1
    assert await found(Ability(resources=[Locked])) == ["b"]


async def test_rules_that_could_not_be_read_allow_nothing_later(tasks: Configuration) -> None:
    class Broken(BaseResource):
        model = Task

        def abilities(self) -> None:
            self.can("read")
            self.cannot("read", done=self.context["missing"])

    ability = Ability(resources=[Broken])
    for _ in range(2):
        with pytest.raises(KeyError):
            Task.accessible(ability)
    with pytest.raises(KeyError):
        ability.may("read", Task)


async def test_the_current_ability_is_that_of_the_block(tasks: Configuration) -> None:
    assert Current.ability() is None
    assert Current.user() is None
    with pytest.raises(AbilityNotSetError, match=r"Task asks for the current ability.*resolver"):
        Task.accessible()
    anna, bert = Ability(user="anna", resources=[]), Ability(user="bert", resources=[])
    anna.can("read", Task, name="a")
    with Current.with_ability(anna):
        assert Current.user() == "anna"
        assert await Task.accessible().pluck("name") == ["a"]
        with Current.with_ability(bert):
            assert await Task.accessible().pluck("name") == []
        assert Current.ability() is anna
        with Current.with_ability(None), pytest.raises(AbilityNotSetError):
            Task.accessible()


async def test_tasks_that_run_at_the_same_time_have_abilities_of_their_own(
    tasks: Configuration,
) -> None:
    async def work(name: str) -> list[Any]:
        ability = Ability(user=name, resources=[])
        ability.can("read", Task, name=name)
        with Current.with_ability(ability):
            await asyncio.sleep(0)
            seen = await Task.accessible().pluck("name")
            await asyncio.sleep(0)
            return [*seen, Current.user()]

    assert await asyncio.gather(*map(work, "abc")) == [["a", "a"], ["b", "b"], ["c", "c"]]


async def test_mistakes_in_rules_are_told(tasks: Configuration) -> None:
    ability = nobody()
    with pytest.raises(RuleError, match="records of a model"):
        ability.can("read", "Task")  # pyright: ignore[reportArgumentType]
    with pytest.raises(RuleError, match=r"can\(\"read\"\)"):
        ability.can(Task, Task)  # pyright: ignore[reportArgumentType]
    with pytest.raises(RuleError, match="the class Project"):
        ability.can("read", Task, Project)
    with pytest.raises(RuleError, match="names what it is about"):
        ability.can([], Task)
    with pytest.raises(RuleError, match="no ability"):
        Task.accessible_by("anna")  # pyright: ignore[reportArgumentType]
    with pytest.raises(RuleError, match="takes a record"):
        await ability.allows("create", Task)  # pyright: ignore[reportArgumentType]

    async def asks(tasks: Any) -> Any:
        return await tasks.count()

    def nothing(tasks: Any) -> None:
        """What somebody gets who forgets `return`."""

    def others(tasks: Any) -> Any:
        return Project.query()

    wrong: list[Any] = [asks, nothing, others]
    for narrow in wrong:
        other = nobody()
        other.can("read", Task, narrow)
        with pytest.raises(RuleError, match="returns one"):
            Task.accessible(other)


async def test_rules_do_not_travel(tasks: Configuration) -> None:
    ability = nobody()
    ability.can("read", Task, done=False)
    with pytest.raises(QueryError, match="rules of an ability"):
        Task.accessible(ability).to_data()
