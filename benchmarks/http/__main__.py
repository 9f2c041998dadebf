"""What a request costs a server, beside other frameworks: ``python -m benchmarks.http [work …]``.

Real servers, each one worker of uvicorn with uvloop and httptools, asked over the loopback by
another process. What counts is the processor time that the server's process uses for a request,
user and system; the servers take turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from typing import TYPE_CHECKING

from benchmarks.http.contest import Load, Server, check, measure
from benchmarks.http.work import ALL, write_database

if TYPE_CHECKING:
    from benchmarks.http.work import Work

#: What the others are compared with comes first.
SIDES = ("starlette", "velocious", "blacksheep", "litestar", "fastapi", "flask", "django")
NEEDED = ("uvloop", "httptools", "aiosqlite")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.http")
    names = [work.name for work in ALL]
    parser.add_argument("work", nargs="*", help=f"of {', '.join(names)}; all without any")
    parser.add_argument("--rounds", type=int, default=15, help="rounds that are measured")
    parser.add_argument("--requests", type=int, default=1600, help="in a round, for each server")
    parser.add_argument("--only", nargs="+", choices=SIDES[1:], help="beside Starlette, these")
    given = parser.parse_args()
    unknown = set(given.work) - set(names)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if not sys.platform.startswith("linux"):
        raise SystemExit("This reads the processor's time of other processes as Linux tells it.")
    chosen = [work for work in ALL if not given.work or work.name in given.work]
    run(chosen, _installed(given.only or SIDES[1:]), given.rounds, given.requests)


def run(chosen: list[Work], sides: list[str], rounds: int, count: int) -> None:
    """Start the servers, check that they answer the same, measure them, print the table."""
    with ExitStack() as stack:
        database = f"{stack.enter_context(tempfile.TemporaryDirectory())}/tasks.sqlite3"
        write_database(database)
        load = Load()
        stack.callback(load.stop)
        servers: list[Server] = []
        for side in sides:
            servers.append(Server(side, database))
            stack.callback(servers[-1].stop)
        print(f"{'µs of the processor, ratio':<30}" + "".join(f"{side:>18}" for side in sides))
        for work in chosen:
            check(load, servers, work)
            found = measure(load, servers, work, rounds, count)
            cells = (f"{found[side][0]:>11.1f}{found[side][1]:>7.2f}" for side in sides)
            print(f"{work.title:<30}" + "".join(cells) + f"   aim {work.aim}", flush=True)


def _installed(sides: list[str]) -> list[str]:
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise SystemExit(f"{', '.join(missing)} is needed: run `make setup`.")
    absent = [side for side in sides if find_spec(side) is None]
    if absent:
        print(f"Left out, for they are not installed: {', '.join(absent)}.\n")
    return ["starlette", *(side for side in sides if side not in absent)]


if __name__ == "__main__":
    main()
