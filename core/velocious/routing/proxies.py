"""Who a request comes from when proxies stand in between.

Law: ``X-Forwarded-*`` is believed only from a peer that is listed, and only as far as listed
proxies wrote it: what stands further left was said by a stranger.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from velocious.errors import ConfigurationError, MalformedRequestError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from ipaddress import IPv4Address, IPv4Network, IPv6Network

    from starlette.types import Scope

    type Address = IPv4Address | IPv6Address

#: In the list of proxies: whoever asks through a Unix socket, which has no address.
UNIX = "unix"

_SCHEMES = {"http": ("http", "ws"), "https": ("https", "wss"), "ws": ("http", "ws")}
_SCHEMES["wss"] = _SCHEMES["https"]


class TrustedProxies:
    """The proxies whose headers are believed.

    Raises:
        ConfigurationError: an entry is no address and no network.
    """

    def __init__(self, listed: Sequence[str]) -> None:
        self._unix = UNIX in listed
        self._networks = tuple(_network(entry) for entry in listed if entry != UNIX)

    def apply(self, scope: Scope) -> None:
        """Put the client, scheme and host that trusted proxies tell of into *scope*.

        Raises:
            MalformedRequestError: a trusted proxy passes on a scheme that is none.
        """
        if not self._trusts_peer(scope.get("client")):
            return
        client, hops = self._client(_words(scope, b"x-forwarded-for"))
        if client is not None:
            scope["client"] = (client, 0)
        schemes = _words(scope, b"x-forwarded-proto")
        if schemes:
            scope["scheme"] = _scheme(schemes[-min(hops, len(schemes))], scope["type"])
        hosts = _words(scope, b"x-forwarded-host")
        if hosts:
            _replace_host(scope, hosts[-min(hops, len(hosts))])

    def _trusts_peer(self, peer: tuple[str, int] | None) -> bool:
        if peer is None or not peer[0]:
            return self._unix
        address = _address(peer[0])
        return address is not None and self._trusts(address)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._networks)

    def _client(self, chain: list[str]) -> tuple[str | None, int]:
        """The nearest address that is no proxy of ours, and how many proxies stand before it."""
        client: str | None = None
        for hops, entry in enumerate(reversed(chain), 1):
            address = _address(entry)
            if address is None:
                # Nobody can be blamed for it but who wrote it: what is nearer counts.
                return client, hops
            client = str(address)
            if not self._trusts(address):
                return client, hops
        return client, max(len(chain), 1)


def _network(entry: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(entry)
    except ValueError as error:
        raise ConfigurationError(
            f"http['trusted_proxies'] holds {entry!r}: {error}. Give addresses and networks, such "
            'as "127.0.0.1" or "10.0.0.0/8", or "unix" for a Unix socket.'
        ) from error


def _address(text: str) -> Address | None:
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _words(scope: Scope, name: bytes) -> list[str]:
    values = [value for key, value in scope["headers"] if key == name]
    words = b",".join(values).decode("latin-1").split(",") if values else []
    return [word.strip() for word in words if word.strip()]


def _scheme(word: str, kind: str) -> str:
    found = _SCHEMES.get(word.lower())
    if found is None:
        raise MalformedRequestError(
            f"X-Forwarded-Proto is {word[:100]!r}. A proxy sends http or https there."
        )
    return found[kind == "websocket"]


def _replace_host(scope: Scope, host: str) -> None:
    kept = [header for header in scope["headers"] if header[0] != b"host"]
    scope["headers"] = [(b"host", host.encode("latin-1")), *kept]
