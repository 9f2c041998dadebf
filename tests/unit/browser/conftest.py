"""What a worker sets for its own process is not left to the tests of other things."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def environment_of_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker names its environment in ``VELOCIOUS_ENV`` where nobody else has."""
    monkeypatch.setenv("VELOCIOUS_ENV", "test")
