"""Which hosts an application answers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError, HostNotAllowedError, MalformedRequestError
from velocious.routing import Routes
from velocious.routing.hosts import host_name, hosts_of
from velocious_browser import BrowserEnvironmentHandler
from velocious_node import LogSettings, NodeEnvironmentHandler

if TYPE_CHECKING:
    from velocious.routing.hosts import Hosts


def made(environment: str = "test", handler: Any = None, **http: Any) -> Configuration:
    return Configuration(
        environment_handler=handler or NodeEnvironmentHandler(log=LogSettings(console=False)),
        environment=environment,
        routes=Routes(),
        http=http,
    )


def hosts(environment: str = "test", **http: Any) -> Hosts:
    return hosts_of(made(environment, **http))


def scope(*given: str, version: str = "1.1") -> dict[str, Any]:
    headers = [(b"host", host.encode("latin-1")) for host in given]
    return {
        "type": "http",
        "path": "/",
        "http_version": version,
        "headers": [(b"a", b"b"), *headers],
    }


def answers(checking: Hosts, host: str) -> bool:
    try:
        checking.check(scope(host))
    except HostNotAllowedError:
        return False
    return True


LISTED = ["example.com", ".shop.test", "10.0.0.5"]


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("example.com", True),
        ("EXAMPLE.com:8080", True),
        ("example.com.", True),
        ("shop.test", True),
        ("a.b.shop.test", True),
        ("10.0.0.5:80", True),
        ("www.example.com", False),
        ("evilshop.test", False),
        ("example.com.evil.test", False),
        ("10.0.0.6", False),
        ("localhost", False),
    ],
)
def test_only_listed_hosts_are_answered(host: str, answered: bool) -> None:
    checking = hosts(hosts=LISTED)
    # The second time it is known by heart.
    assert [answers(checking, host), answers(checking, host)] == [answered, answered]


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost:3006", True),
        ("shop.localhost", True),
        ("app.test", True),
        ("127.0.0.1:3006", True),
        ("[::1]:3006", True),
        ("192.168.1.17", True),
        ("rebound.evil.example", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_a_developers_machine_answers_to_no_strangers_name(host: str, answered: bool) -> None:
    assert answers(hosts("development"), host) is answered


@pytest.mark.parametrize(
    ("environment", "host", "answered"),
    [
        ("development", "127.0.0.1:3006", True),
        ("development", "localhost", True),
        ("development", "example.com", True),
        ("development", "rebound.evil.example", False),
        ("test", "app.test", True),
        ("test", "example.com", True),
        ("test", "evil.example", False),
        ("production", "example.com", True),
        ("production", "localhost", False),
        ("production", "127.0.0.1:3006", False),
        ("production", "app.test", False),
    ],
)
def test_naming_the_hosts_of_production_keeps_development_and_tests_going(
    environment: str, host: str, answered: bool
) -> None:
    assert answers(hosts(environment, hosts=["example.com"]), host) is answered


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_a_server_for_strangers_insists_on_its_names(environment: str) -> None:
    with pytest.raises(ConfigurationError, match=r"which hosts.*\"hosts\": \[\"example.com\"\]"):
        made(environment).asgi()
    assert answers(hosts(environment, hosts=["*"]), "anything.example")


def test_a_test_and_a_browser_answer_to_any() -> None:
    assert answers(hosts("test"), "anything.example")
    in_browser = made("production", BrowserEnvironmentHandler("/tmp"))
    assert answers(hosts_of(in_browser), "anything.example")
    named = made("production", BrowserEnvironmentHandler("/tmp"), hosts=["example.com"])
    assert answers(hosts_of(named), "localhost")


@pytest.mark.parametrize(
    "garbage",
    ["", " ", "a b", "a/b", "a@b", "a:b", "a:", "a:123456", "a:99999", ".a", "-a", "a..b", "é"]
    + ["a\x00", "a,b", "[::1", "::1", "[g::1]", "http://a", "a?b", "a#b", "a\\b", "<a>"],
)
def test_garbage_is_the_clients_mistake(garbage: str) -> None:
    assert host_name(garbage) is None
    with pytest.raises(MalformedRequestError, match="names no host"):
        hosts().check(scope(garbage))


def test_two_hosts_or_none_are_the_clients_mistake() -> None:
    checking = hosts()
    with pytest.raises(MalformedRequestError, match="has 2 Host headers"):
        checking.check(scope("app.test", "app.test"))
    with pytest.raises(MalformedRequestError, match="has 0 Host headers"):
        checking.check(scope())
    checking.check(scope("app.test"))
    with pytest.raises(MalformedRequestError):
        checking.check(scope("app.test", "evil.test"))
    # HTTP/1.0 knows no Host.
    checking.check(scope(version="1.0"))


@pytest.mark.parametrize(
    "host", ["https://a.test", "a.test:80", "A.test", "a.test/", "", "*.a.test"]
)
def test_a_listed_host_is_a_name(host: str) -> None:
    with pytest.raises(ConfigurationError, match="which is no host"):
        hosts(hosts=[host])
