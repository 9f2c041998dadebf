"""Dialects by the names of settings."""

from __future__ import annotations

import pytest

from velocious.errors import ConfigurationError
from velocious.realtime.dialects.named import HOMES, dialect_named


@pytest.mark.parametrize("name", sorted(HOMES))
def test_a_dialect_calls_itself_as_settings_do(name: str) -> None:
    assert dialect_named(name).name == name


def test_a_name_that_nobody_has_is_refused_with_one_that_is_like_it() -> None:
    with pytest.raises(ConfigurationError, match="pusher"):
        dialect_named("pushr")
