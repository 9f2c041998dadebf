"""The fixture that every suite takes: the place it runs in.

A server process offers ``node-sqlite`` itself; the worker of a browser has offered ``browser``
before pytest starts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.testing.environment import TestEnvironment, environment_called, offer, offered

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler

SERVER_ABILITIES = (
    "threads",
    "processes",
    "sockets",
    "password_hashing",
    "time_budget",
    "symlinks",
)


def _node_handler() -> EnvironmentHandler:
    from velocious_node import NodeEnvironmentHandler
    from velocious_node.settings import PasswordSettings

    cheap = PasswordSettings(memory=8, iterations=1, parallelism=1)
    return NodeEnvironmentHandler(passwords=cheap)


def _node_sqlite() -> TestEnvironment:
    return TestEnvironment("node-sqlite", _node_handler, abilities=SERVER_ABILITIES)


if not offered():
    offer("node-sqlite", _node_sqlite)


@pytest.fixture(params=offered())
def environment(request: pytest.FixtureRequest) -> TestEnvironment:
    """The place the test runs in; once for each that is offered."""
    return environment_called(request.param)
