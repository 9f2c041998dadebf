"""One process alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.contracts.realtime_provider_contract import ProviderContract, made

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.contracts.realtime_provider_contract import Processes


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    engine = made()
    await engine.start()
    yield [engine]
    await engine.stop()


class TestMemoryProvider(ProviderContract):
    """Everything that providers promise."""
