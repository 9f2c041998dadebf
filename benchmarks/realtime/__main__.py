"""What realtime costs a server, beside others: ``python -m benchmarks.realtime [work …]``.

Real servers, one process each with uvloop, and clients in another process over the loopback. What
counts is the processor time of the server's process, user and system; the servers take turns, and
ratios are to a naive loop on Starlette in the same run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from importlib.util import find_spec

from benchmarks.realtime.contest import Group, Load, Server, compared

#: What the others are compared with comes first.
SIDES = (
    "starlette",
    "floor",
    "velocious",
    "velocious_full",
    "websockets",
    "aiohttp",
    "socketio",
    "node_ws",
)
#: Processes that Redis connects; what the others are compared with comes first.
ON_REDIS = ("starlette_redis", "velocious_redis", "velocious_full_redis")
#: How many messages may be under way. 4 is what the aims are for: more than one at a time, as on a
#: server that is worth measuring, and not so many that only copying is left.
WINDOWS = (1, 4, 16)
WINDOW = 4
#: Listeners, and the ratio to Starlette that Velocious aims at.
CROWDS = {200: 0.5, 1000: 0.36}
DELIVERIES = 40_000
ASKED, ASKERS = 6400, 16
IDLE = 2000
LATE, DEAF_LISTENERS = 100, 999


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realtime")
    parser.add_argument("work", nargs="*", help=f"of {', '.join(WORKS)}; all without any")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that are measured")
    parser.add_argument("--windows", nargs="+", type=int, default=WINDOWS)
    parser.add_argument("--crowds", nargs="+", type=int, default=tuple(CROWDS))
    parser.add_argument("--only", nargs="+", choices=SIDES[1:], help="beside Starlette, these")
    given = parser.parse_args()
    unknown = set(given.work) - set(WORKS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    if not sys.platform.startswith("linux"):
        raise SystemExit("This reads the processor's time of other processes as Linux tells it.")
    sides = _installed(given.only or SIDES[1:])
    chosen: list[str] = given.work or list(WORKS)
    if set(chosen) != {"redis"}:
        print(f"{'':<34}" + "".join(f"{side:>16}" for side in sides))
    for name in chosen:
        WORKS[name](sides, given)


def fan_out(sides: list[str], given: argparse.Namespace) -> None:
    """µs of a delivery, and the ratio."""
    for listeners in given.crowds:
        for window in given.windows:
            with ExitStack() as stack:
                load, servers = _all(stack, sides)
                count = DELIVERIES // listeners
                options = {"listeners": listeners, "window": window, "count": count}
                found = compared(
                    load, servers, given.rounds, "fan_out", count * listeners, **options
                )
            is_aim = window == WINDOW
            aim = f"   aim {CROWDS.get(listeners)}" if is_aim else ""
            _print(f"{listeners} listeners, window {window}: µs", found, sides, aim)


def redis(_: list[str], given: argparse.Namespace) -> None:
    """µs of a delivery where Redis connects two processes, both of them counted, and the ratio to
    Starlette with redis-py.
    """
    print(f"{'':<34}" + "".join(f"{side:>22}" for side in ON_REDIS))
    for listeners in given.crowds:
        with ExitStack() as stack:
            load = Load()
            stack.callback(load.stop)
            groups = [Group(side, 2) for side in ON_REDIS]
            for group in groups:
                stack.callback(group.stop)
            count = DELIVERIES // listeners
            options = {"listeners": listeners, "window": WINDOW, "count": count}
            found = compared(load, groups, given.rounds, "fan_out", count * listeners, **options)
        cells = "".join(f"{found[side][0]:>16.2f}{found[side][1]:>6.2f}" for side in ON_REDIS)
        print(f"{f'{listeners} at two processes: µs':<34}{cells}   aim < 1", flush=True)


def ask(sides: list[str], given: argparse.Namespace) -> None:
    """µs of a question and its answer, and the ratio."""
    with ExitStack() as stack:
        load, servers = _all(stack, sides)
        options = {"clients": ASKERS, "count": ASKED}
        found = compared(load, servers, given.rounds, "ask", ASKED, **options)
    _print("question and answer: µs", found, sides, "   aim 0.7")


def memory(sides: list[str], given: argparse.Namespace) -> None:
    """µs of a question and its answer without a network, and the ratio; the same on a busy
    machine.
    """
    # Imported here: it loads the servers into this process.
    from benchmarks.realtime.memory import SIDES as ABLE
    from benchmarks.realtime.memory import measured

    able = [side for side in sides if side in ABLE]
    found = measured(able, clients=ASKERS, count=200, rounds=3 * given.rounds)
    first = found[able[0]]
    cells = [
        f"{found[side]:>10.2f}{found[side] / first:>6.2f}" if side in found else " " * 16
        for side in sides
    ]
    print(f"{'the same in memory: µs':<34}" + "".join(cells), flush=True)


def idle(sides: list[str], given: argparse.Namespace) -> None:
    """KiB of an idle connection."""
    cells: list[str] = []
    for side in sides:
        with ExitStack() as stack:
            load, (server,) = _all(stack, [side])
            # What the first connections load is not theirs.
            load.order("idle", server, clients=50)
            before = server.resident()
            load.order("idle", server, clients=IDLE)
            cells.append(f"{(server.resident() - before) / IDLE:>16.1f}")
    print(f"{f'{IDLE} idle connections: KiB each':<34}" + "".join(cells) + "   aim 24", flush=True)


def late(sides: list[str], given: argparse.Namespace) -> None:
    """Milliseconds in which 99 of 100 deliveries come, without and with one that never reads."""
    rows: dict[str, list[str]] = {"p99 in ms": [], "with one that never reads": []}
    for side in sides:
        for deaf, row in enumerate(rows.values()):
            with ExitStack() as stack:
                load, (server,) = _all(stack, [side])
                told = load.order("late", server, listeners=DEAF_LISTENERS, count=LATE, deaf=deaf)
            lost = "" if told["arrived"] == 1 else f" ({told['arrived']:.0%})"
            row.append(f"{told['p99']:>9.1f}{lost:<7}")
    for title, cells in rows.items():
        print(f"{title:<34}" + "".join(cells), flush=True)


WORKS: dict[str, Callable[[list[str], argparse.Namespace], None]] = {
    "fan-out": fan_out,
    "ask": ask,
    "memory": memory,
    "idle": idle,
    "late": late,
    "redis": redis,
}


def _all(stack: ExitStack, sides: Iterable[str]) -> tuple[Load, list[Server]]:
    load = Load()
    stack.callback(load.stop)
    servers: list[Server] = []
    for side in sides:
        servers.append(Server(side))
        stack.callback(servers[-1].stop)
    return load, servers


def _print(title: str, found: dict[str, tuple[float, float]], sides: list[str], aim: str) -> None:
    cells = "".join(f"{found[side][0]:>10.2f}{found[side][1]:>6.2f}" for side in sides)
    print(f"{title:<34}{cells}{aim}", flush=True)


def _installed(sides: Iterable[str]) -> list[str]:
    if find_spec("uvloop") is None:
        raise SystemExit("uvloop is needed: run `make setup`.")
    present = [side for side in sides if _is_there(side)]
    absent = [side for side in sides if side not in present]
    if absent:
        print(f"Left out, for they are not installed: {', '.join(absent)}.\n")
    return ["starlette", *present]


def _is_there(side: str) -> bool:
    if side == "node_ws":
        return shutil.which("node") is not None
    return side in ("floor", "velocious", "velocious_full") or find_spec(side) is not None


if __name__ == "__main__":
    main()
