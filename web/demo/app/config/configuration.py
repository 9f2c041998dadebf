"""The demo application: one configuration for the server and for the browser."""

from __future__ import annotations

from os.path import abspath, dirname
from typing import TYPE_CHECKING

from app.config.guests import ability
from app.config.routes import routes

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler

#: What a browser gets; nothing else of this folder ever leaves the server.
BROWSER = (
    "app/actions",
    "app/board",
    "app/config",
    "app/controllers/board",
    "app/db/migrations",
    "app/db/seed.py",
    "app/db/seeds/awkward.py",
    "app/db/seeds/generate.py",
    "app/db/seeds/words.py",
    "app/helpers",
    "app/homes",
    "app/importing",
    "app/models",
    "app/people.py",
    "app/resources",
    "app/views",
)


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    """The configuration for whatever place *environment_handler* stands for."""
    return Configuration(
        name="velocious-demo",
        environment_handler=environment_handler,
        directory=dirname(dirname(dirname(abspath(__file__)))),
        databases={"default": "sqlite:///db/demo.sqlite3"},
        routes=routes,
        ability_resolver=ability,
        browser=BROWSER,
        install={"title": "Velocious", "icons": ["assets/favicon.svg"]},
        # A demo shows them to everybody; by default production has none.
        devtools=True,
    )
