"""The secret that an installation makes for itself, and when it must be given one."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

from velocious.configuration import Configuration
from velocious.errors import MissingSecretError, PlatformError
from velocious_browser import BrowserEnvironmentHandler
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser.bundle import bundle_files
from velocious_node.own_secret import PATH, own_secret

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def nobody_gives_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VELOCIOUS_SECRET", raising=False)


def keys(directory: Path | None, environment: str = "development", **options: Any) -> list[bytes]:
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(),
        environment=environment,
        directory=None if directory is None else str(directory),
        **options,
    )
    return configuration.secret.keys("tests")


@pytest.mark.parametrize("environment", ["development", "test"])
def test_development_and_tests_make_one_and_keep_it(tmp_path: Path, environment: str) -> None:
    first = keys(tmp_path, environment)
    assert keys(tmp_path, environment) == first
    made = tmp_path / PATH
    assert re.fullmatch(r"[\w-]{64}", made.read_text())
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert os.listdir(made.parent) == [made.name]


def test_two_installations_have_two(tmp_path: Path) -> None:
    assert keys(tmp_path / "one") != keys(tmp_path / "two")


@pytest.mark.parametrize("environment", ["production", "staging"])
def test_a_server_for_strangers_insists_on_being_given_one(
    tmp_path: Path, environment: str
) -> None:
    with pytest.raises(MissingSecretError, match="set VELOCIOUS_SECRET"):
        keys(tmp_path, environment)
    assert os.listdir(tmp_path) == []


def test_a_program_without_a_directory_must_be_given_one() -> None:
    with pytest.raises(MissingSecretError, match="'tests'"):
        keys(None)


def test_one_that_was_given_is_used_and_none_is_made(tmp_path: Path) -> None:
    assert keys(tmp_path, secret="a secret of thirty-two characters") != keys(None, secret="b" * 32)
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    (tmp_path / "tmp").write_text("a file where a folder should be")
    with pytest.raises(PlatformError, match="could not be kept in .*VELOCIOUS_SECRET"):
        own_secret(str(tmp_path), "development")


def test_processes_that_start_together_have_the_same(tmp_path: Path) -> None:
    program = (
        "import sys, time; from velocious_node.own_secret import own_secret; "
        "time.sleep(max(0, float(sys.argv[2]) - time.time())); "
        "print(own_secret(sys.argv[1], 'development'))"
    )

    words = [sys.executable, "-c", program, str(tmp_path), str(time.time() + 0.7)]
    started = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    answers = {process.communicate(timeout=30)[0] for process in started}
    assert len(answers) == 1
    assert len(answers.pop().strip()) == 64


def test_it_is_never_sent_to_a_browser(tmp_path: Path) -> None:
    keys(tmp_path)
    assert bundle_files(tmp_path, ["tmp"]) == {}


def test_a_browser_makes_one_of_its_own_on_its_storage(tmp_path: Path) -> None:
    bundle, storage = tmp_path / "bundle", tmp_path / "opfs"
    (bundle / "tmp").mkdir(parents=True)
    (bundle / PATH).write_text("a secret that came with the application's files")
    handler = BrowserEnvironmentHandler(str(storage))
    made = handler.own_secret(str(bundle), "production")
    assert made == handler.own_secret(str(bundle), "production")
    assert made == (storage / PATH).read_text()
