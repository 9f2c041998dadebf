"""Resources of the models that most suites share, and a client that asks for them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from tests.suites.asking import ask
from tests.suites.models import MODELS, SCHEMA, Account, Comment, Project, Task
from velocious.current import Current
from velocious.resource import Resource, command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.suites.asking import Answer
    from velocious.authorization import Ability
    from velocious.configuration import Configuration

__all__ = ["MODELS", "SCHEMA"]


class AccountResource(Resource):
    model = Account
    attributes = ("id", "name")
    filterable = sortable = pluckable = ("id", "name")
    relationships = ("projects",)

    def abilities(self) -> None:
        self.can("read")


class ProjectResource(Resource):
    model = Project
    attributes = ("id", "name", "account_id", "shouted")
    writable = ("name",)
    filterable = ("id", "name", "account_id")
    sortable = pluckable = ("id", "name")
    relationships = ("account", "tasks")

    def abilities(self) -> None:
        self.can("manage", Project.name != "Secret")

    def shouted_attribute(self, project: Project) -> str:
        return project.name.upper()


class TaskResource(Resource):
    model = Task
    attributes = ("id", "name", "done", "project_id", "created_at", "length")
    writable = ("name", "done", "project_id")
    filterable = ("id", "name", "done", "project_id", "created_at")
    sortable = ("id", "name", "done", "created_at")
    pluckable = ("id", "name", "done", "created_at")
    relationships = ("project", "comments")
    page_size = 2
    max_page_size = 5
    asked: ClassVar[list[str]] = []

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("manage", name="hidden")
        self.cannot("update", name="locked", reason="This task is locked.")
        self.cannot("create", name="forbidden")

    async def length_attribute(self, task: Task) -> int:
        return len(task.name)

    async def before_action(self, action: str, payload: Any) -> Any:
        self.asked.append(action)
        return payload.get("halt") is None

    @command(on="member", action="update")
    async def finish(self, task: Task, suffix: str = "") -> Any:
        await task.update(done=True, name=f"{task.name}{suffix}")
        return task

    @command(on="collection", action="read")
    async def summary(self, **given: Any) -> dict[str, Any]:
        return {"tasks": await Task.accessible(self.ability).count(), "given": given}


class CommentResource(Resource):
    model = Comment
    attributes = ("id", "body", "task_id")
    writable = ("body", "task_id")
    filterable = ("id", "body", "task_id")
    sortable = ("id", "body")
    relationships = ("task",)

    def abilities(self) -> None:
        self.can("manage")
        self.cannot("read", body="private")


#: In a browser, too, the application in the page answers.
HERE = {"on": "both"}
RESOURCES = (AccountResource, ProjectResource, TaskResource, CommentResource)


class Client:
    """Asks an application for what it exposes, as its clients do."""

    def __init__(self, configuration: Configuration, **envelope: Any) -> None:
        self.app = configuration.asgi()
        self._envelope = envelope
        self.path = configuration.resource_settings.path

    async def post(self, body: Any, path: str | None = None, **headers: str) -> Answer:
        """The answer to *body*, JSON unless it is bytes already."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"content_type": "application/json", **headers}
        return await ask(self.app, "POST", path or self.path, sent, **given)

    async def batch(self, *entries: dict[str, Any]) -> list[Any]:
        """The responses to *entries*."""
        requests = [{"requestId": str(at), **one} for at, one in enumerate(entries)]
        answer = await self.post({**self._envelope, "requests": requests})
        assert answer.status == 200, answer.body
        responses: Sequence[Any] = answer.json["responses"]
        assert [one["requestId"] for one in responses] == [one["requestId"] for one in requests]
        return [one["response"] for one in responses]

    async def do(self, kind: str, model: str = "Task", **payload: Any) -> Any:
        """The response to one command."""
        (response,) = await self.batch({"commandType": kind, "model": model, "payload": payload})
        return response

    async def names(self, **payload: Any) -> list[str]:
        """The names of the tasks that *payload* asks for."""
        response = await self.do("index", **payload)
        assert response["status"] == "success", response
        return [one["name"] for one in response["models"]]


def as_user(ability: Ability) -> Any:
    """A block in which requests are those of *ability*."""
    return Current.with_ability(ability)
