"""Waits for an application, but not for ever: a test that hangs says nothing."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from velocious.errors import TestingError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@asynccontextmanager
async def within(seconds: float, problem: str) -> AsyncGenerator[None]:
    """A block that may take *seconds*. Raises TestingError with *problem* if it takes longer."""
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise TestingError(problem) from error
