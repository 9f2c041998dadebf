"""Resources: nested, shallow, single ones, and more routes of their members."""

from __future__ import annotations

import re
from typing import Any

import pytest

from velocious.errors import RoutingError
from velocious.routing import Routes


def lines(routes: Routes) -> list[str]:
    return [
        f"{route.name or '-'} {'|'.join(route.methods)} {route.path} {route.target}"
        for route in routes
    ]


def test_a_resource_names_its_routes() -> None:
    routes = Routes()
    routes.resources("tasks", id="int")
    assert lines(routes) == [
        "tasks GET /tasks tasks#index",
        "tasks POST /tasks tasks#create",
        "new_task GET /tasks/new tasks#new",
        "edit_task GET /tasks/{id:int}/edit tasks#edit",
        "task GET /tasks/{id:int} tasks#show",
        "task PATCH|PUT /tasks/{id:int} tasks#update",
        "task DELETE /tasks/{id:int} tasks#destroy",
    ]


def test_below_a_resource_stand_its_parents_with_names_of_their_own() -> None:
    routes = Routes()
    with routes.namespace("admin"), routes.resources("projects", only=(), id="int"):
        with routes.resources("tasks", only=["index", "edit"]):
            routes.resources("comments", only="show")
        routes.get("/plan", to="plans#show")
    assert lines(routes) == [
        "admin_project_tasks GET /admin/projects/{project_id:int}/tasks admin/tasks#index",
        "edit_admin_project_task GET /admin/projects/{project_id:int}/tasks/{id}/edit "
        "admin/tasks#edit",
        "admin_project_task_comment GET "
        "/admin/projects/{project_id:int}/tasks/{task_id}/comments/{id} admin/comments#show",
        "admin_project_plan GET /admin/projects/{project_id:int}/plan admin/plans#show",
    ]


def test_shallow_members_stand_without_their_parents() -> None:
    routes = Routes()
    with (
        routes.namespace("api"),
        routes.resources("projects", only=(), shallow=True),
        routes.resources("tasks", only=["index", "show"]) as tasks,
    ):
        tasks.member.post("move")
        routes.resources("comments", only=["new", "destroy"])
    assert lines(routes) == [
        "api_project_tasks GET /api/projects/{project_id}/tasks api/tasks#index",
        "api_task GET /api/tasks/{id} api/tasks#show",
        "move_api_task POST /api/tasks/{id}/move api/tasks#move",
        "new_api_task_comment GET /api/tasks/{task_id}/comments/new api/comments#new",
        "api_comment DELETE /api/comments/{id} api/comments#destroy",
    ]


def test_members_and_the_collection_have_more_routes() -> None:
    routes = Routes()
    with routes.resources("tasks", only=()) as tasks:
        tasks.member.post("mark-done")
        tasks.member.match("position", ["get", "PUT"], to="positions#edit")
        tasks.collection.get("search", as_="find_tasks")
        tasks.collection.delete("done")
    assert lines(routes) == [
        "mark_done_task POST /tasks/{id}/mark-done tasks#mark_done",
        "position_task GET|PUT /tasks/{id}/position positions#edit",
        "find_tasks GET /tasks/search tasks#search",
        "done_tasks DELETE /tasks/done tasks#done",
    ]


def test_the_block_of_a_resource_is_not_needed() -> None:
    routes = Routes()
    routes.resources("tasks", only=()).member.post("move")
    routes.get("/x", to="x#show")
    assert [route.path for route in routes] == ["/tasks/{id}/move", "/x"]


def test_a_single_resource_has_no_index_and_no_parameter() -> None:
    routes = Routes()
    with routes.resource("profile") as profile:
        profile.member.post("publish")
        routes.resources("pictures", only=["show"])
    assert lines(routes) == [
        "profile POST /profile profiles#create",
        "new_profile GET /profile/new profiles#new",
        "edit_profile GET /profile/edit profiles#edit",
        "profile GET /profile profiles#show",
        "profile PATCH|PUT /profile profiles#update",
        "profile DELETE /profile profiles#destroy",
        "publish_profile POST /profile/publish profiles#publish",
        "profile_picture GET /profile/pictures/{id} pictures#show",
    ]


def test_path_controller_parameter_and_name_may_be_others() -> None:
    routes = Routes()
    with routes.resources(
        "tasks", path="aufgaben", controller="to_dos", param="slug", as_="jobs", only="show"
    ):
        routes.resources("comments", only="index")
    assert lines(routes) == [
        "job GET /aufgaben/{slug} to_dos#show",
        "job_comments GET /aufgaben/{job_slug}/comments comments#index",
    ]


def test_what_is_one_and_many_has_an_index_of_its_own_name() -> None:
    routes = Routes()
    routes.resources("news", only=["index", "show"])
    assert [route.name for route in routes] == ["news_index", "news"]


def test_dashes_of_a_path_are_underscores_in_names_and_controllers() -> None:
    routes = Routes()
    routes.resources("to-dos", only="index")
    assert lines(routes) == ["to_dos GET /to-dos to_dos#index"]


def test_a_scope_goes_before_what_it_is_told_to() -> None:
    routes = Routes()
    with routes.scope(path="/{locale}", module="shop", as_="shop", defaults={"locale": "en"}):
        routes.get("/cart", to="carts#show")
    with routes.scope(on="server", constraints={"id": r"[a-f]+", "host": "example.com"}):
        routes.get("/x/{id}", to="x#show")
        routes.get("/y", to="y#show", on="both")
    cart, first, second = routes
    assert lines(routes)[0] == "shop_cart GET /{locale}/cart shop/carts#show"
    assert dict(cart.defaults) == {"locale": "en"}
    assert (first.on, second.on) == ("server", "both")
    assert first.constraints.parameters["id"].pattern == "[a-f]+"
    assert not second.constraints.parameters
    assert second.constraints.host == "example.com"


def test_a_path_may_say_where_it_leads() -> None:
    routes = Routes()
    routes.get("/tasks/search")
    routes.post("/admin/tasks/mark-done")
    assert lines(routes) == [
        "tasks_search GET /tasks/search tasks#search",
        "admin_tasks_mark_done POST /admin/tasks/mark-done admin/tasks#mark_done",
    ]


def test_routes_of_a_library_are_drawn_below_a_path() -> None:
    library = Routes()
    library.root(to="shop/home#show")
    library.get("/carts/{id}", to="shop/carts#show", as_="cart", on="server")
    library.redirect("/basket", "/carts/1")
    routes = Routes()
    with routes.scope(defaults={"shop": "books"}):
        routes.include(library, path="/shop", as_="shop")
    assert lines(routes) == [
        "shop_root GET /shop shop/home#show",
        "shop_cart GET /shop/carts/{id} shop/carts#show",
    ]
    assert [dict(route.defaults) for route in routes] == [{"shop": "books"}] * 2
    basket = routes.drawn[2]
    assert (basket.name, str(basket)) == ("shop_basket", "301 → /shop/carts/1")
    assert routes.urls.shop_cart_path(3) == "/shop/carts/3"


def test_two_routes_may_share_a_path_where_constraints_or_places_tell_them_apart() -> None:
    routes = Routes()
    routes.get("/x/{id}", to="numbers#show", constraints={"id": r"\d+"})
    routes.get("/x/{id}", to="words#show")
    routes.get("/y", to="a#show", on="server")
    routes.get("/y", to="b#show", on="browser")
    assert len(routes) == 4
    with pytest.raises(RoutingError, match="can never be reached: GET /y leads to 'b#show'"):
        routes.get("/y", to="c#show", on="browser")


@pytest.mark.parametrize(
    ("verb", "given", "options", "said"),
    [
        ("get", ["/search"], {}, "'/search' does not say where it leads"),
        ("get", ["/a/{id}"], {}, "does not say where it leads"),
        ("match", ["/x", ["FETCH"]], {"to": "x#y"}, "method 'FETCH'. Did you mean"),
        ("match", ["/x", ()], {"to": "x#y"}, "at least one method"),
        ("get", ["/x"], {"to": "x#y", "on": "client"}, "on='client' is no place"),
        ("get", ["/x"], {"to": "x#y", "as_": "the x"}, "as_='the x' cannot name a route"),
        ("get", ["/{action}"], {"to": "x#y"}, "'action': which action answers is not for"),
        ("get", ["/{controller}/x"], {"to": "x#y"}, "'controller': which action answers"),
        ("get", ["/{a}{b}"], {"to": "x#y"}, "two parameters side by side"),
        ("get", ["/{a}-{b}-{c}-{d}"], {"to": "x#y"}, "4 parameters in"),
        ("get", ["/{a:path}/{b:path}"], {"to": "x#y"}, "two parameters of the type 'path'"),
        ("get", ["/{a:path}.{b}"], {"to": "x#y"}, "Give it a part of its own"),
        ("mount", ["/{a:path}", None], {}, "everything below a mount"),
        ("resource", ["profile"], {"only": "index"}, "no action 'index'"),
        ("resources", ["tasks"], {"id": "integer"}, "unknown type 'integer'"),
    ],
)
def test_what_makes_no_sense_is_refused(
    verb: str, given: list[Any], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(RoutingError, match=re.escape(said)):
        getattr(Routes(), verb)(*given, **options)
