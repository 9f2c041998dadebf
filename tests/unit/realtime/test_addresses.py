"""Where connections come from, as limits count it."""

from __future__ import annotations

import pytest

from tests.suites.rooms import engine
from velocious.realtime import Admit, RealtimeSettings, Reject, Upgrade
from velocious.realtime.addresses import place_of
from velocious.testing.realtime import Participant


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("unix:", "unix:"),
        ("testclient", "testclient"),
    ],
)
def test_an_address_of_ipv6_counts_as_its_network(address: str, place: str) -> None:
    assert place_of(address) == place


async def test_a_network_of_ipv6_has_the_connections_of_one_address() -> None:
    realtime, _ = engine(settings=RealtimeSettings(connections_per_ip=2))
    first = Participant(realtime, upgrade=Upgrade(address="2001:db8::1"))
    Participant(realtime, upgrade=Upgrade(address="2001:db8::2"))
    refused = await realtime.admit(Upgrade(address="2001:db8::abcd"))
    assert refused == Reject(429, "Too many connections from this address")
    assert isinstance(await realtime.admit(Upgrade(address="2001:db8:0:1::1")), Admit)
    await first.leaves()
    assert isinstance(await realtime.admit(Upgrade(address="2001:db8::abcd")), Admit)


async def test_nothing_is_left_of_addresses_that_have_gone() -> None:
    realtime, _ = engine()
    for address in ("192.0.2.1", "2001:db8::1", None):
        one = Participant(realtime, upgrade=Upgrade(address=address))
        await one.leaves()
    assert len(realtime._addresses) == 0
