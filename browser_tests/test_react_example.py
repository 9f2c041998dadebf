"""The example with React: npm's packages, its own build, a real page."""

from __future__ import annotations

import re
import shutil
import subprocess
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_tests._browser import browser
from browser_tests._scaffold import served
from browser_tests._site import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from playwright.sync_api import Page

EXAMPLE = REPOSITORY / "web/examples/react"
#: What npm installed, by what was asked for: a second run needs no network.
CACHE = REPOSITORY / "runtime/build_cache/examples"
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error")
SECONDS_TO_START = 60_000


def npm(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["npm", *words], cwd=directory, capture_output=True, text=True, check=False, timeout=120
    )


def packages(place: Path) -> Path:
    """The node_modules of the example."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not here, which installs React")
    package = (EXAMPLE / "package.json").read_bytes()
    kept = CACHE / sha256(package).hexdigest()[:16]
    if not kept.is_dir():
        fresh = place / "packages"
        fresh.mkdir()
        (fresh / "package.json").write_bytes(package)
        done = npm(fresh, *INSTALL)
        if done.returncode != 0:
            pytest.skip(f"npm could not install React: {done.stderr[-300:]}")
        CACHE.mkdir(parents=True, exist_ok=True)
        shutil.move(fresh, kept)
    return kept / "node_modules"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    place = tmp_path_factory.mktemp("react")
    modules = packages(place)
    directory = place / "example"
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "built", "log", "db.sqlite3*")
    shutil.copytree(EXAMPLE, directory, ignore=ignored)
    (directory / "node_modules").symlink_to(modules)
    done = npm(directory, "run", "build")
    assert done.returncode == 0, done.stdout + done.stderr
    with served(directory) as (address, _):
        yield address


@pytest.fixture(scope="module")
def page(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Page]:
    """A page that shows tasks, and complained about nothing."""
    complaints: list[str] = []
    with browser(tmp_path_factory.mktemp("profile") / "react") as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(origin)
        page.wait_for_selector("ul", state="attached", timeout=SECONDS_TO_START)
        yield page
    assert complaints == []


def test_components_show_what_python_has_and_follow_it(page: Page) -> None:
    expect(page.get_by_role("status")).to_have_text("0 to do")
    for name in ("Write", "Read"):
        page.get_by_label("New task").fill(name)
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("listitem").filter(has_text=name)).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("2 to do")

    page.get_by_role("checkbox", name="Write").click()
    expect(page.get_by_role("status")).to_have_text("1 to do")
    # `done_at` came as a Date: the component calls its methods
    expect(page.locator("time")).to_have_attribute("datetime", re.compile(r"^\d{4}-.*Z$"))
    page.get_by_label("hide what is done").check()
    expect(page.get_by_role("listitem")).to_have_text(["Read×"])
    page.get_by_role("button", name="Remove Read").click()
    expect(page.get_by_role("listitem")).to_have_count(0)
    page.get_by_label("hide what is done").uncheck()
    expect(page.get_by_role("listitem")).to_contain_text(["Write"])
    expect(page.get_by_text("Data in this browser:")).to_contain_text(
        re.compile("durable|best-effort")
    )


def test_what_a_validation_says_stands_at_its_field(page: Page) -> None:
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#problem")).to_have_text("Name can't be blank")
    expect(page.get_by_label("New task")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("New task").fill("Write")
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#problem")).to_be_empty()
    expect(page.get_by_role("listitem").filter(has_text="Write").last).to_be_visible()
