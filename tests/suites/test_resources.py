"""Resources: what clients get, and what they do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.suites.exposing import HERE, MODELS, RESOURCES, SCHEMA, Client, TaskResource
from tests.suites.models import Account, Comment, Project, Task
from velocious.authorization import Ability
from velocious.resource import command

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def exposed(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, frontend_models=HERE
    ) as configuration:
        nasa = await Account.create(name="NASA")
        apollo = await Project.create(name="Apollo", account=nasa)
        secret = await Project.create(name="Secret")
        for name, project in (("a", apollo), ("b", secret), ("c", None)):
            await Task.create(name=name, project=project)
        await Task.create(name="hidden", project=apollo)
        a = await Task.find_by_or_fail(name="a")
        await Comment.create(task=a, body="public")
        await Comment.create(task=a, body="private")
        TaskResource.asked.clear()
        yield configuration


@pytest.fixture
async def client(exposed: Configuration) -> Client:
    return Client(exposed)


async def test_rows_come_with_what_is_listed_and_nothing_else(client: Client) -> None:
    response = await client.do("index", sort="name")
    assert response["status"] == "success"
    first = response["models"][0]
    names = ["id", "name", "done", "projectId", "createdAt", "length"]
    assert list(first) == names
    assert first["name"] == "a"
    assert first["length"] == 1
    assert first["createdAt"]["__velocious_type"] == "date"


async def test_a_client_in_python_gets_names_as_they_are(exposed: Configuration) -> None:
    client = Client(exposed, form="python")
    response = await client.do("find", id=1)
    assert "project_id" in response["model"]


async def test_rows_that_no_rule_allows_are_not_there(client: Client) -> None:
    assert await client.names(sort="name") == ["a", "b", "c"]
    assert (await client.do("count"))["count"] == 3
    assert (await client.do("pluck", pluck=["name"], sort="name"))["values"] == ["a", "b", "c"]
    missing = await client.do("find", id=4)
    assert missing["code"] == "record_not_found"
    assert await client.do("find", id=44) | {"errorMessage": ""} == missing | {"errorMessage": ""}


async def test_hashes_arrays_nulls_and_related_hashes_narrow(client: Client) -> None:
    assert await client.names(where={"name": "a"}) == ["a"]
    assert await client.names(where={"name": ["a", "c"]}, sort="-name") == ["c", "a"]
    assert await client.names(where={"projectId": None}) == ["c"]
    assert await client.names(where={"project": {"name": "Apollo"}}) == ["a"]
    assert await client.names(where={"project": {"account": {"name": "NASA"}}}) == ["a"]


async def test_searches_compare(client: Client) -> None:
    def search(operator: str, value: Any, column: str = "name", path: Any = ()) -> Any:
        one = {"path": [*path], "column": column, "operator": operator, "value": value}
        return client.names(searches=[one], sort="name")

    assert await search("like", "%a%") == ["a"]
    assert await search("gt", "a") == ["b", "c"]
    assert await search("notEq", "a") == ["b", "c"]
    assert await search("notEq", ["a", "b"]) == ["c"]
    assert await search("eq", ["a", "b"]) == ["a", "b"]
    assert await search("eq", None, "projectId") == ["c"]
    assert await search("notEq", None, "projectId") == ["a", "b"]
    assert await search("eq", "Apollo", path=["project"]) == ["a"]


async def test_conditions_are_those_of_a_query_as_data(client: Client) -> None:
    query = Task.where(Task.name.in_(["a", "b"])).where_not(done=True)
    assert await client.names(conditions=query.to_data()["where"], sort="name") == ["a", "b"]
    nested = Project.where(name="Apollo").select("id")
    query = Task.where(project_id=nested)
    assert await client.names(conditions=query.to_data()["where"]) == ["a"]
    exists = Task.where_exists("comments", body="public").to_data()["where"]
    assert await client.names(conditions=exists) == ["a"]


async def test_columns_of_models_that_a_query_does_not_join_are_its_clients_mistake(
    client: Client,
) -> None:
    apollo = cast("Any", Project).name == "Apollo"
    alone = {"conditions": Task.where(apollo).to_data()["where"]}
    asked: dict[str, Any] = {"index": {}, "count": {}, "pluck": {"pluck": ["name"]}}
    for kind, more in asked.items():
        refused = await client.do(kind, **alone, **more)
        assert refused["code"] == "malformed_command"
        assert "does not join Project" in refused["errorMessage"]
    assert await client.names(**alone, joins=["project"]) == ["a"]


async def test_sql_is_refused_wherever_it_stands(client: Client) -> None:
    conditions = Task.where("1 = 1").to_data()["where"]
    assert (await client.do("index", conditions=conditions))["code"] == "raw_query_refused"
    inner = Task.where(project_id=Project.where("1 = 1").select("id")).to_data()["where"]
    assert (await client.do("index", conditions=inner))["code"] == "raw_query_refused"


UNLISTED: list[dict[str, Any]] = [
    {"where": {"position": 1}},
    {"where": {"project": {"position": 1}}},
    {"where": {"reviewedBy": {"name": "x"}}},
    {"where": {"length": 1}},
    {"searches": [{"path": [], "column": "position", "operator": "gt", "value": 1}]},
    {"searches": [{"path": ["reviewedBy"], "column": "id", "operator": "gt", "value": 1}]},
    {"sort": "position"},
    {"sort": [{"column": "position", "direction": "asc", "path": []}]},
    {"sort": "project.position"},
    {"pluck": ["position"]},
    {"pluck": [{"path": ["project"], "column": "position"}]},
    {"group": ["position"]},
    {"select": {"Task": ["position"]}},
    {"preload": ["reviewedBy"]},
    {"joins": {"reviewedBy": True}},
    {"conditions": [["is", {"dict": {"position": 1}}]]},
    {"conditions": [["compare", "Task", "position", "gt", 1]]},
    {"conditions": [["filter", "project.position", "eq", 1]]},
    {"conditions": [["not", [["compare", "Task", "position", "gt", 1]]]]},
    {"conditions": [["at", ["reviewed_by"], ["is", {"dict": {"name": "x"}}]]]},
    {
        "conditions": [
            [
                "is",
                {
                    "dict": {
                        "id": {"query": {"version": 1, "model": "Project", "select": ["position"]}}
                    }
                },
            ]
        ]
    },
    {"conditions": [["exists", {"version": 1, "model": "Task", "order": ["position"]}]]},
    {
        "conditions": [
            ["exists", {"version": 1, "model": "Task", "joins": [[["reviewed_by"], "INNER"]]}]
        ]
    },
]


@pytest.mark.parametrize("payload", UNLISTED, ids=lambda payload: next(iter(payload)))
async def test_what_is_not_listed_does_not_exist(client: Client, payload: Any) -> None:
    unlisted = await client.do("index", **payload)
    assert unlisted["code"] == "not_exposed", unlisted


async def test_what_is_not_listed_and_what_does_not_exist_give_one_message(
    client: Client,
) -> None:
    unlisted = await client.do("index", where={"position": 1})
    unknown = await client.do("index", where={"positron": 1})
    assert unlisted["errorMessage"] == unknown["errorMessage"].replace("positron", "position")


async def test_related_records_come_by_their_own_lists_and_rules(client: Client) -> None:
    response = await client.do(
        "index", preload={"project": {"account": True}, "comments": True}, sort="name"
    )
    a, b, c = response["models"]
    related = a["__preloadedRelationships"]
    assert related["project"]["shouted"] == "APOLLO"
    assert related["project"]["__preloadedRelationships"]["account"] == {"id": 1, "name": "NASA"}
    assert [one["body"] for one in related["comments"]] == ["public"]
    assert b["__preloadedRelationships"]["project"] is None
    assert c["__preloadedRelationships"] == {"project": None, "comments": []}


async def test_a_selection_holds_for_each_model(client: Client) -> None:
    response = await client.do(
        "index",
        where={"name": "a"},
        preload=["project"],
        select={"Task": ["id", "length"], "Project": ["name"]},
    )
    (found,) = response["models"]
    assert found == {
        "id": 1,
        "length": 1,
        "__preloadedRelationships": {"project": {"name": "Apollo"}},
    }


async def test_pages_have_the_size_that_the_resource_says(client: Client) -> None:
    assert await client.names(page=1) == ["a", "b"]
    assert await client.names(page=2) == ["c"]
    assert await client.names(page=2, perPage=1) == ["b"]
    assert await client.names(limit=1, offset=2) == ["c"]
    refused = await client.do("index", limit=6)
    assert refused["code"] == "resource_limit"
    assert refused["limit"] == 5


async def test_whoever_asks_for_everything_hears_that_there_is_more(client: Client) -> None:
    assert "more" not in await client.do("index")
    for number in range(4):
        await Task.create(name=f"more {number}")
    response = await client.do("index")
    assert len(response["models"]) == 5
    assert response["more"] is True


async def test_a_record_is_stored_with_what_may_be_written(client: Client) -> None:
    response = await client.do("create", attributes={"name": "new", "projectId": 1})
    assert response["model"]["name"] == "new"
    assert (await Task.find(response["model"]["id"])).project_id == 1
    refused = await client.do("create", attributes={"name": "x", "position": 1, "nope": 2})
    assert refused["code"] == "not_writable"
    assert list(refused["errors"]) == ["nope", "position"]
    assert await Task.count() == 5


async def test_what_is_not_valid_is_told_by_attribute(client: Client) -> None:
    response = await client.do("create", attributes={"name": ""})
    assert response["code"] == "validation_failed"
    assert response["errors"]["name"][0]["code"] == "blank"


async def test_a_row_that_may_not_be_created_is_rolled_back(client: Client) -> None:
    response = await client.do("create", attributes={"name": "forbidden"})
    assert response["code"] == "access_denied"
    assert not await Task.exists(name="forbidden")


async def test_a_change_is_allowed_before_and_after(client: Client) -> None:
    changed = await client.do("update", id=1, attributes={"name": "A"})
    assert changed["model"]["name"] == "A"
    refused = await client.do("update", id=1, attributes={"name": "locked"})
    assert refused["code"] == "access_denied"
    assert refused["reason"] == "This task is locked."
    assert (await Task.find(1)).name == "A"
    await (await Task.find(1)).update(name="locked")
    assert (await client.do("update", id=1, attributes={"name": "B"}))["code"] == "access_denied"


async def test_a_record_that_may_not_be_read_is_not_there_for_changes(client: Client) -> None:
    for kind in ("update", "destroy", "find"):
        response = await client.do(kind, id=4, attributes={"name": "x"})
        assert response["code"] == "record_not_found"
    assert await Task.exists(name="hidden")


async def test_a_record_is_destroyed(client: Client) -> None:
    assert await client.do("destroy", id=3) == {"status": "success"}
    assert not await Task.exists(id=3)


async def test_commands_of_the_application_run_for_whom_they_are_allowed(client: Client) -> None:
    entry = {"model": "Task", "commandType": "finish", "payload": {"suffix": "!"}}
    (done,) = await client.batch({**entry, "customPath": "/tasks/1/finish"})
    assert done["result"]["__velocious_type"] == "frontend_model"
    assert done["result"]["attributes"]["name"] == "a!"
    await (await Task.find(2)).update(name="locked")
    hidden, locked, unknown, wrong = await client.batch(
        {**entry, "customPath": "/tasks/4/finish"},
        {**entry, "customPath": "/tasks/2/finish"},
        {**entry, "customPath": "/tasks/2/before-action"},
        {**entry, "customPath": "/tasks/1/finish", "payload": {"other": 1}},
    )
    assert hidden["code"] == "record_not_found"
    assert locked["code"] == "access_denied"
    assert unknown["code"] == "unknown_resource_command"
    assert wrong["code"] == "invalid_arguments"
    path = {"customPath": "/tasks/summary", "commandType": "summary"}
    (summary,) = await client.batch({**path, "model": "Task", "payload": {"createdAt": 1}})
    assert summary == {"status": "success", "tasks": 3, "given": {"created_at": 1}}


async def test_a_hook_halts_a_command(client: Client) -> None:
    assert (await client.do("index", halt=True))["code"] == "command_halted"
    assert TaskResource.asked == ["index"]


async def test_values_are_counted_and_plucked_along_relationships(client: Client) -> None:
    plucked = await client.do(
        "pluck", pluck=["name", {"path": ["project"], "column": "name"}], sort="name"
    )
    assert plucked["values"] == [["a", "Apollo"], ["b", None], ["c", None]]
    counted = await client.do("count", group=["done"])
    assert counted["counts"] == [[False, 3]]
    assert (await client.do("count", where={"name": "a"}))["count"] == 1


async def test_one_command_that_fails_leaves_the_others(client: Client) -> None:
    first, second, third = await client.batch(
        {"model": "Task", "commandType": "count"},
        {"model": "Nope", "commandType": "count"},
        {"model": "Task", "commandType": "explode"},
    )
    assert first["count"] == 3
    assert second["code"] == "unknown_resource"
    assert third["code"] == "unknown_resource_command"


async def test_an_answer_that_has_no_form_leaves_the_others(environment: TestEnvironment) -> None:
    class Unspeakable(TaskResource):
        @command(on="collection", action="read")
        async def secret(self) -> object:
            return object()

    others = [one for one in RESOURCES if one is not TaskResource]
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=[Unspeakable, *others], frontend_models=HERE
    ) as configuration:
        first, second = await Client(configuration).batch(
            {"model": "Task", "commandType": "custom", "command": "secret"},
            {"model": "Task", "commandType": "count"},
        )
    assert first["code"] == "internal_error"
    assert second["count"] == 0


async def test_a_resource_says_what_it_exposes(client: Client) -> None:
    about = (await client.do("describe"))["resource"]
    assert about["primaryKey"] == "id"
    assert about["attributes"]["createdAt"] == {
        "kind": "column",
        "type": "datetime",
        "null": False,
        "filterable": True,
        "sortable": True,
        "pluckable": True,
        "readable": True,
        "writable": False,
    }
    assert about["attributes"]["length"]["kind"] == "virtual"
    assert about["relationships"]["project"] == {
        "type": "belongsTo",
        "many": False,
        "model": "Project",
        "foreignKey": "projectId",
        "primaryKey": "id",
    }
    assert about["commands"] == {"collection": ["summary"], "member": ["finish"]}
    assert about["limits"]["maxPageSize"] == 5
    assert "position" not in str(about)


async def test_rules_are_those_of_whoever_asks(environment: TestEnvironment) -> None:
    """Once for a request, however many commands it has; plainly or after a wait."""
    asked: list[Any] = []

    def resolve(request: Any) -> Ability | None:
        asked.append(request.headers.get("x-user"))
        ability = Ability(user=asked[-1], resources=[])
        ability.can("read", Task, name=asked[-1])
        return ability if asked[-1] else None

    async def wait(request: Any) -> Ability | None:
        return resolve(request)

    for resolver in (resolve, wait):
        async with environment.application(
            models=MODELS,
            schema=SCHEMA,
            resources=RESOURCES,
            frontend_models=HERE,
            ability_resolver=resolver,
        ) as configuration:
            for name in ("a", "b", "hidden"):
                await Task.create(name=name)
            asked.clear()
            client, index = Client(configuration), {"model": "Task", "commandType": "index"}
            answer = await client.post({"requests": [index, index]}, x_user="b")
            responses = [one["response"]["models"] for one in answer.json["responses"]]
            assert [[one["name"] for one in them] for them in responses] == [["b"], ["b"]]
            assert asked == ["b"]
            # Of somebody whom nobody knows: the rules of the resources say what that is.
            assert await client.names(sort="name") == ["a", "b"]
