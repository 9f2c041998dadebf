"""What no committed file may hold, and what each folder must."""

from __future__ import annotations

import re

import pytest

from tests.project._repository import REPOSITORY, tracked_files

FOLDERS = (
    "core",
    "env_node",
    "env_browser",
    "runtime",
    "web",
    "tests",
    "browser_tests",
    "benchmarks",
    "docs",
)
#: Hosts that packages come from; written in parts, for this file is searched, too.
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
]
SECRETS = [
    re.compile(pattern)
    for pattern in (
        "-----BEGIN [A-Z ]*" + "PRIVATE KEY-----",
        r"\bAKIA" + "[0-9A-Z]{16}",
        r"\bgh[pousr]_" + "[A-Za-z0-9]{36}",
        r"\bxox[abp]-" + "[A-Za-z0-9-]{10,}",
    )
]
#: What a commit must never carry along: databases, builds, downloads.
UNWANTED = (".sqlite3", ".pyc", ".whl", ".wasm", ".zip", ".env", "package-lock.json")


def texts() -> list[tuple[str, str]]:
    """Every tracked file that is text, with its content."""
    read = ((name, (REPOSITORY / name).read_bytes()) for name in tracked_files())
    return [(name, content.decode(errors="replace")) for name, content in read]


def test_no_file_names_a_package_registry() -> None:
    found = [(name, host) for name, text in texts() for host in REGISTRIES if host in text]
    assert found == []


def test_no_file_holds_a_secret() -> None:
    found = [name for name, text in texts() for secret in SECRETS if secret.search(text)]
    assert found == []


def test_no_file_was_built_or_downloaded() -> None:
    assert [name for name in tracked_files() if name.endswith(UNWANTED)] == []


def test_nothing_is_larger_than_a_person_would_write() -> None:
    large = [name for name in tracked_files() if (REPOSITORY / name).stat().st_size > 200_000]
    assert large == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_top_level_folder_has_a_readme_that_states_its_law(folder: str) -> None:
    text = (REPOSITORY / folder / "README.md").read_text()
    assert re.search(r"^Laws?\b", text, re.MULTILINE), f"{folder}/README.md states no law"


def test_there_is_no_other_top_level_folder() -> None:
    folders = {name.partition("/")[0] for name in tracked_files() if "/" in name}
    assert {folder for folder in folders if not folder.startswith(".")} == set(FOLDERS)
