"""What a process does in realtime, in Prometheus' text format (version 0.0.4).

Law: counts, no names: neither a channel's nor a user's is anybody's business here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from velocious.realtime.connection import Connection
    from velocious.realtime.engine import Engine
    from velocious.realtime.hub import Hub

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PREFIX = "velocious_realtime_"


def metrics_text(hub: Hub, engines: Iterable[Engine]) -> str:
    """All metrics, each with what it means."""
    connections = [one for engine in engines for one in engine.connections.values()]
    waiting = [one.sink.buffered for one in connections]
    counts = hub.statistics
    subscriptions = sum(len(topic.subscriptions) for topic in hub.topics.values())
    parts = (
        _gauge("connections", "Connections by how far they have come.", _phases(connections)),
        _gauge("users", "Users with an open connection.", len(hub.users)),
        _gauge("topics", "Channels that somebody listens to.", len(hub.topics)),
        _gauge("subscriptions", "Listeners of all channels.", subscriptions),
        _gauge("queued_bytes", "Bytes that wait for slow readers.", sum(waiting)),
        _gauge("queued_bytes_most", "Bytes that wait for the slowest.", max(waiting, default=0)),
        _counter("opened", "Connections that were opened.", counts.opened),
        _counter("publications", "Publications of this process.", counts.publications),
        _counter("deliveries", "Frames that were handed to connections.", counts.deliveries),
        _counter("evictions", "Connections that read too slowly.", counts.evictions),
        _counter("drops", "Times that slow readers missed events.", counts.drops),
        _counter("refused", "Subscriptions that were refused.", counts.refused),
        _counter("closed", "Connections that were closed, by reason.", _reasons(counts.closed)),
    )
    return "".join(parts)


def read_metrics(text: str) -> dict[str, float]:
    """Name, without what all of them begin with → value."""
    pairs = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name.removeprefix(PREFIX): float(value) for name, _, value in pairs if name}


def _phases(connections: Iterable[Connection]) -> dict[str, int]:
    found = {'state="open"': 0}
    for one in connections:
        label = f'state="{one.phase}"'
        found[label] = found.get(label, 0) + 1
    return found


def _reasons(closed: Mapping[str, int]) -> dict[str, int]:
    return {f'reason="{name}"': number for name, number in sorted(closed.items())}


def _gauge(name: str, means: str, value: int | Mapping[str, int]) -> str:
    return _metric(name, means, "gauge", value)


def _counter(name: str, means: str, value: int | Mapping[str, int]) -> str:
    return _metric(f"{name}_total", means, "counter", value)


def _metric(name: str, means: str, kind: str, value: int | Mapping[str, int]) -> str:
    name = PREFIX + name
    values = {"": value} if isinstance(value, int) else {f"{{{k}}}": v for k, v in value.items()}
    lines = [f"# HELP {name} {means}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{labels} {number}" for labels, number in values.items()]
    return "\n".join(lines) + "\n"
