"""Who a request comes from, when proxies tell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velocious.errors import ConfigurationError, MalformedRequestError
from velocious.routing.proxies import TrustedProxies

PROXY, STRANGER = "10.0.0.1", "203.0.113.7"
PROXIES = ["10.0.0.0/8", "::1", "unix"]


def seen(peer: str | None = PROXY, kind: str = "http", **headers: str | list[str]) -> Any:
    """Client, scheme and host of a request after the proxies were looked at."""
    pairs = [(b"host", b"inner.test")]
    for name, given_values in headers.items():
        values = [given_values] if isinstance(given_values, str) else given_values
        key = f"x-forwarded-{name.rstrip('_')}".encode()
        pairs += [(key, value.encode("latin-1")) for value in values]
    scope: dict[str, Any] = {
        "type": kind,
        "scheme": "http" if kind == "http" else "ws",
        "client": None if peer is None else (peer, 5),
        "headers": pairs,
    }
    TrustedProxies(PROXIES).apply(scope)
    hosts = [value.decode() for name, value in scope["headers"] if name == b"host"]
    client = scope["client"]
    return client and client[0], scope["scheme"], *hosts


def client(chain: str | list[str], peer: str | None = PROXY) -> str:
    return seen(peer, for_=chain)[0]


def test_a_trusted_proxy_is_believed() -> None:
    told = seen(for_=STRANGER, proto="https", host="shop.example")
    assert told == (STRANGER, "https", "shop.example")


@pytest.mark.parametrize("peer", [STRANGER, "not an address", "9.255.255.255"])
def test_a_stranger_is_not(peer: str) -> None:
    told = seen(peer, for_="1.2.3.4", proto="https", host="evil.example")
    assert told == (peer, "http", "inner.test")


def test_without_any_nobody_is_believed() -> None:
    told = [(b"x-forwarded-for", STRANGER.encode())]
    scope: Any = {"type": "http", "scheme": "http", "client": ("127.0.0.1", 5), "headers": told}
    TrustedProxies([]).apply(scope)
    assert scope["client"] == ("127.0.0.1", 5)


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        (STRANGER, STRANGER),
        (f"1.2.3.4, {STRANGER}", STRANGER),
        (f"1.2.3.4, {STRANGER}, 10.9.9.9", STRANGER),
        (["1.2.3.4", f"{STRANGER}", "10.9.9.9, 10.8.8.8"], STRANGER),
        ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
        (f"garbage, {STRANGER}", STRANGER),
        ("garbage, 10.2.2.2", "10.2.2.2"),
        ("garbage", PROXY),
        ("", PROXY),
        (f"{STRANGER}:4711", STRANGER),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ('"[2001:db8::7]"', "2001:db8::7"),
        ("::ffff:203.0.113.7", STRANGER),
        (f"1.2.3.4, {STRANGER}, ::ffff:10.9.9.9", STRANGER),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_proxy(chain: Any, expected: str) -> None:
    assert client(chain) == expected


def test_a_proxy_may_ask_through_a_unix_socket() -> None:
    assert client(STRANGER, peer=None) == STRANGER
    assert client(STRANGER, peer="") == STRANGER


@pytest.mark.parametrize(
    ("chain", "schemes", "expected"),
    [
        # One proxy wrote one word; what a stranger sent stands before it.
        (STRANGER, "http, https", "https"),
        (STRANGER, "https, http", "http"),
        # Two proxies: the outer one knows what the stranger spoke.
        (f"{STRANGER}, 10.9.9.9", "https, http", "https"),
        (f"{STRANGER}, 10.9.9.9", "https", "https"),
        (f"{STRANGER}, 10.9.9.9", "http, https, http", "https"),
        ([], "https", "https"),
        ([], "https, http", "http"),
    ],
)
def test_the_scheme_is_the_one_that_the_outermost_proxy_met(
    chain: Any, schemes: str, expected: str
) -> None:
    assert seen(for_=chain, proto=schemes)[1] == expected


def test_a_websocket_keeps_a_scheme_of_its_own() -> None:
    assert seen(kind="websocket", for_=STRANGER, proto="https")[1] == "wss"


def test_a_scheme_that_is_none_is_refused() -> None:
    with pytest.raises(MalformedRequestError, match="'javascript'. A proxy sends http or https"):
        seen(proto="javascript")


@pytest.mark.parametrize("entry", ["10.0.0.1/8", "localhost", "*", ""])
def test_an_entry_is_an_address_or_a_network(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="Give addresses and networks"):
        TrustedProxies([entry])


@given(st.text(st.characters(codec="latin-1")), st.text(st.characters(codec="latin-1")))
def test_whatever_comes_before_what_our_proxy_wrote_changes_nothing(sent: str, host: str) -> None:
    told = seen(for_=f"{sent}, {STRANGER}", host=f"{host}, shop.example", proto="https")
    assert told == (STRANGER, "https", "shop.example")
