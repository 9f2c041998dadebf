"""Papers with attached files, in the browser only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious.configuration import Configuration

if TYPE_CHECKING:
    from velocious.environment import EnvironmentHandler


def configuration(environment_handler: EnvironmentHandler) -> Configuration:
    return Configuration(
        environment_handler=environment_handler,
        name="papers",
        directory=".",
        browser=["app"],
        attachments={"default": "files", "files": {"driver": "files"}},
    )
