"""What the guides to sessions and to security say is run, and the tests they name exist."""

from __future__ import annotations

import re
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.node.guides import python_blocks, run
from tests.project._repository import REPOSITORY
from tests.suites.visiting import SECRET, Visitor, routes_of, visiting
from velocious.controller.cors import Cors
from velocious.record.user import SecurePassword
from velocious.routing.gate import Gate

if TYPE_CHECKING:
    import pytest

    from velocious.testing.environment import TestEnvironment

SESSIONS, SECURITY = "docs/sessions.md", "docs/security.md"
USERS = """
CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, email VARCHAR(255), password_digest VARCHAR(255)
);
"""


class User(SecurePassword):
    pass


def block(document: str, word: str) -> str:
    """The one Python block of *document* that has *word* in it."""
    (found,) = [text for text in python_blocks(document) if word in text]
    return found


async def test_the_cookies_of_the_guide(environment: TestEnvironment) -> None:
    controller = run(block(SESSIONS, "ThemesController"))["ThemesController"]
    async with visiting(environment, controller) as visitor:
        await visitor.post("/update")
        assert sorted(visitor.cookies) == ["cart", "draft", "seen", "theme"]
        assert (await visitor.get("/show")).json() == {"theme": "dark", "items": [5, 7]}
        await visitor.post("/destroy")
        assert (await visitor.get("/show")).json()["theme"] is None


async def test_the_session_of_the_guide(
    environment: TestEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("app", "app.models", "app.models.user"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setattr(sys.modules["app.models.user"], "User", User, raising=False)
    routes = routes_of(run(block(SESSIONS, "SessionsController"))["SessionsController"])
    options: dict[str, Any] = {"routes": routes, "secret": SECRET, "models": [User]}
    async with environment.application(schema=USERS, **options) as opened:
        await User.create(email="ada@example.org", password="correct horse")
        visitor = Visitor(opened)
        form = {"email": "ada@example.org", "password": "wrong"}
        assert (await visitor.post("/create", form)).status == 422
        assert visitor.cookies == {}
        assert (await visitor.post("/create", {**form, "password": "correct horse"})).status == 303
        assert list(visitor.cookies) == ["velocious_session"]
        assert (await visitor.post("/destroy")).status == 303
        assert visitor.cookies == {}


async def test_the_sessions_in_a_table_of_the_guide(environment: TestEnvironment) -> None:
    migration = run(block(SESSIONS, "CreateSessions"))["CreateSessions"]
    routes = routes_of(run(block(SESSIONS, "PasswordsController"))["PasswordsController"])
    options: dict[str, Any] = {
        "routes": routes,
        "secret": SECRET,
        "http": {"session": {"store": "database"}},
    }
    async with environment.application(schema=[migration], **options) as opened:
        visitor = Visitor(opened)
        for _ in range(3):
            visitor.cookies.clear()
            assert (await visitor.post("/update")).status == 204
        rows = await opened.database().fetch("SELECT owner FROM velocious_sessions")
        assert [row[0] for row in rows] == ["7"]


def test_the_settings_of_the_guides_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEW_SECRET", "n" * 32)
    monkeypatch.setenv("OLD_SECRET", "o" * 32)
    rotating = run(block(SESSIONS, "NEW_SECRET"))["configuration"]
    assert len(rotating.secret.keys("x")) == 2
    session = run(block(SESSIONS, "idle_timeout"))["configuration"].http.session
    assert (session.idle_timeout, session.max_age) == (7200, 604_800)
    assert Gate(run(block(SECURITY, "force_ssl"))["configuration"]).cors is None
    allowing = run(block(SECURITY, '"cors"'))["configuration"]
    assert isinstance(Gate(allowing).cors, Cors)


async def test_the_protection_of_the_guide(environment: TestEnvironment) -> None:
    names = run(block(SECURITY, "skip_csrf"))
    site = {"sec_fetch_site": "cross-site", "origin": "https://pay.example"}
    async with visiting(environment, names["HooksController"]) as visitor:
        assert (await visitor.ask("POST", "/receive", site)).status == 204
    async with visiting(environment, names["PaymentsController"]) as visitor:
        assert (await visitor.ask("POST", "/done", site)).status == 303
        assert (await visitor.post("/done", sec_fetch_site="cross-site")).status == 403


def test_every_test_that_the_guide_to_security_names_exists() -> None:
    text = (REPOSITORY / SECURITY).read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text.partition("## Checks")[2]))
    files = (REPOSITORY / "tests").rglob("test_*.py")
    written = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert len(named) > 30
    assert [name for name in sorted(named) if f"def {name}(" not in written] == []
