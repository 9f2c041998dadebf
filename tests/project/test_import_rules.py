"""Who may import whom."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project._repository import REPOSITORY

#: What a page must not wait for before its first SELECT.
HEAVY = ("click", "fastjsonschema", "jinja2", "multipart", "pytest", "sqlite_utils", "starlette")


def run_python(code: str) -> subprocess.CompletedProcess[str]:
    """Run *code* in a new interpreter."""
    return subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_the_contracts_of_import_linter_are_kept() -> None:
    done = run_python("from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "from velocious.record import Record",
        "from velocious import Configuration",
        "import velocious_browser.worker",
        "import velocious_browser.actions",
        "from velocious_node import NodeEnvironmentHandler",
    ],
)
def test_records_start_without_the_heavy_libraries(statement: str) -> None:
    done = run_python(f"import sys\n{statement}\nprint(*sorted(sys.modules))")
    assert done.returncode == 0, done.stderr
    imported = {name.partition(".")[0] for name in done.stdout.split()}
    assert sorted(imported.intersection(HEAVY)) == []


def test_asking_for_new_migrations_imports_nothing_to_write_them_with() -> None:
    done = run_python(
        "import sys\nfrom velocious.migration import is_current\n"
        "from velocious_browser.migration.bundled import BundledMigrations\n"
        "print(*(name for name in sys.modules if name.startswith('velocious.migration.')))"
    )
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == [
        "velocious.migration.currency",
        "velocious.migration.file_name",
    ]


def test_a_model_imports_the_validators_that_it_asks_for() -> None:
    done = run_python(
        "import sys\nfrom velocious.record import validates\n"
        "known = set(sys.modules)\n"
        "validates('name', presence=True, length={'maximum': 5})\n"
        "print(*(name for name in set(sys.modules) - known))"
    )
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.split()) == [
        "velocious.record.validations.length",
        "velocious.record.validations.presence",
    ]


def test_importing_the_packages_does_no_work() -> None:
    done = run_python(
        "import logging, velocious, velocious_node, velocious_browser\n"
        "print(logging.getLogger('velocious').handlers, logging.getLogger().handlers)"
    )
    assert done.stdout == "[] []\n", done.stderr


JSON_ALONE = """
import asyncio, sys
from velocious import Configuration
from velocious.controller import Controller
from velocious.routing import Routes
from velocious_node import NodeEnvironmentHandler

class PingController(Controller):
    async def show(self):
        self.render(json=True)

routes = Routes()
routes.get("/ping", to=(PingController, "show"))

async def main():
    configuration = Configuration(
        environment_handler=NodeEnvironmentHandler(), environment="test", routes=routes,
        databases={"default": "sqlite:///:memory:"},
    )
    sent = []
    async def send(message):
        sent.append(message)
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    scope = {
        "type": "http", "method": "GET", "path": "/ping", "query_string": b"", "scheme": "http",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 1), "root_path": "",
        "http_version": "1.1", "server": ("localhost", 80),
    }
    async with configuration:
        await configuration.asgi()(scope, receive, send)
    print(sent[0]["status"], sent[1]["body"].decode(), "jinja2" in sys.modules)

asyncio.run(main())
"""


def test_an_application_that_answers_json_never_waits_for_templates() -> None:
    done = run_python(JSON_ALONE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["200", "true", "False"]
