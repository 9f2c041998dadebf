"""An application of pages: what is written here works with and without a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        name="pages",
        directory=".",
        browser=[
            "app/config",
            "app/models",
            "app/db",
            "app/controllers/posts_controller.py",
            "app/controllers/echo_controller.py",
        ],
    )
