"""The server environment: Velocious on CPython."""

from __future__ import annotations

from velocious_node.handler import NodeEnvironmentHandler as NodeEnvironmentHandler
from velocious_node.settings import LogSettings as LogSettings
from velocious_node.settings import ServerSettings as ServerSettings
