"""``python -m benchmarks.postgresql`` prints times, and ratios to raw asyncpg (lower is better).

It makes a database for each side on the server of VELOCIOUS_TEST_POSTGRESQL, and drops it again.
"""

from __future__ import annotations

import asyncio
import gc
import platform
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

import asyncpg

from benchmarks.postgresql.raw_side import RawSide
from benchmarks.postgresql.sqlalchemy_side import SqlalchemySide
from benchmarks.postgresql.velocious_side import VelociousSide
from benchmarks.postgresql.work import CREATES, FINDS, FINDS_EACH, ROWS, TASKS, url_of

if TYPE_CHECKING:
    from benchmarks.postgresql.work import Side

ROUNDS = 5
#: Workload → (what it is, the ratio that the project aims at).
WORKLOADS = {
    "insert_multiple": (f"insert_multiple, {ROWS:,} rows (raw: COPY)", 1.5),
    "hydrate": (f"hydrate {ROWS:,} rows, read 3 attributes", 1.5),
    "find": (f"find by primary key, {FINDS:,} times", 1.5),
    "many_finds": (f"{TASKS} tasks × {FINDS_EACH} finds", 1.6),
    "create": (f"create in a transaction, {CREATES:,} times", 1.3),
}


async def main() -> None:
    sides: list[Side] = [RawSide(), VelociousSide(), SqlalchemySide()]
    server = await asyncpg.connect(url_of("postgres"))
    databases = [f"velocious_benchmark_{side.name.lower()}" for side in sides]
    try:
        for side, database in zip(sides, databases, strict=True):
            await server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            await server.execute(f"CREATE DATABASE {database}")
            await side.open(database)
        times = {name: await measure(sides, name) for name in WORKLOADS}
        for side in sides:
            await side.close()
        report(sides, times, await server.fetchval("SHOW server_version"))
    finally:
        for database in databases:
            await server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        await server.close()


async def measure(sides: list[Side], workload: str) -> dict[str, float]:
    """Seconds of each side: the best of ROUNDS rounds, in which the sides take turns."""
    seconds: dict[str, list[float]] = {side.name: [] for side in sides}
    for _ in range(ROUNDS):
        answers = {side.name: await timed(side, workload, seconds[side.name]) for side in sides}
        if len(set(answers.values())) != 1:
            raise SystemExit(f"The sides did different work in {workload}: {answers}")
    for side in sides:
        print(f"  {workload:16} {side.name:12} median {median(seconds[side.name]) * 1000:8.1f} ms")
    return {name: min(measured) for name, measured in seconds.items()}


async def timed(side: Side, workload: str, seconds: list[float]) -> int:
    """Run one workload once on a table that holds what it needs; returns its checksum."""
    if workload in ("insert_multiple", "create"):
        await side.clear()
    elif await side.count() != ROWS:
        await side.clear()
        await side.insert_multiple()
    gc.collect()
    started = perf_counter()
    answer = await getattr(side, workload)()
    seconds.append(perf_counter() - started)
    return answer


def report(sides: list[Side], times: dict[str, dict[str, float]], server: str) -> None:
    version = f"Python {platform.python_version()}, PostgreSQL {server}"
    print(f"\nRatio to raw asyncpg, best of {ROUNDS} rounds ({version}); lower is better\n")
    names = [side.name for side in sides]
    print(f"{'':48}{'raw ms':>9}" + "".join(f"{name:>12}" for name in names[1:]) + "   aim")
    for workload, (title, aim) in WORKLOADS.items():
        measured = times[workload]
        raw = measured[names[0]]
        ratios = "".join(f"{measured[name] / raw:>12.2f}" for name in names[1:])
        print(f"{title:48}{raw * 1000:>9.1f}{ratios}  ≤ {aim}")


if __name__ == "__main__":
    asyncio.run(main())
