"""What the server may send to a browser, and what never leaves it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from velocious.configuration import Configuration
from velocious.errors import ConfigurationError
from velocious_node import NodeEnvironmentHandler
from velocious_node.browser.bundle import bundle_contents, bundle_files
from velocious_node.browser.zip_archive import content_digest, zip_of

if TYPE_CHECKING:
    from pathlib import Path

    from velocious.database.driver import DriverFactory

SECRETS = {
    ".env": "SECRET=1",
    "app/.secrets": "hidden",
    "app/config/settings.py": "API_KEY = 'x'",
    "app/db/seed.py": "rows = []",
    "app/controllers/tasks_controller.py": "",
    "db/development.sqlite3": "SQLite format 3",
}
SENT = {
    "app/config/configuration.py": "def configuration(environment_handler): ...",
    "app/models/task.py": "class Task: ...",
    "app/models/__pycache__/task.cpython-313.pyc": "",
    "app/models/.hidden.py": "",
}


class ServerDatabases(NodeEnvironmentHandler):
    """Accepts the URL of a server database; nothing is opened here."""

    def drivers(self) -> dict[str, DriverFactory]:
        return {"postgresql": super().drivers()["sqlite"]}


@pytest.fixture
def application(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    for name, text in {**SECRETS, **SENT}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def test_the_bundle_holds_the_listed_files_and_nothing_else(application: Path) -> None:
    files = bundle_files(application, ["app/config/configuration.py", "app/models"])
    assert list(files) == ["app/config/configuration.py", "app/models/task.py"]


def test_nothing_is_sent_where_nothing_is_listed(application: Path) -> None:
    assert bundle_files(application, []) == {}


@pytest.mark.parametrize(
    "listed",
    ["/etc/passwd", "..", "../other", "app/../../other", "", ".", "./", "app/models/../../.."],
)
def test_refuses_a_path_outside_of_the_application(application: Path, listed: str) -> None:
    with pytest.raises(ConfigurationError, match="not a path below"):
        bundle_files(application, [listed])


@pytest.mark.parametrize("listed", [".env", "app/.secrets", "app/models/../../.env"])
def test_refuses_a_hidden_file_even_where_it_is_listed(application: Path, listed: str) -> None:
    with pytest.raises(ConfigurationError, match="hidden"):
        bundle_files(application, [listed])


@pytest.mark.parametrize("listed", ["db", "db/development.sqlite3"])
def test_refuses_to_send_a_database(application: Path, listed: str) -> None:
    with pytest.raises(ConfigurationError, match=r"development\.sqlite3"):
        bundle_files(application, [listed])


def test_refuses_a_link_to_a_file_that_nobody_listed(application: Path) -> None:
    (application / "app/models/stolen.py").symlink_to(application / ".env")
    with pytest.raises(ConfigurationError, match=r"stolen\.py.*is a link"):
        bundle_files(application, ["app/models"])


def test_refuses_a_folder_that_is_a_link_out_of_the_tree(application: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (application / "app/linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(ConfigurationError, match="is a link"):
        bundle_files(application, ["app/linked"])


def test_a_misspelt_path_gets_the_names_that_are_close(application: Path) -> None:
    with pytest.raises(ConfigurationError, match="Did you mean 'models'"):
        bundle_files(application, ["app/model"])


def test_refuses_a_file_with_the_password_of_a_database(application: Path) -> None:
    (application / "app/models/task.py").write_text("URL = 'x:hunter22@y'")
    configuration = Configuration(
        environment_handler=ServerDatabases(),
        directory=str(application),
        databases={"default": "postgresql://owner:hunter22@host/shop"},
        browser=["app/models"],
    )
    with pytest.raises(ConfigurationError, match=r"task\.py.*holds the password") as caught:
        bundle_contents(configuration)
    assert "hunter22" not in str(caught.value)


def test_the_same_content_makes_the_same_archive() -> None:
    one = {"b.py": b"2", "a.py": b"1"}
    other = {"a.py": b"1", "b.py": b"2"}
    assert zip_of(one) == zip_of(other)
    assert content_digest(one) == content_digest(other)
    assert content_digest(one) != content_digest({"a.py": b"12", "b.py": b""})
    assert ZipFile(BytesIO(zip_of(one))).namelist() == ["a.py", "b.py"]
