"""What the suites share: an application with their models, open while a test runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.suites.models import MODELS, SCHEMA

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.configuration import Configuration
    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def tracker(environment: TestEnvironment) -> AsyncIterator[Configuration]:
    """An application of accounts, projects and tasks, without any rows."""
    async with environment.application(models=MODELS, schema=SCHEMA) as configuration:
        yield configuration
