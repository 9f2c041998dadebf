"""Shows every test that runs inside the browser as an item of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from browser_tests._inner import InnerFailure, InnerSession

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_session = pytest.StashKey[InnerSession]()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drills take minutes: they run when they are asked for, with ``-m drill``."""
    if "drill" in str(config.getoption("-m")):
        return
    drills = [item for item in items if item.get_closest_marker("drill") is not None]
    items[:] = [item for item in items if item not in drills]
    config.hook.pytest_deselected(items=drills)


def inner_session(config: pytest.Config) -> InnerSession:
    """The session inside the browser; started when it is first asked for."""
    if _session not in config.stash:
        config.stash[_session] = InnerSession()
    return config.stash[_session]


def pytest_unconfigure(config: pytest.Config) -> None:
    if _session in config.stash:
        config.stash[_session].close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "test_suites.py":
        return InnerSuites.from_parent(parent, path=file_path)  # pyright: ignore[reportUnknownMemberType]
    return None


@pytest.fixture(scope="session")
def collected_inside(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What pytest found inside the browser."""
    return request.config.stash[_collected]


_collected = pytest.StashKey[dict[str, Any]]()


class InnerSuites(pytest.File):
    """All suites and contracts, as the worker's pytest collects them."""

    def collect(self) -> Iterable[pytest.Item]:
        answer = inner_session(self.config).collect()
        self.config.stash[_collected] = answer
        if answer["problems"] or not answer["ids"]:
            raise self.CollectError("\n".join(["inside the browser:", answer["output"]]))
        for name in answer["ids"]:
            yield InnerTest.from_parent(self, name=name)  # pyright: ignore[reportUnknownMemberType]


class InnerTest(pytest.Item):
    """One test that runs inside the browser."""

    def runtest(self) -> None:
        inner = inner_session(self.config)
        inner.run([item.name for item in self.session.items if isinstance(item, InnerTest)])
        for report in inner.reports_of(self.name):
            self._judge(report)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        if isinstance(excinfo.value, InnerTestFailed | InnerFailure):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"in the browser: {self.name}"

    def _judge(self, report: dict[str, Any]) -> None:
        when: str = report["when"]
        for title, text in report["sections"]:
            # Sections add up from phase to phase; each belongs to the phase in its title.
            if title.endswith(when):
                self.add_report_section(when, title.split(" ")[1], text)
        if report["outcome"] == "failed":
            raise InnerTestFailed(report["text"])
        if report["outcome"] == "skipped":
            pytest.skip(report["text"])


class InnerTestFailed(Exception):
    """A test failed inside the browser; the message is what pytest said there."""
