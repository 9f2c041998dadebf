"""Velocious."""

from __future__ import annotations

from typing import Any

from velocious import Configuration, Record
from velocious.controller import Controller
from velocious.routing import Routes
from velocious_node import LogSettings, NodeEnvironmentHandler


class Task(Record):
    pass


class PagesController(Controller):
    async def ping(self) -> None:
        self.render(json={"pong": True})

    async def echo(self) -> None:
        params = self.params
        self.render(
            json={"id": params["id"], "q": params["q"], "n": params["n"], "note": params["note"]}
        )

    async def rows(self) -> None:
        tasks = Task.order("id").limit(20)
        await self.render_query(tasks, attributes=["id", "name", "done", "position"])


def application(database: str) -> Any:
    routes = Routes()
    routes.get("/ping", to=(PagesController, "ping"))
    routes.post("/echo/{id:int}", to=(PagesController, "echo"))
    routes.get("/rows", to=(PagesController, "rows"))
    return Configuration(
        # The others log nothing, either.
        environment_handler=NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment="test",
        databases={"default": f"sqlite:///{database}"},
        models=[Task],
        routes=routes,
        log_level="warning",
    ).asgi()
