"""How far long work is."""

from __future__ import annotations

import pytest

from velocious.progress import Progress, Report, bar, silent


def report(done: int, total: int | None) -> Report:
    return Report("Importing", done, total, finished=False, seconds=0.0)


def test_the_beginning_and_the_end_are_always_reported() -> None:
    seen: list[Report] = []
    with Progress(seen.append, interval=60).step("Work", total=1000) as step:
        for _ in range(1000):
            step.advance()
    assert [(one.done, one.finished) for one in seen] == [(0, False), (1000, True)]


def test_reports_in_between_come_as_often_as_was_asked() -> None:
    seen: list[Report] = []
    with Progress(seen.append, interval=0).step("Work", total=3) as step:
        for _ in range(3):
            step.advance()
    assert [one.done for one in seen] == [0, 1, 2, 3, 3]


def test_the_end_is_reported_after_an_error_too() -> None:
    seen: list[Report] = []
    with pytest.raises(ValueError, match="stop"), Progress(seen.append).step("Work") as step:
        step.advance(2)
        raise ValueError("stop")
    assert (seen[-1].done, seen[-1].finished) == (2, True)


def test_nobody_needs_to_listen() -> None:
    with silent().step("Work", total=2) as step:
        step.advance(2)
    assert step.done == 2


@pytest.mark.parametrize(
    ("done", "total", "text"),
    [
        (500, 2000, "500/2,000  25%"),
        (0, 0, "0/0  100%"),
        (3, 2, "3/2  100%"),
        (1234, None, "Importing  1,234"),
    ],
)
def test_a_bar_has_numbers(done: int, total: int | None, text: str) -> None:
    assert bar(report(done, total)).endswith(text)
