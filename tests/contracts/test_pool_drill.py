"""A thousand tasks that want ten connections, all the time: nobody starves, nothing leaks.

A second of it by default; `make drill` takes a minute (VELOCIOUS_DRILL_SECONDS).
"""

from __future__ import annotations

import asyncio
import os
import sys
from statistics import median
from typing import TYPE_CHECKING

from tests.contracts.test_pools import pooled, statistics

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

SECONDS = float(os.environ.get("VELOCIOUS_DRILL_SECONDS", "1"))
TASKS = 1000


async def test_a_thousand_tasks_take_fair_turns(environment: TestEnvironment) -> None:
    async with pooled(environment, maximum=10, timeout=60) as configuration:
        database = configuration.database()
        loop = asyncio.get_running_loop()
        waits: list[float] = []
        turns = [0] * TASKS
        end = loop.time() + SECONDS

        async def work(number: int) -> None:
            # Everybody has one turn, however little time there is.
            while loop.time() < end or not turns[number]:
                asked = loop.time()
                async with database.transaction():
                    waits.append(loop.time() - asked)
                    assert await database.fetch("SELECT 1") == [(1,)]
                turns[number] += 1
                assert statistics(database).open <= 10

        await asyncio.gather(*map(work, range(TASKS)))
        after = statistics(database)
        sys.stdout.write(
            f"\n{environment.name}: {len(waits)} turns of {TASKS} tasks, waited "
            f"{median(waits):.3f} s (median), {max(waits):.3f} s (longest); {after}\n"
        )
        assert (after.in_use, after.waiting, after.timeouts) == (0, 0, 0)
        assert after.opened - after.closed == after.open <= 10
        # First come, first served: who is done goes to the end of the line.
        assert max(turns) - min(turns) <= 2
