"""How many connections come from where.

Law: what one person can have is one place. A household gets a network of IPv6, 2**64 addresses, and
may take another one for each connection; so those are counted by their network.
"""

from __future__ import annotations


class Addresses:
    """Connections by the place they come from."""

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def count(self, address: str | None) -> int:
        return self._counts.get(place_of(address), 0) if address else 0

    def add(self, address: str | None) -> None:
        if address:
            place = place_of(address)
            self._counts[place] = self._counts.get(place, 0) + 1

    def remove(self, address: str | None) -> None:
        if not address:
            return
        place = place_of(address)
        left = self._counts.get(place, 1) - 1
        if left:
            self._counts[place] = left
        else:
            self._counts.pop(place, None)

    def __len__(self) -> int:
        return len(self._counts)


def place_of(address: str) -> str:
    """*address* itself, or the /64 network of an IPv6 one; what is no address is itself."""
    if ":" not in address:
        return address
    # Imported here: most connections come by IPv4, or are counted behind a proxy that does.
    from ipaddress import IPv6Address

    try:
        found = IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return f"{IPv6Address(int(found) >> 64 << 64)}/64"
