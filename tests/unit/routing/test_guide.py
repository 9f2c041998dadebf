"""What the guide to routing says is run."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tests.node.guides import python_blocks, run
from tests.unit.routing.asking import client_of_routes
from velocious.controller import Controller
from velocious.routing import Routes

if TYPE_CHECKING:
    from velocious.routing.route import Drawn

BLOCKS = python_blocks("docs/routing.md")


def block(containing: str) -> dict[str, Any]:
    (found,) = [one for one in BLOCKS if containing in one]
    return run(found)


def lines(containing: str) -> set[str]:
    """The routes of a block, as its comments write them."""
    drawn: list[Drawn] = block(containing)["routes"].drawn
    return {f"{'|'.join(one.methods)} {one.path} {getattr(one, 'target', one)}" for one in drawn}


@pytest.mark.parametrize(
    ("containing", "expected"),
    [
        ("/tasks/archive", {"GET /tasks/archive tasks#archive", "GET / pages#home"}),
        (
            "projects.member",
            {
                "POST /projects/{id:int}/archive projects#archive",
                "GET /projects/recent projects#recent",
                "GET /projects/{project_id:int}/tasks tasks#index",
                "GET /profile profiles#show",
                "GET /boards/{board_id}/cards cards#index",
                "GET /cards/{id} cards#show",
            },
        ),
        (
            'namespace("admin")',
            {
                "GET /admin/users admin/users#index",
                "GET /{locale}/about pages#about",
                "GET /status v2/status#show",
            },
        ),
        ("routes.redirect", {"GET /posts/{id} 301 → /articles/{id}"}),
    ],
)
def test_the_routes_of_the_guide_are_drawn_as_it_says(containing: str, expected: set[str]) -> None:
    assert expected <= lines(containing)


def test_the_helpers_of_the_guide_are_there() -> None:
    assert callable(block("routes.urls")["urls"].projects_path)
    urls = block('namespace("admin")')["routes"].urls
    assert urls.local_about_path("de") == "/de/about"
    assert urls.admin_users_path() == "/admin/users"
    assert block("projects.member")["routes"].urls.archive_project_path(1) == "/projects/1/archive"


class PagesController(Controller):
    async def show(self) -> None:
        self.render(json=self.params)


async def test_the_hook_of_the_guide_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("app", "app.controllers", "app.controllers.pages_controller"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    module = sys.modules["app.controllers.pages_controller"]
    vars(module)["PagesController"] = PagesController
    hooks = block("special_pages")["http"]
    async with client_of_routes(Routes(), http=hooks) as client:
        assert (await client.get("/pages/about?q=1")).json() == {"name": "about", "q": "1"}
        assert (await client.get("/about")).status_code == 404
