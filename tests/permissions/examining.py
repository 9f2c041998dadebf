"""Looks at random worlds: always the same ones in tests, others in drills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from velocious.testing.plugin import run

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from random import Random


def look_at_worlds(
    look: Callable[[Random], Coroutine[Any, Any, None]], examples: int, number: int | None = None
) -> None:
    """*look* at as many worlds as *examples*: always the same, or those of the seed *number*."""

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=number is None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(st.randoms(use_true_random=True))
    def one(random: Random) -> None:
        run(look(random))

    (one if number is None else seed(number)(one))()
