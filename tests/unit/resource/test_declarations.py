"""What a resource may say, and what stops the start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from tests.suites.exposing import AccountResource, CommentResource, ProjectResource, TaskResource
from tests.suites.models import MODELS, SCHEMA, Account, Task
from tests.suites.publishing import Book, BookResource, Chapter, ChapterResource
from velocious.errors import InvalidArgumentsError, ResourceDeclarationError
from velocious.resource import Resource, command
from velocious.resource.exposure import Exposure
from velocious.resource.kinds import kind_of
from velocious.resource.names import camel, command_name, resource_path
from velocious.resource.registry import Resources

if TYPE_CHECKING:
    from tests.suites.models import Project
    from velocious.resource.command import Command
    from velocious.testing.environment import TestEnvironment


def declared(model: Any = Account, **members: Any) -> type[Resource]:
    return type("SomeResource", (Resource,), {"model": model, **members})


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"model": None}, "names no model"),
        ({"model": "Task"}, "names no model"),
        ({"attributes": "name"}, "it is a list of names"),
        ({"attributes": [1]}, "it is a list of names"),
        ({"relationships": ["project"]}, "Did you mean 'projects'?"),
        ({"attachments": ["cover"]}, "no attachment of Account"),
        ({"page_size": 0}, "page_size=0"),
        ({"page_size": 300}, "max_page_size=200"),
        ({"attributes": ["a_b", "aB"]}, "both 'aB' to JavaScript"),
        ({"nested": {"projects": {}}}, "no has_many in its `relationships`"),
        ({"nested": {"projects": {}}, "relationships": ["projects"]}, "accepts_nested_attributes"),
    ],
    ids=lambda given: given if isinstance(given, str) else next(iter(given)),
)
def test_a_list_that_makes_no_sense_is_refused(members: dict[str, Any], problem: str) -> None:
    given = {"model": Account, **members}
    with pytest.raises(ResourceDeclarationError, match=problem.replace("?", r"\?")):
        Exposure(type("SomeResource", (Resource,), given))


def test_records_are_nested_where_their_model_says_so() -> None:
    options = {"pages": {"allow_destroy": True}}
    with pytest.raises(ResourceDeclarationError, match="allow_destroy=True"):
        Exposure(declared(Chapter, relationships=["pages"], nested=options))
    with pytest.raises(ResourceDeclarationError, match="'permit'; it takes"):
        Exposure(declared(Book, relationships=["chapters"], nested={"chapters": {"permit": []}}))
    assert Exposure(BookResource).nested["chapters"]["limit"] == 3


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"attributes": ["nam"]}, "Did you mean 'name'"),
        ({"writable": ["nope"]}, "set_nope_attribute"),
        ({"filterable": ["length"], "attributes": ["length"]}, "no column"),
        ({"sortable": ["nope"]}, "no column"),
        ({"pluckable": ["nope"]}, "no column"),
        ({"translated": ["nope"]}, "does not have"),
        ({"blind_keys": ["name"]}, "no key of a belongs_to"),
    ],
    ids=lambda given: given if isinstance(given, str) else next(iter(given)),
)
async def test_a_list_names_what_is_there(
    environment: TestEnvironment, members: dict[str, Any], problem: str
) -> None:
    class LongResource(Resource):
        model = Task

        async def length_attribute(self, task: Task) -> int:
            return len(task.name)

    async with environment.application(models=MODELS, schema=SCHEMA):
        found = type("SomeResource", (LongResource,), {"model": Task, **members})
        with pytest.raises(ResourceDeclarationError, match=problem):
            await Exposure(found).ready()


def test_a_model_has_one_resource() -> None:
    with pytest.raises(ResourceDeclarationError, match="both resources of Account"):
        Resources([AccountResource, declared()])
    assert len(Resources([AccountResource, AccountResource])) == 1


async def test_related_models_have_resources(environment: TestEnvironment) -> None:
    async with environment.application(models=MODELS, schema=SCHEMA):
        with pytest.raises(ResourceDeclarationError, match="Project has no resource"):
            Resources([TaskResource, CommentResource]).check()
        Resources([TaskResource, CommentResource, ProjectResource, AccountResource]).check()


async def test_a_server_does_not_start_with_what_cannot_be_served(
    environment: TestEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = declared(attributes=["nope"])
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=[wrong]
    ) as configuration:
        with pytest.raises(ResourceDeclarationError):
            await configuration.resources.start()
    async with environment.application(
        models=MODELS, schema=SCHEMA, resources=[wrong], environment="development"
    ) as configuration:
        await configuration.resources.start()
        assert "cannot be served" in caplog.text


async def test_a_table_that_is_not_there_yet_is_looked_at_later(
    environment: TestEnvironment,
) -> None:
    async with environment.application(
        models=[Account], resources=[declared(attributes=["nope"])]
    ) as configuration:
        await configuration.resources.start()


def test_secrets_are_exposed_by_nobody() -> None:
    class Quiet(Account):
        table_name = "accounts"

    Quiet._definition.secrets = frozenset({"name"})
    resource = declared(Quiet, attributes=["name"])
    with pytest.raises(ResourceDeclarationError, match="secret"):
        kind_of(resource, Quiet, "name", {"name": None})


def test_a_subclass_without_a_model_of_its_own_is_of_its_parents() -> None:
    class Base(ChapterResource):
        page_size: ClassVar[int] = 5

    assert Exposure(Base).page_size == 5
    assert [*Exposure(TaskResource).commands] == ["finish", "summary"]

    class Silent(TaskResource):
        finish = None

    assert [*Exposure(Silent).commands] == ["summary"]


# Commands


def test_a_command_says_where_it_belongs() -> None:
    with pytest.raises(ResourceDeclarationError, match="member"):
        command(on="moon")  # type: ignore[arg-type]
    with pytest.raises(ResourceDeclarationError, match="async def"):
        command()(print)

    async def without_record(self: Any) -> None: ...

    with pytest.raises(ResourceDeclarationError, match="self and the record"):
        command(on="member")(without_record)


def test_a_command_takes_its_own_arguments() -> None:
    async def move(self: Any, project: Project, to: int, *, fast: bool = False) -> None: ...

    found: Command = command()(move)
    assert found.arguments({"to": 1}) == {"to": 1}
    with pytest.raises(InvalidArgumentsError) as caught:
        found.arguments({"fast": True, "self": 1})
    data = caught.value.to_data()["errors"]
    assert (data["self"][0]["code"], data["to"][0]["code"]) == ("unknown", "missing")


# Names


@pytest.mark.parametrize(
    ("name", "called"),
    [("created_at", "createdAt"), ("id", "id"), ("a", "a"), ("_x_y", "_xY"), ("cost2", "cost2")],
)
def test_names_are_those_of_javascript(name: str, called: str) -> None:
    assert camel(name) == called


def test_paths_and_commands_have_dashes() -> None:
    assert resource_path("ProjectDetail") == "/project-details"
    assert resource_path("Person") == "/people"
    assert {command_name(one) for one in ("archiveAll", "archive-all", "archive_all")} == {
        "archive_all"
    }
