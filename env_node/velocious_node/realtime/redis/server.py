"""Which Redis: an address or a client that the application has already."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from redis.asyncio import Redis
from redis.asyncio.cluster import RedisCluster
from redis.asyncio.connection import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from velocious.errors import ConfigurationError

if TYPE_CHECKING:
    type Client = Redis | RedisCluster

#: What says that a connection is of no use any more.
FAILURES = (RedisError, OSError, TimeoutError, EOFError)
#: Seconds that a good-bye may take.
_GOODBYE = 0.2
#: Schemes of addresses of clusters.
_CLUSTER = {"redis+cluster": "redis", "rediss+cluster": "rediss"}


def _never() -> Retry:
    # What is sent twice is published twice: we see ourselves to what failed.
    return Retry(NoBackoff(), 0)


class Server:
    """Makes connections of our own, with the address, the password and the TLS of the given one.

    Arguments:
        given: ``redis://…``, ``rediss://…``, ``unix://…``, ``redis+cluster://…``, or a client of
            redis-py's asyncio, which is left alone.

    Raises:
        ConfigurationError: it is none of these.
    """

    def __init__(self, given: str | Client) -> None:
        self._cluster: dict[str, Any] = {}
        self._pool: Any = None
        self.is_cluster = False
        if isinstance(given, RedisCluster):
            self._take_cluster(given)
        elif isinstance(given, str):
            self._take_url(given)
        elif isinstance(cast("Any", given), Redis):
            self._pool = cast("Any", given).connection_pool
        else:
            raise ConfigurationError(
                f"{given!r} is no Redis: give a URL such as redis://localhost:6379/0, or a client "
                "of redis.asyncio."
            )

    def _take_url(self, url: str) -> None:
        scheme, _, rest = url.partition("://")
        if scheme in _CLUSTER:
            self._take_cluster(RedisCluster.from_url(f"{_CLUSTER[scheme]}://{rest}"))
            return
        try:
            self._pool = cast("Any", ConnectionPool).from_url(url)
        except ValueError as error:
            raise ConfigurationError(
                f"{scheme}://… is no address of a Redis ({error}). It looks like "
                "redis://user:password@localhost:6379/0."
            ) from None

    def _take_cluster(self, client: Any) -> None:
        self.is_cluster = True
        self._cluster = dict(client.connection_kwargs)
        nodes = client.nodes_manager.startup_nodes.values()
        self._seeds = [(node.host, node.port) for node in nodes]

    async def connection(self, timeout: float) -> Any:
        """A connection of one server, of the cluster's any one. Raises what redis-py raises."""
        made: Any
        if self.is_cluster:
            client: Any = self.cluster(timeout)
            try:
                await client.initialize()
                node: Any = client.get_random_node()
                options = {**_own(node.connection_kwargs), **_ours(timeout)}
                made = node.connection_class(**options)
            finally:
                await leave_cluster(client)
        else:
            options = {**_own(self._pool.connection_kwargs), **_ours(timeout)}
            made = self._pool.connection_class(**options)
        try:
            await made.connect()
        except BaseException:
            await hang_up(made)
            raise
        return made

    def cluster(self, timeout: float) -> RedisCluster:
        """A client of the cluster."""
        from redis.asyncio.cluster import ClusterNode

        kept = {
            name: self._cluster[name]
            for name in ("username", "password", "ssl", "ssl_ca_certs", "ssl_cert_reqs")
            if self._cluster.get(name) is not None
        }
        made: Any = RedisCluster
        return made(
            startup_nodes=[ClusterNode(host, port) for host, port in self._seeds],
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=_never(),
            **kept,
        )


async def hang_up(connection: Any) -> None:
    """Close *connection*, and wait a moment for it: one that is broken never says good-bye."""
    with suppress(*FAILURES):
        async with asyncio.timeout(_GOODBYE):
            await connection.disconnect()


async def leave_cluster(client: Any) -> None:
    """Close all connections of *client*, also where whoever asks is cancelled meanwhile: a process
    that ends while its cluster is away has nobody else to do it.
    """
    closing = asyncio.ensure_future(_leave(client))
    try:
        await asyncio.shield(closing)
    finally:
        # It takes as long as a good-bye may.
        await asyncio.wait([closing])


async def _leave(client: Any) -> None:
    # By itself it leaves open those of a cluster that it could not make out, or that failed while
    # it looked.
    nodes = client.nodes_manager
    known = [*nodes.nodes_cache.values(), *nodes.startup_nodes.values()]
    with suppress(*FAILURES):
        await client.aclose()
    for node in known:
        with suppress(*FAILURES):
            await node.disconnect()


def _own(options: dict[str, Any]) -> dict[str, Any]:
    # Notices of maintenance come with the newer protocol only, and belong to the given client.
    return {name: value for name, value in options.items() if "maint" not in name}


def _ours(timeout: float) -> dict[str, Any]:
    return {
        "socket_timeout": None,
        "socket_connect_timeout": timeout,
        "decode_responses": False,
        "health_check_interval": 0,
        # The older protocol: what is published arrives as an answer like any other.
        "protocol": 2,
        "retry": _never(),
        "retry_on_error": [],
        "retry_on_timeout": False,
    }
