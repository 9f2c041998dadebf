"""The contract of the log sink port: whatever is logged arrives somewhere, and nothing raises."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from velocious.testing.environment import TestEnvironment


@pytest.fixture
async def handlers(environment: TestEnvironment) -> AsyncIterator[list[logging.Handler]]:
    async with environment.directory() as directory:
        sink = environment.handler().log_sink(directory)
        opened = sink.handlers("development")
        yield opened
        for handler in opened:
            handler.close()
        sink.close()
        sink.close()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[logging.LogRecord]:
    """The records that a handler could not write."""
    failed: list[logging.LogRecord] = []

    def handle_error(handler: logging.Handler, record: logging.LogRecord) -> None:
        failed.append(record)

    monkeypatch.setattr(logging.Handler, "handleError", handle_error)
    return failed


def a_record(level: int, message: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("velocious.tests", level, __file__, 1, message, arguments, None)


def test_a_record_has_somewhere_to_go(handlers: list[logging.Handler]) -> None:
    assert handlers


@pytest.mark.parametrize(
    "level", [logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL, 25]
)
def test_every_level_is_written(
    handlers: list[logging.Handler], broken: list[logging.LogRecord], level: int
) -> None:
    for handler in handlers:
        handler.handle(a_record(level, "%s rows in %.1f ms", 3, 0.5))
    assert broken == []


def test_text_of_any_kind_is_written(
    handlers: list[logging.Handler], broken: list[logging.LogRecord]
) -> None:
    for handler in handlers:
        handler.handle(a_record(logging.INFO, "naïve 🐍 שלום \x00 \n second line %s", "{}"))
    assert broken == []


def test_an_exception_is_written_with_its_traceback(
    handlers: list[logging.Handler], broken: list[logging.LogRecord]
) -> None:
    try:
        raise ValueError("the cause")
    except ValueError as error:
        record = a_record(logging.ERROR, "It failed")
        record.exc_info = (type(error), error, error.__traceback__)
    for handler in handlers:
        handler.handle(record)
        assert "ValueError: the cause" in handler.format(record)
    assert broken == []


async def test_an_application_logs_through_its_sink_only_while_it_is_open(
    environment: TestEnvironment,
) -> None:
    logger = logging.getLogger("velocious")
    before = list(logger.handlers)
    async with environment.application() as configuration:
        added = [handler for handler in logger.handlers if handler not in before]
        wanted = environment.handler().log_sink(None).handlers(configuration.environment)
        assert len(added) == len(wanted)
    assert logger.handlers == before
