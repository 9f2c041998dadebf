"""What the OpenAPI document says of routes and declarations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openapi_spec_validator
import pytest

from velocious.configuration import Configuration
from velocious.controller import Controller, accepts, responds
from velocious.errors import UnknownOptionError
from velocious.openapi import openapi_document
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESS = {"type": "object", "properties": {"street": str, "lines": [str]}, "required": ["street"]}


class ThingsController(Controller):
    async def plain(self) -> None:
        """Say something.

        At length.
        """

    @accepts(
        path={"id": {"description": "Its number", "maximum": 9}},
        query={
            "tags": [str],
            "range": {"type": "object", "properties": {"from": int}},
            "page": int,
        },
        required=["page"],
    )
    async def lists(self) -> None: ...

    @accepts(body={"name": str, "address": ADDRESS}, required=["name", "address"])
    @responds(201, {"type": "object", "properties": {"id": int}})
    @responds(409, description="There is one")
    async def forms(self) -> None: ...

    @accepts(body={"rows": [{"type": "object", "properties": {"name": str}}]})
    async def rows(self) -> None: ...

    @accepts(body={"post": {"type": "object", "properties": {"cover": "file", "name": str}}})
    async def uploads(self) -> None: ...


def documented(draw: Callable[[Routes], None], **openapi: Any) -> dict[str, Any]:
    routes = Routes()
    draw(routes)
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        name="shop",
        databases={"default": "sqlite:///:memory:"},
        routes=routes,
        http={"openapi": openapi},
    )
    document = openapi_document(configuration)
    openapi_spec_validator.validate(document)
    return document


def _nothing(_: Routes) -> None:
    """An application without routes."""


def operation_of(action: str, path: str = "/x", method: str = "post") -> dict[str, Any]:
    def draw(routes: Routes) -> None:
        getattr(routes, method)(path, to=(ThingsController, action))

    document = documented(draw)
    (operations,) = document["paths"].values()
    return operations[method]


def test_the_configuration_says_what_the_document_is_called() -> None:
    assert documented(_nothing)["info"] == {"title": "shop", "version": "0.0.0"}
    said = {"title": "T", "version": 2, "description": "D", "servers": ["https://x.test"]}
    document = documented(_nothing, **said)
    assert document["info"] == {"title": "T", "version": "2", "description": "D"}
    assert document["servers"] == [{"url": "https://x.test"}]
    with pytest.raises(UnknownOptionError, match="Did you mean 'title'"):
        documented(_nothing, titel="T")


def test_an_action_that_declares_nothing_is_described_by_its_docstring() -> None:
    assert operation_of("plain", "/say", "get") == {
        "operationId": "things_plain",
        "tags": ["things"],
        "summary": "Say something.",
        "description": "At length.",
        "responses": {
            "2XX": {"description": "What ThingsController#plain answers."},
            "default": {"$ref": "#/components/responses/Error"},
        },
    }


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("", {"type": "string", "minLength": 1, "pattern": "^[^/]+$"}),
        (":int", {"type": "integer", "minimum": 0}),
        (":float", {"type": "number", "minimum": 0}),
        (":uuid", {"type": "string", "format": "uuid"}),
        (":path", {"type": "string"}),
    ],
)
def test_a_parameter_of_the_path_is_of_the_type_that_the_route_gives_it(
    kind: str, schema: dict[str, Any]
) -> None:
    def draw(routes: Routes) -> None:
        routes.get(f"/x/{{id{kind}}}/y", to=(ThingsController, "plain"))

    document = documented(draw)
    found = document["paths"]["/x/{id}/y"]["get"]["parameters"]
    assert found == [{"name": "id", "in": "path", "required": True, "schema": schema}]


def test_parameters_of_the_query_are_named_as_they_are_sent() -> None:
    path, tags, span, page = operation_of("lists", "/x/{id:int}", "get")["parameters"]
    assert path["description"] == "Its number"
    assert path["schema"] == {"type": "integer", "minimum": 0, "maximum": 9}
    assert (tags["name"], tags["style"], tags["explode"]) == ("tags[]", "form", True)
    assert (span["name"], span["style"], span["explode"]) == ("range", "deepObject", True)
    assert page == {"name": "page", "in": "query", "schema": {"type": "integer"}, "required": True}


def test_a_form_has_names_for_what_json_nests() -> None:
    body = operation_of("forms")["requestBody"]
    assert body["required"] is True
    form = body["content"]["application/x-www-form-urlencoded"]["schema"]
    assert list(form["properties"]) == ["name", "address[street]", "address[lines][]"]
    assert form["required"] == ["name", "address[street]"]
    assert body["content"]["application/json"]["schema"]["required"] == ["name", "address"]


def test_what_no_form_can_say_is_json_alone_and_a_file_is_multipart_alone() -> None:
    assert list(operation_of("rows")["requestBody"]["content"]) == ["application/json"]
    content = operation_of("uploads")["requestBody"]["content"]
    assert list(content) == ["multipart/form-data"]
    properties = content["multipart/form-data"]["schema"]["properties"]
    assert properties["post[cover]"] == {"type": "string", "format": "binary"}


def test_answers_are_those_declared_and_the_errors_that_every_request_may_end_with() -> None:
    responses = operation_of("forms")["responses"]
    assert list(responses) == ["201", "409", "422", "default"]
    assert responses["409"]["description"] == "There is one"
    error = responses["409"]["content"]["application/json"]["schema"]
    assert error == {"$ref": "#/components/schemas/Error"}


def test_what_leads_to_no_action_of_the_server_is_left_out() -> None:
    def draw(routes: Routes) -> None:
        routes.get("/here", to=(ThingsController, "plain"), on="server")
        routes.get("/there", to="nowhere#index", on="browser")
        routes.redirect("/old", "/here")

    assert list(documented(draw)["paths"]) == ["/here"]


def test_every_operation_has_a_name_of_its_own() -> None:
    def draw(routes: Routes) -> None:
        routes.get("/a", to=(ThingsController, "plain"))
        routes.get("/b", to=(ThingsController, "plain"))
        routes.put("/b", to=(ThingsController, "plain"))
        routes.get("/c/{id:int}", to=(ThingsController, "plain"))
        routes.get("/c/{name}", to=(ThingsController, "plain"))

    paths = documented(draw)["paths"]
    names = [one["operationId"] for path in paths.values() for one in path.values()]
    assert names == ["things_plain", "things_plain_2", "things_plain_3", "things_plain_4"]
    assert list(paths) == ["/a", "/b", "/c/{id}"]
