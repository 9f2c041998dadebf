"""Adding a line to the routes of an application."""

from __future__ import annotations

import pytest

from velocious.errors import CommandError
from velocious.generator.route_line import with_route, without_route

ROUTES = '''"""Routes."""

from velocious.routing import Routes

routes = Routes()
routes.root(to="home#index")
with routes.namespace("api"):
    routes.get("/ping", to="status#ping")

# the end
'''
LINE = 'routes.resources("posts", id="int")'


def test_a_line_goes_behind_the_last_statement_about_routes() -> None:
    text = with_route(ROUTES, LINE)
    assert text == ROUTES.replace('ping")\n', f'ping")\n{LINE}\n')


def test_a_route_that_is_drawn_already_is_not_drawn_twice() -> None:
    once = with_route(ROUTES, LINE)
    assert with_route(once, LINE) == once
    other_writing = ROUTES + "routes.resources( 'posts',\n    id='int' )\n"
    assert with_route(other_writing, LINE) == other_writing


def test_a_route_that_is_only_mentioned_is_drawn() -> None:
    commented = ROUTES + f'# {LINE}\nNAME = "{LINE[:6]}"\n'
    assert LINE in with_route(commented, LINE).splitlines()


def test_a_file_without_an_end_of_line_keeps_its_last_statement() -> None:
    assert with_route("routes = Routes()", LINE) == f"routes = Routes()\n{LINE}\n"


def test_a_line_is_taken_away_whole() -> None:
    assert without_route(with_route(ROUTES, LINE), LINE) == ROUTES
    spread = ROUTES + 'routes.resources(\n    "posts",\n    id="int",\n)\n# after\n'
    assert without_route(spread, LINE) == ROUTES + "# after\n"


@pytest.mark.parametrize("text", ["", "x = 1\n", "# routes\n"])
def test_a_file_without_routes_is_left_alone(text: str) -> None:
    with pytest.raises(CommandError, match=r"has no `routes = Routes\(\)`.*routes.resources"):
        with_route(text, LINE)


def test_a_file_that_is_no_python_is_left_alone() -> None:
    with pytest.raises(CommandError, match=r"is no Python.*line 1"):
        with_route("routes = (", LINE)
