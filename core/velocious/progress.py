"""Progress of long work: what does it says how far it is, whoever shows it decides how.

::

    with progress.step("Importing tasks", total=20_000) as step:
        step.advance(500)

Law: reporting never costs more than a clock reading per call; a reporter is called at most every
``interval`` seconds, and always at the beginning and at the end.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Report:
    """How far a step is.

    Attributes:
        label: what is being done.
        done: how much of it is done.
        total: how much there is, None where nobody knows.
        finished: whether this is the step's last report.
        seconds: since the step began.
    """

    label: str
    done: int
    total: int | None
    finished: bool
    seconds: float


type Reporter = Callable[[Report], None]


class Progress:
    """What long work is given to report to; :func:`silent` makes one that tells nobody."""

    def __init__(self, reporter: Reporter, *, interval: float = 0.1) -> None:
        self._reporter = reporter
        self._interval = interval

    def step(self, label: str, total: int | None = None) -> Step:
        """A part of the work, to be used as a context manager."""
        return Step(self._reporter, self._interval, label, total)


class Step:
    """A part of some work, with a count of what is done."""

    def __init__(self, reporter: Reporter, interval: float, label: str, total: int | None) -> None:
        self.label = label
        self.total = total
        self.done = 0
        self._reporter = reporter
        self._interval = interval
        self._began = self._reported = time.monotonic()

    def __enter__(self) -> Self:
        self._report()
        return self

    def __exit__(self, *_: object) -> None:
        self._report(finished=True)

    def advance(self, count: int = 1) -> None:
        """Say that *count* more are done."""
        self.done += count
        if time.monotonic() - self._reported >= self._interval:
            self._report()

    def _report(self, *, finished: bool = False) -> None:
        self._reported = time.monotonic()
        seconds = self._reported - self._began
        self._reporter(Report(self.label, self.done, self.total, finished, seconds))


def silent() -> Progress:
    """A progress that nobody sees."""
    return Progress(lambda report: None)


def bar(report: Report, *, width: int = 24) -> str:
    """A report as one line of text: ``Importing [█████░░░] 500/2,000 25 %``."""
    if report.total is None:
        return f"{report.label}  {report.done:,}"
    share = min(report.done / report.total, 1.0) if report.total else 1.0
    filled = int(share * width)
    drawn = "█" * filled + "░" * (width - filled)
    return f"{report.label}  {drawn}  {report.done:,}/{report.total:,}  {share:.0%}"


class LineReporter:
    """Writes one line per step when it ends: for logs and files."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def __call__(self, report: Report) -> None:
        if report.finished:
            self._write(f"{bar(report)}  in {report.seconds:.1f} s")


class BarReporter:
    """Redraws one line in a terminal; *write* gets raw text, without a line end."""

    def __init__(self, write: Callable[[str], None]) -> None:
        self._write = write

    def __call__(self, report: Report) -> None:
        end = f"  in {report.seconds:.1f} s\n" if report.finished else ""
        self._write(f"\r\x1b[2K{bar(report)}{end}")
