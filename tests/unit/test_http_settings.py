"""What ``Configuration(http=…)`` takes."""

from __future__ import annotations

import pytest

from velocious.errors import ConfigurationError, UnknownOptionError
from velocious.http_settings import HttpSettings, parse_http_settings


def test_settings_made_by_hand_are_checked_like_a_mapping() -> None:
    for given in ({"body_limit": 0}, HttpSettings(body_limit=0)):
        with pytest.raises(ConfigurationError, match="'body_limit'"):
            parse_http_settings(given)
    made = HttpSettings(hosts=["example.com"])
    assert parse_http_settings(made) is made


def test_an_option_that_nobody_reads_is_refused() -> None:
    with pytest.raises(UnknownOptionError, match="body_limit"):
        parse_http_settings({"body_limits": 1})
