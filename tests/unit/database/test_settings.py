"""The settings of a database."""

from __future__ import annotations

from typing import Any

import pytest

from velocious.database.pool_settings import PoolSettings
from velocious.database.settings import parse_settings
from velocious.errors import ConfigurationError, UnknownOptionError


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///db/test.sqlite3", "db/test.sqlite3"),
        ("sqlite:////var/db/test.sqlite3", "/var/db/test.sqlite3"),
        ("sqlite3:///with%20space.sqlite3", "with space.sqlite3"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_three_slashes_are_relative_and_four_absolute(url: str, path: str) -> None:
    settings = parse_settings("default", url)
    assert (settings.scheme, settings.path) == ("sqlite", path)


def test_a_pool_is_a_number_or_a_mapping() -> None:
    assert parse_settings("default", "sqlite:///a").pool == PoolSettings()
    assert parse_settings("default", {"url": "sqlite:///a", "pool": 7}).pool.maximum == 7
    assert parse_settings("default", "postgres:///a").pool.maximum == 10
    pool = {"minimum": 2, "timeout": 3.5, "idle_timeout": None}
    assert parse_settings("default", {"url": "postgres:///a", "pool": pool}).pool == PoolSettings(
        minimum=2, maximum=10, timeout=3.5, idle_timeout=None
    )


def test_an_unknown_option_of_a_pool_is_refused_with_close_matches() -> None:
    with pytest.raises(UnknownOptionError, match="Did you mean 'maximum'"):
        parse_settings("default", {"url": "sqlite:///a", "pool": {"maximun": 3}})


def test_secrets_are_left_out_of_the_safe_url() -> None:
    settings = parse_settings("default", "postgres://ann:s3cret@host:5432/app")
    assert settings.scheme == "postgresql"
    assert settings.safe_url == "postgres://host:5432/app"


@pytest.mark.parametrize("url", ["", "sqlite://", "sqlite://x", "db/test.sqlite3", "oracle://x"])
def test_an_unusable_url_says_how_to_write_one(url: str) -> None:
    with pytest.raises(ConfigurationError, match="sqlite:///"):
        parse_settings("default", url)


def test_an_unknown_option_is_refused_with_close_matches() -> None:
    with pytest.raises(UnknownOptionError, match="Did you mean 'read_only'"):
        parse_settings("default", {"url": "sqlite:///a", "readonly": True})


@pytest.mark.parametrize(
    "option",
    [
        {"pool": 0},
        {"pool": "5"},
        {"pool": True},
        {"pool": {"minimum": 3, "maximum": 2}},
        {"pool": {"minimum": -1}},
        {"pool": {"maximum": 1.5}},
        {"pool": {"timeout": None}},
        {"pool": {"idle_timeout": 0}},
        {"time_budget": -1},
        {"busy_timeout": "5"},
        {"read_only": "no"},
        {"pragmas": ["synchronous"]},
    ],
)
def test_an_option_of_the_wrong_kind_is_refused(option: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=next(iter(option))):
        parse_settings("default", {"url": "sqlite:///a", **option})
