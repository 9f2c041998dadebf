"""How much a client may ask for, and in which form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.asking import ask
from tests.suites.exposing import HERE, MODELS, RESOURCES, SCHEMA, Client
from tests.suites.models import Project, Task
from velocious import current
from velocious.controller import Controller, before_action
from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment

SETTINGS = {
    **HERE,
    "batch": 2,
    "depth": 12,
    "conditions": 12,
    "values": 3,
    "path_length": 2,
    "body_limit": 2000,
}


@pytest.fixture
async def limited(environment: TestEnvironment) -> AsyncIterator[Client]:
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, frontend_models=SETTINGS
    ) as configuration:
        yield Client(configuration)


@pytest.fixture
async def exposed(environment: TestEnvironment) -> AsyncIterator[Client]:
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, frontend_models=HERE
    ) as configuration:
        yield Client(configuration)


def nested(depth: int) -> Any:
    value: Any = {"name": "x"}
    for _ in range(depth):
        value = {"project": {"tasks": value}}
    return value


@pytest.mark.parametrize(
    ("what", "payload"),
    [
        ("values", {"where": {"id": [1, 2, 3, 4]}}),
        ("conditions", {"searches": [{"column": "id", "operator": "eq", "value": 1}] * 13}),
        ("conditions", {"sort": ["name"] * 13}),
        ("conditions", {"pluck": ["name"] * 13}),
        ("conditions", {"group": ["name"] * 13}),
        ("conditions", {"preload": ["project"] * 13}),
        ("conditions", {"joins": ["project"] * 13}),
        ("path_length", {"conditions": [["filter", "project.tasks.project.name", "eq", 1]]}),
        ("path_length", {"preload": {"project": {"tasks": "project"}}}),
        ("page_size", {"limit": 6}),
        ("page_size", {"page": 1, "perPage": 6}),
    ],
    ids=lambda given: given if isinstance(given, str) else next(iter(given)),
)
async def test_a_query_has_limits(limited: Client, what: str, payload: Any) -> None:
    response = await limited.do("index", **payload)
    assert response["code"] == "resource_limit", response
    assert response["what"] == what


@pytest.mark.parametrize("use", ["preload", "joins", "sort"])
async def test_no_path_is_longer_than_python_goes(exposed: Client, use: str) -> None:
    path = "project" + ".tasks.project" * 2000
    payload: dict[str, Any] = {use: [path if use != "sort" else f"{path}.name"]}
    response = await exposed.do("index", **payload)
    assert response["code"] == "resource_limit", response


async def test_columns_of_a_pluck_have_a_limit(exposed: Client) -> None:
    response = await exposed.do("pluck", pluck=["name"] * 3000)
    assert response["code"] == "resource_limit", response


async def test_a_selection_names_each_attribute_once(exposed: Client) -> None:
    await Task.create(name="a")
    response = await exposed.do("index", select=["name"] * 3000)
    assert response["models"] == [{"name": "a"}]
    exposure: Any = current.configuration().resources.of(Task)
    assert [names for names, _ in exposure._writers] == [("name",)]


async def test_a_request_has_limits(limited: Client) -> None:
    one = {"model": "Task", "commandType": "count"}
    many = await limited.post({"requests": [one] * 3})
    assert (many.status, many.error["what"]) == (413, "batch")
    deep = await limited.post({"requests": [{**one, "payload": {"where": nested(6)}}]})
    assert (deep.status, deep.error["what"]) == (413, "depth")
    long = await limited.post({"requests": [{**one, "payload": {"x": "y" * 2000}}]})
    assert (long.status, long.error["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"1",
        b'{"requests": 5}',
        b'{"requests": [NaN]}',
        b"\xff",
        b'{"requests": [{"model": "\\ud800"}]}',
        b'{"a": "\\u0000"}',
        b'{"a": {"__velocious_type": "date", "value": "never"}}',
    ],
    ids=[
        "nothing",
        "list",
        "half",
        "number",
        "no list",
        "nan",
        "bytes",
        "half a character",
        "nul",
        "mark",
    ],
)
async def test_what_is_no_request_is_refused(limited: Client, body: bytes) -> None:
    answer = await limited.post(body)
    assert (answer.status, answer.error["code"]) == (400, "malformed_command")


MALFORMED: list[Any] = [
    {"where": []},
    {"where": {"name": {"a": 1}}},
    {"where": {"name": [[1]]}},
    {"searches": {}},
    {"searches": [1]},
    {"limit": -1},
    {"limit": "1"},
    {"limit": True},
    {"offset": 2**60},
    {"page": 0},
    {"distinct": 1},
    {"sort": "name sideways"},
    {"searches": [{"column": "name", "operator": "regexp", "value": 1}]},
    {"conditions": [["nope"]]},
    {"conditions": [[]]},
    {"conditions": [1]},
    {"conditions": [["exists", {"version": 1, "model": "Task", "lock": "wait"}]]},
    {"preload": 5},
    {"select": 5},
    {"joins": 5},
    {"sort": 5},
    {"group": 5},
]


@pytest.mark.parametrize("payload", MALFORMED, ids=range(len(MALFORMED)))
async def test_what_is_no_query_is_refused(limited: Client, payload: Any) -> None:
    response = await limited.do("index", **payload)
    assert response["code"] == "malformed_command", response


async def test_what_no_column_holds_is_the_clients_mistake(limited: Client) -> None:
    for name, value in (("id", "x"), ("createdAt", "never")):
        response = await limited.do("index", where={name: value})
        assert response["code"] == "unsupported_value", response
    response = await limited.do("create", attributes={"name": "x", "projectId": "many"})
    assert response["status"] == "error"
    assert response["code"] != "internal_error", response


async def test_only_json_is_taken(limited: Client) -> None:
    body = json.dumps({"requests": []}).encode()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = await limited.post(body, content_type=kind)
        assert answer.status == 415, kind
    refused = await ask(limited.app, "POST", limited.path, body)
    assert refused.status == 415


async def test_a_page_of_another_site_asks_for_nothing(limited: Client) -> None:
    await Task.create(name="a")
    destroy = {"requests": [{"model": "Task", "commandType": "destroy", "payload": {"id": 1}}]}
    for headers in (
        {"origin": "https://evil.test"},
        {"sec_fetch_site": "cross-site", "origin": "https://evil.test"},
        {"sec_fetch_site": "same-site"},
    ):
        answer = await limited.post(destroy, **headers)
        assert (answer.status, answer.error["code"]) == (403, "forgery_suspected")
    form = await limited.post(destroy, content_type="text/plain", cookie="a=1")
    assert form.status in (403, 415)
    assert await Task.count() == 1
    assert (await limited.post(destroy, origin="http://app.test")).status == 200


async def test_other_methods_are_not_answered(limited: Client) -> None:
    assert (await ask(limited.app, "GET", limited.path)).status == 405


async def test_a_batch_may_be_empty(limited: Client) -> None:
    answer = await limited.post({"requests": []})
    assert answer.json == {"status": "success", "responses": []}


async def failing(environment: TestEnvironment, name: str) -> dict[str, Any]:
    async with environment.application(
        models=MODELS,
        schema=SCHEMA,
        resources=RESOURCES,
        frontend_models=HERE,
        environment=name,
        http={"hosts": ["app.test"]},
        secret="s" * 32,
    ) as configuration:
        await Project.create(name="x")
        await configuration.database().execute("UPDATE projects SET name = ''")
        await configuration.database().execute("ALTER TABLE tasks RENAME TO other_tasks")
        return await Client(configuration).do("index", "Project", preload=["tasks"])


async def test_what_went_wrong_on_the_server_stays_there_in_production(
    environment: TestEnvironment,
) -> None:
    assert await failing(environment, "production") == {
        "status": "error",
        "code": "internal_error",
        "errorMessage": "Request failed.",
    }


async def test_what_went_wrong_is_shown_in_development(environment: TestEnvironment) -> None:
    response = await failing(environment, "development")
    assert response["errorMessage"] == "Request failed."
    assert response["debugErrorClass"]
    assert "tasks" in response["debugErrorMessage"]
    assert response["debugBacktrace"]


class ApplicationController(Controller):
    @before_action
    async def sign_in(self) -> None:
        if self.request.headers.get("x-key") != "open":
            self.head(401)


async def test_the_endpoint_gets_an_address_and_the_filters_of_a_controller(
    environment: TestEnvironment,
) -> None:
    settings = {**HERE, "path": "/api/models", "controller": ApplicationController}
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, frontend_models=settings
    ) as configuration:
        client = Client(configuration)
        assert client.path == "/api/models"
        assert (await client.post({"requests": []})).status == 401
        assert (await client.post({"requests": []}, x_key="open")).status == 200


async def test_routes_of_the_application_come_first(environment: TestEnvironment) -> None:
    from velocious.routing import Routes

    class OwnController(Controller):
        async def models(self) -> None:
            self.render_text("mine")

    routes = Routes()
    routes.post("/frontend-models", to=(OwnController, "models"))
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=RESOURCES, frontend_models=HERE, routes=routes
    ) as configuration:
        assert (await Client(configuration).post({})).body == b"mine"


async def test_settings_that_make_no_sense_stop_the_start(environment: TestEnvironment) -> None:
    for settings in ({"batch": 0}, {"path": "models"}, {"on": "moon"}, {"depth": True}):
        with pytest.raises(ConfigurationError):
            async with environment.application(frontend_models=settings):
                pass
    with pytest.raises(UnknownOptionError):
        async with environment.application(frontend_models={"batches": 5}):
            pass


async def test_an_application_without_resources_has_no_endpoint(
    environment: TestEnvironment,
) -> None:
    async with environment.application(models=MODELS, schema=SCHEMA) as configuration:
        answer = await ask(configuration.asgi(), "POST", "/frontend-models", b"{}")
        assert answer.status == 404


ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    1e308,
    10**30,
    -(2**63) - 1,
    "",
    "x",
    "1",
    "0x1",
    "ü" * 300,
    "2026-01-01",
    "2026-99-99",
    [],
    [None],
    [[1]],
    {},
    {"a": 1},
    {"id": {"id": 1}},
    {"__velocious_type": "bigint", "value": "99999999999999999999"},
    {"__velocious_type": "number", "value": "NaN"},
    {"__velocious_type": "number", "value": "-Infinity"},
    {"__velocious_type": "date", "value": "2026-01-01T00:00:00Z"},
    {"__velocious_type": "bytes", "value": "AAEC"},
    {"__velocious_type": "set", "value": [1]},
    {"__velocious_type": "decimal", "value": "1e400"},
    {"__velocious_type": "undefined"},
]


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
async def test_no_value_of_a_client_is_our_mistake(exposed: Client, odd: Any) -> None:
    """Whatever stands wherever."""
    await Task.create(name="a")
    payloads: list[dict[str, Any]] = [
        *({"where": {name: odd}} for name in ("id", "name", "done", "projectId", "createdAt")),
        *({"where": {"project": {name: odd}}} for name in ("id", "name")),
        {"where": {"project": odd}},
        *(
            {"searches": [{"path": [], "column": name, "operator": operator, "value": odd}]}
            for name in ("id", "name", "done", "createdAt")
            for operator in ("eq", "notEq", "gt", "like")
        ),
        *(
            {"conditions": [["compare", "Task", name, operator, odd]]}
            for name in ("id", "name", "createdAt")
            for operator in ("eq", "in", "between", "not_like")
        ),
        *(
            {"conditions": [["filter", "name", predicate, odd]]}
            for predicate in ("eq", "cont", "in", "null", "gteq", odd)
        ),
        {"conditions": [["is", {"dict": {"name": odd}}]]},
        {"conditions": [["is", odd]]},
        {"conditions": [["at", odd, ["is", {"dict": {"name": "x"}}]]]},
        {"conditions": [["any", odd]]},
        {"conditions": [odd]},
        *(
            {name: odd}
            for name in (
                *("where", "searches", "conditions", "joins", "leftJoins", "sort", "group"),
                *("distinct", "limit", "offset", "page", "perPage", "select", "preload", "pluck"),
            )
        ),
    ]
    commands = [("index", payload) for payload in payloads]
    commands += [("count", payload) for payload in payloads]
    commands += [(kind, {"id": odd}) for kind in ("find", "update", "destroy", "download")]
    for name in ("name", "done", "projectId"):
        commands.append(("create", {"attributes": {name: odd}}))
        commands.append(("update", {"id": 1, "attributes": {name: odd, "name": "b"}}))
    commands += [("create", {"attributes": odd}), ("create", {"nestedAttributes": odd})]
    commands += [("update", {"id": 1, "attributes": {"name": "b"}, "nestedAttributes": odd})]
    commands += [("count", {"column": odd}), (odd, {})]
    entries = [
        {"model": "Task", "commandType": kind, "payload": payload} for kind, payload in commands
    ]
    for start in range(0, len(entries), 100):
        some = entries[start : start + 100]
        answer = await exposed.post({"requests": some})
        responses: list[Any] = answer.json["responses"] if answer.status == 200 else []
        assert responses or answer.status == 400, answer.body
        for entry, said in zip(some, responses, strict=False):
            assert said["response"].get("code") != "internal_error", (entry, said)
    other = [{"model": odd}, odd, {"model": "Task", "commandType": "finish", "customPath": odd}]
    other += [{"model": "Task", "commandType": "custom", "command": odd, "id": odd}]
    other += [{"model": "Task", "commandType": "custom", "command": "finish", "id": odd}]
    for entry in other:
        answer = await exposed.post({"requests": [entry]})
        assert b"internal_error" not in answer.body, (entry, answer.body)
