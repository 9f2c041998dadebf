"""Sessions in cookies and in a table, and the flash in them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.visiting import SECRET, Visitor, routes_of, visiting
from velocious.clock import SystemClock
from velocious.configuration import Configuration
from velocious.controller import Controller
from velocious.controller.session import end_sessions
from velocious.errors import (
    ConfigurationError,
    CookieError,
    SessionsTableMissingError,
    UnknownOptionError,
)
from velocious.migration import Migration, Migrator
from velocious.routing import Routes
from velocious.testing.migrations import ListedMigrations

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from velocious.testing.environment import TestEnvironment

NAME = "velocious_session"
DAY = timedelta(days=1)


class CreateSessions(Migration):
    async def change(self) -> None:
        await self.create_sessions_table()


class MovedClock(SystemClock):
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved


class VisitsController(Controller):
    async def nothing(self) -> None:
        self.render(json="nothing")

    async def read(self) -> None:
        self.render(json=self.session.to_dict())

    async def put(self) -> None:
        self.session.update(dict(self.request.query_params))
        self.render(json=len(self.session))

    async def change(self) -> None:
        self.session["list"] = self.session["list"] or []
        self.session["list"].append(len(self.session["list"]))
        self.render(json=self.session["list"])

    async def sign_in(self) -> None:
        before = self.session.id
        self.session.renew()
        self.session.owner = 7
        self.session["user_id"] = 7
        self.render(json=[before, self.session.id])

    async def sign_out(self) -> None:
        self.reset_session()
        self.head(204)

    async def take(self) -> None:
        del self.session["nothing"]
        self.render(json=[self.session.pop("a"), self.session.pop("b", 5), "a" in self.session])

    async def shared(self) -> None:
        self.session["a"] = 1
        self.headers["Cache-Control"] = "public, max-age=60"
        self.render(json=1)

    async def large(self) -> None:
        self.session["text"] = "a" * 5000
        self.render(json=1)

    async def unfit(self) -> None:
        self.session["moment"] = datetime.now(UTC)
        self.render(json=1)

    # The flash

    async def say(self) -> None:
        self.flash["notice"] = "Saved."
        self.redirect_to("/shown")

    async def shown(self) -> None:
        self.render(json=dict(self.flash.items()))

    async def say_now(self) -> None:
        self.flash.now["alert"] = "Not valid."
        self.render(json=[self.flash["alert"], self.flash["notice"], len(self.flash)])

    async def keep(self) -> None:
        self.flash.keep()
        self.render(json=list(self.flash))

    async def discard(self) -> None:
        self.flash["notice"] = "a"
        self.flash["alert"] = "b"
        self.flash.discard("notice")
        self.render(json=[self.flash["notice"], "alert" in self.flash, self.flash.get("x", 1)])


@asynccontextmanager
async def in_table(
    environment: TestEnvironment, /, session: Mapping[str, Any] | None = None, **options: Any
) -> AsyncGenerator[Visitor]:
    """A visitor of an application that keeps sessions in a table."""
    settings: dict[str, Any] = {"schema": [CreateSessions], "secret": SECRET, **options}
    scope = settings.pop("scope", {})
    http = {"session": {"store": "database", **(session or {})}}
    routes = routes_of(VisitsController)
    async with environment.application(routes=routes, http=http, **settings) as opened:
        yield Visitor(opened, **scope)


def in_cookie(
    environment: TestEnvironment, /, session: Mapping[str, Any] | None = None, **options: Any
) -> Any:
    return visiting(environment, VisitsController, http={"session": session or {}}, **options)


@asynccontextmanager
async def in_sqlite_table(
    environment: TestEnvironment, /, *given: Any, **options: Any
) -> AsyncGenerator[Visitor]:
    """For what is no business of the database: three tests below ask every one of them."""
    environment.needs("sqlite_files")
    async with in_table(environment, *given, **options) as visitor:
        yield visitor


STORES = pytest.mark.parametrize("keeping", [in_cookie, in_sqlite_table])


def with_clock(visitor: Visitor) -> MovedClock:
    visitor.configuration.clock = clock = MovedClock()
    return clock


@STORES
async def test_what_is_put_into_it_is_there_in_the_next_request(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        assert (await visitor.get("/put?a=1&b=2")).json() == 2
        assert (await visitor.get("/read")).json() == {"a": "1", "b": "2"}
        visitor.cookies.clear()
        assert (await visitor.get("/read")).json() == {}


@STORES
async def test_who_never_asks_for_it_gets_no_cookie(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        answer = await visitor.get("/nothing")
        assert (answer.set_cookies, answer.header("vary")) == ([], None)
        answer = await visitor.get("/read")
        assert answer.set_cookies == []


@STORES
async def test_an_answer_that_depends_on_it_is_for_one_visitor(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        for address in ("/read", "/put?a=1", "/read"):
            answer = await visitor.get(address)
            assert (answer.header("cache-control"), answer.header("vary")) == ("private", "Cookie")
        answer = await visitor.get("/shared")
        assert answer.set_cookies != []
        assert answer.header("cache-control") == "private"


@STORES
async def test_its_cookie_is_safe(environment: TestEnvironment, keeping: Any) -> None:
    async with keeping(environment) as visitor:
        (line,) = (await visitor.get("/put?a=1")).set_cookies
        assert line.startswith(f"{NAME}=")
        assert line.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Lax"]
        assert "1" != visitor.cookies[NAME]
    async with keeping(environment, scope={"scheme": "https"}) as visitor:
        (line,) = (await visitor.get("/put?a=1")).set_cookies
        assert line.startswith(f"__Host-{NAME}=")
        assert line.split("; ")[1:] == ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]


@STORES
async def test_the_settings_say_how_its_cookie_is_set(
    environment: TestEnvironment, keeping: Any
) -> None:
    settings = {
        "name": "who",
        "max_age": DAY,
        "same_site": "strict",
        "domain": "app.test",
        "path": "/put",
    }
    async with keeping(environment, settings) as visitor:
        (line,) = (await visitor.get("/put?a=1")).set_cookies
    assert line.startswith("who=")
    parts = line.split("; ")[1:]
    assert [part for part in parts if not part.startswith("Max-Age")] == [
        "Path=/put",
        "Domain=app.test",
        "HttpOnly",
        "SameSite=Strict",
    ]
    (age,) = [part for part in parts if part.startswith("Max-Age")]
    assert 86_390 < int(age.removeprefix("Max-Age=")) <= 86_400


@STORES
async def test_a_value_that_was_changed_inside_is_kept(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        for expected in ([0], [0, 1], [0, 1, 2]):
            assert (await visitor.get("/change")).json() == expected


@STORES
async def test_one_that_is_only_read_is_not_written_again(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        await visitor.get("/put?a=1")
        assert (await visitor.get("/read")).set_cookies == []


@STORES
async def test_values_are_taken_out(environment: TestEnvironment, keeping: Any) -> None:
    async with keeping(environment) as visitor:
        await visitor.get("/put?a=1")
        assert (await visitor.get("/take")).json() == ["1", 5, False]
        assert NAME not in visitor.cookies


@STORES
async def test_it_ends_when_nobody_asks_for_too_long(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment, {"idle_timeout": 600}) as visitor:
        clock = with_clock(visitor)
        await visitor.get("/put?a=1")
        # Each request, though it only reads, makes it live on.
        for minutes in (9, 18, 27):
            clock.moved = timedelta(minutes=minutes)
            assert (await visitor.get("/read")).json() == {"a": "1"}
        clock.moved = timedelta(minutes=37)
        assert (await visitor.get("/read")).json() == {}
        assert NAME not in visitor.cookies


@STORES
async def test_it_ends_at_its_age_however_often_it_is_asked_for(
    environment: TestEnvironment, keeping: Any
) -> None:
    settings = {"max_age": timedelta(hours=1), "idle_timeout": None}
    async with keeping(environment, settings) as visitor:
        clock = with_clock(visitor)
        await visitor.get("/put?a=1")
        kept = visitor.cookies[NAME]
        clock.moved = timedelta(minutes=59)
        assert (await visitor.get("/put?b=2")).json() == 2
        clock.moved = timedelta(minutes=60)
        for cookie in (visitor.cookies[NAME], kept):
            visitor.cookies[NAME] = cookie
            assert (await visitor.get("/read")).json() == {}


@STORES
async def test_signing_in_gives_it_another_id_and_keeps_what_is_in_it(
    environment: TestEnvironment, keeping: Any
) -> None:
    async with keeping(environment) as visitor:
        await visitor.get("/put?cart=5")
        planted = visitor.cookies[NAME]
        before, after = (await visitor.get("/sign_in")).json()
        assert before != after
        assert (await visitor.get("/read")).json() == {"cart": "5", "user_id": 7}
        visitor.cookies[NAME] = planted
        assert "user_id" not in (await visitor.get("/read")).json()


@STORES
async def test_signing_out_leaves_nothing(environment: TestEnvironment, keeping: Any) -> None:
    async with keeping(environment) as visitor:
        await visitor.get("/sign_in")
        answer = await visitor.get("/sign_out")
        assert "Max-Age=0" in answer.set_cookies[0]
        assert visitor.cookies == {}


@STORES
@pytest.mark.parametrize("garbage", ["x", "A" * 32, "A" * 4000, "é", "../../etc/passwd", "%00"])
async def test_a_forged_cookie_is_a_new_visitor(
    environment: TestEnvironment, keeping: Any, garbage: str
) -> None:
    async with keeping(environment) as visitor:
        visitor.cookies[NAME] = garbage
        assert (await visitor.get("/read")).json() == {}
        assert (await visitor.get("/put?a=1")).json() == 1
        assert visitor.cookies[NAME] != garbage


@STORES
async def test_what_is_no_json_is_explained(environment: TestEnvironment, keeping: Any) -> None:
    async with keeping(environment, environment="development") as visitor:
        answer = await visitor.get("/unfit")
    assert answer.status == 500
    assert CookieError.__name__ in answer.text
    assert "The session cannot keep this" in answer.text


async def test_too_much_for_a_cookie_is_explained_and_fits_into_a_table(
    environment: TestEnvironment,
) -> None:
    async with in_cookie(environment, environment="development") as visitor:
        answer = await visitor.get("/large")
        assert "The session has 5,0" in answer.json()["error"]["message"]
        assert '"store": "database"' in answer.json()["error"]["message"]
        assert NAME not in visitor.cookies
    async with in_table(environment) as visitor:
        await visitor.get("/large")
        assert len((await visitor.get("/read")).json()["text"]) == 5000


# In a table


async def test_sessions_in_a_table_are_ended_everywhere(environment: TestEnvironment) -> None:
    async with in_table(environment) as visitor:
        phone: dict[str, str] = {}
        laptop: dict[str, str] = {}
        for cookies in (phone, laptop):
            visitor.cookies = cookies
            await visitor.get("/sign_in")
        assert phone != laptop
        assert await end_sessions(7) == 2
        for cookies in (phone, laptop):
            visitor.cookies = cookies
            assert (await visitor.get("/read")).json() == {}


async def test_a_table_holds_no_key_that_a_cookie_would(environment: TestEnvironment) -> None:
    async with in_table(environment) as visitor:
        await visitor.get("/put?a=1")
        database = visitor.configuration.database()
        rows = await database.fetch("SELECT digest, content FROM velocious_sessions")
        assert len(rows) == 1
        assert visitor.cookies[NAME] not in str([tuple(row) for row in rows])


async def test_a_new_session_clears_those_that_have_ended(environment: TestEnvironment) -> None:
    async with in_table(environment, {"idle_timeout": 600}) as visitor:
        clock = with_clock(visitor)
        for minutes in (0, 9, 11):
            clock.moved = timedelta(minutes=minutes)
            visitor.cookies.clear()
            await visitor.get("/put?a=1")
        database = visitor.configuration.database()
        rows = await database.fetch("SELECT COUNT(*) FROM velocious_sessions")
        assert rows[0][0] == 2


async def test_its_migration_is_undone(environment: TestEnvironment) -> None:
    async with environment.application() as configuration:
        migrator = Migrator(configuration, provider=ListedMigrations([CreateSessions]))
        await migrator.migrate()
        assert "velocious_sessions" in await configuration.database().table_names()
        await migrator.rollback()
        assert "velocious_sessions" not in await configuration.database().table_names()


async def test_a_missing_table_is_explained(environment: TestEnvironment) -> None:
    async with in_table(environment, schema=None) as visitor:
        visitor.cookies[NAME] = "A" * 32
        visitor.configuration.environment = "development"
        answer = await visitor.get("/read")
    assert SessionsTableMissingError.__name__ in answer.text
    assert "create_sessions_table()" in answer.text


async def test_sessions_in_cookies_cannot_be_ended_from_here(environment: TestEnvironment) -> None:
    async with in_cookie(environment):
        with pytest.raises(ConfigurationError, match='"store": "database"'):
            await end_sessions(7)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"maxage": 5}, "max_age"),
        ({"store": "redis"}, "'redis'; choose one of 'cookie', 'database'"),
        ({"same_site": "Lax"}, "'Lax'; choose one of 'lax'"),
        ({"max_age": 0}, "give seconds"),
        ({"idle_timeout": "1 day"}, "'1 day'; give seconds"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    environment: TestEnvironment, given: dict[str, Any], message: str
) -> None:
    with pytest.raises((ConfigurationError, UnknownOptionError), match=message):
        Configuration(
            environment_handler=environment.handler(), routes=Routes(), http={"session": given}
        )


# The flash


async def test_a_message_is_shown_once_by_the_page_after_the_redirect(
    environment: TestEnvironment,
) -> None:
    async with in_cookie(environment) as visitor:
        assert (await visitor.post("/say")).status == 303
        assert (await visitor.get("/shown")).json() == {"notice": "Saved."}
        assert (await visitor.get("/shown")).json() == {}
        assert NAME not in visitor.cookies


async def test_a_request_in_between_that_never_looks_does_not_swallow_a_message(
    environment: TestEnvironment,
) -> None:
    async with in_cookie(environment) as visitor:
        await visitor.post("/say")
        await visitor.get("/nothing")
        await visitor.get("/put?a=1")
        assert (await visitor.get("/shown")).json() == {"notice": "Saved."}
        assert (await visitor.get("/read")).json() == {"a": "1"}


async def test_a_message_for_now_is_for_this_page_alone(environment: TestEnvironment) -> None:
    async with in_cookie(environment) as visitor:
        assert (await visitor.get("/say_now")).json() == ["Not valid.", None, 1]
        assert (await visitor.get("/shown")).json() == {}


async def test_messages_are_kept_for_one_more_request(environment: TestEnvironment) -> None:
    async with in_cookie(environment) as visitor:
        await visitor.post("/say")
        assert (await visitor.get("/keep")).json() == ["notice"]
        assert (await visitor.get("/shown")).json() == {"notice": "Saved."}
        assert (await visitor.get("/shown")).json() == {}


async def test_messages_are_discarded_before_the_next_page(environment: TestEnvironment) -> None:
    async with in_cookie(environment) as visitor:
        assert (await visitor.get("/discard")).json() == ["a", True, 1]
        assert (await visitor.get("/shown")).json() == {"alert": "b"}
