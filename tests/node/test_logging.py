"""Where a server process logs, and what never gets there."""

from __future__ import annotations

import json
import logging
import os
import stat
import sys
import time
from typing import TYPE_CHECKING

import pytest

from velocious.errors import PlatformError
from velocious_node.logging import NodeLogSink, RedactingFormatter
from velocious_node.redaction import redact
from velocious_node.settings import LogSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def log(handlers: Iterable[logging.Handler], *messages: str) -> None:
    for handler in handlers:
        for message in messages:
            handler.handle(logging.makeLogRecord({"name": "velocious.test", "msg": message}))
        handler.close()


def file_only(directory: Path, max_bytes: int = 1000, backups: int = 1) -> list[logging.Handler]:
    sink = NodeLogSink(
        str(directory), LogSettings(console=False, max_bytes=max_bytes, backups=backups)
    )
    return sink.handlers("development")


def test_records_go_to_a_file_of_the_environment(tmp_path: Path) -> None:
    log(file_only(tmp_path), "hello")
    assert "velocious.test: hello\n" in (tmp_path / "log/development.log").read_text()


def test_a_library_without_a_directory_logs_to_the_console_only() -> None:
    [handler] = NodeLogSink(None).handlers("development")
    assert isinstance(handler, logging.StreamHandler)
    assert not isinstance(handler, logging.FileHandler)


def test_tests_log_to_the_file_only(tmp_path: Path) -> None:
    [handler] = NodeLogSink(str(tmp_path)).handlers("test")
    assert isinstance(handler, logging.FileHandler)


def test_the_console_is_standard_error_of_the_moment(
    capsys: pytest.CaptureFixture[str],
) -> None:
    [handler] = NodeLogSink(None).handlers("development")
    log([handler], "seen")
    captured = capsys.readouterr()
    assert "seen" in captured.err
    assert captured.out == ""


def test_a_file_that_grew_too_large_is_put_aside(tmp_path: Path) -> None:
    log(file_only(tmp_path, max_bytes=200, backups=2), *("x" * 90 for _ in range(20)))
    names = sorted(path.name for path in (tmp_path / "log").iterdir())
    assert names == ["development.log", "development.log.1", "development.log.2"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_an_error_at_once(tmp_path: Path) -> None:
    tmp_path.chmod(stat.S_IREAD | stat.S_IEXEC)
    with pytest.raises(PlatformError, match="LogSettings"):
        file_only(tmp_path)


def test_a_log_that_cannot_be_made_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file is in the way")
    with pytest.raises(PlatformError, match=r"log/development\.log' cannot be written"):
        file_only(tmp_path)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("password=hunter2&name=x", "password=[filtered]&name=x"),
        ('{"password": "a b", "name": "x"}', '{"password": [filtered], "name": "x"}'),
        ("{'api_key': 'k', 'n': 1}", "{'api_key': [filtered], 'n': 1}"),
        ("Authorization: Bearer abc.def, x", "Authorization: [filtered], x"),
        ("user_password_confirmation = 'x\\'y' z", "user_password_confirmation = [filtered] z"),
        ("postgresql://me:secret@host/db", "postgresql://me:[filtered]@host/db"),
        ("access-token:abc", "access-token:[filtered]"),
        ("the password was wrong", "the password was wrong"),
        ("GET /tasks 200 3.1 ms", "GET /tasks 200 3.1 ms"),
    ],
)
def test_values_of_secrets_are_not_logged(text: str, hidden: str) -> None:
    assert redact(text) == hidden


@pytest.mark.parametrize("text", ["a" * 200_000, "://" * 60_000, "password" * 25_000])
def test_long_lines_do_not_take_long(text: str) -> None:
    began = time.perf_counter()
    redact(text)
    assert time.perf_counter() - began < 2


def test_an_exception_is_redacted_too() -> None:
    try:
        raise ValueError("password=hunter2")
    except ValueError as error:
        record = logging.makeLogRecord(
            {"msg": "failed", "exc_info": (ValueError, error, error.__traceback__)}
        )
    assert "hunter2" not in RedactingFormatter("%(message)s").format(record).partition("raise")[0]
    assert "password=[filtered]" in RedactingFormatter("%(message)s").format(record)


def test_programs_may_read_the_log_as_json_without_secrets(tmp_path: Path) -> None:
    settings = LogSettings(console=False, format="json")
    [handler] = NodeLogSink(str(tmp_path), settings).handlers("production")
    try:
        raise LookupError("postgresql://shop:hunter2@db.internal/shop")
    except LookupError:
        record = logging.LogRecord(
            "velocious.http", logging.ERROR, "", 1, "two\nlines %s", ("é",), sys.exc_info()
        )
    handler.handle(record)
    handler.close()
    [line] = (tmp_path / "log/production.log").read_text(encoding="utf-8").splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == (
        "error",
        "velocious.http",
        "two\nlines é",
    )
    assert said["time"].endswith("+00:00")
    assert "LookupError" in said["exception"]
    assert "hunter2" not in line
