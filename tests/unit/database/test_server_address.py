"""Where a server's database is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from velocious.database.settings import parse_settings
from velocious.errors import ConfigurationError, UnknownOptionError

if TYPE_CHECKING:
    from velocious.database.server_address import ServerAddress


def address(url: str) -> ServerAddress:
    server = parse_settings("default", url).server
    assert server is not None
    return server


def test_the_url_says_where_and_as_whom() -> None:
    found = address("postgresql://ann:s%40cret@db.example.org:5433/shop")
    assert (found.host, found.port) == ("db.example.org", 5433)
    assert (found.user, found.password, found.database) == ("ann", "s@cret", "shop")


@pytest.mark.parametrize(
    ("url", "port"), [("postgres://localhost/app", 5432), ("mariadb://localhost/app", 3306)]
)
def test_each_kind_of_server_has_its_port(url: str, port: int) -> None:
    assert address(url).port == port


def test_the_query_wins_over_the_rest_of_the_url() -> None:
    found = address("postgresql:///app?host=/run/postgresql&port=5434&user=ann&password=a%26b")
    assert (found.host, found.port) == ("/run/postgresql", 5434)
    assert (found.user, found.password) == ("ann", "a&b")


def test_encryption_and_limits_come_from_the_query() -> None:
    found = address(
        "mysql://host/app?sslmode=verify-full&sslrootcert=ca.pem&sslcert=me.pem&sslkey=me.key"
        "&connect_timeout=3&statement_timeout=1.5"
    )
    assert (found.tls, found.tls_ca) == ("verify-full", "ca.pem")
    assert (found.tls_certificate, found.tls_key) == ("me.pem", "me.key")
    assert (found.connect_timeout, found.statement_timeout) == (3.0, 1.5)


def test_a_kind_of_server_has_options_of_its_own() -> None:
    found = address("postgresql://host/app?prepared_statements=false&application_name=shop")
    assert found.options == {"prepared_statements": False, "application_name": "shop"}


def test_an_unknown_option_is_refused_with_close_matches() -> None:
    with pytest.raises(UnknownOptionError, match="Did you mean 'sslmode'"):
        address("postgresql://ann:s3cret@host/app?ssl_mode=require")
    with pytest.raises(UnknownOptionError, match="prepared_statements"):
        address("mysql://host/app?prepared_statements=false")


@pytest.mark.parametrize(
    "query",
    ["port=http", "port=0", "sslmode=maybe", "connect_timeout=0", "statement_timeout=soon"],
)
def test_a_value_of_the_wrong_kind_is_refused(query: str) -> None:
    with pytest.raises(ConfigurationError, match=query.partition("=")[0]) as raised:
        address(f"postgresql://ann:s3cret@host/app?{query}")
    assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("url", ["mysql://ann:5/s3cret@host/a", "mysql://ann:s3cret@host:http/app"])
def test_a_url_that_cannot_be_read_does_not_show_its_password(url: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        parse_settings("default", url)
    assert "s3cret" not in str(raised.value)


def test_a_password_is_in_no_representation() -> None:
    for url in ("mysql://ann:s3cret@host/app", "mysql://host/app?user=ann&password=s3cret"):
        settings = parse_settings("default", url)
        assert "s3cret" not in repr(settings)
        assert "s3cret" not in repr(settings.server)
        assert settings.safe_url == "mysql://host/app"
