"""A pytest plugin that awaits: ``async def`` tests and fixtures run on one event loop.

Law: nothing here knows where it runs. A server process drives the loop with
:class:`asyncio.Runner`; a place that
already runs one (a browser worker) installs its own way to wait with :func:`wait_with`.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from velocious.configuration import Configuration
    from velocious.testing.client import Client

type Wait = Callable[[Coroutine[Any, Any, Any]], Any]

_installed: list[Wait] = []
_runner: list[asyncio.Runner] = []
_closers: list[Callable[[], Coroutine[Any, Any, Any]]] = []


def wait_with(wait: Wait) -> None:
    """Use *wait* to run a coroutine to its end, for the rest of the session."""
    _installed[:] = [wait]


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """The result of *coroutine*, run to its end on the loop of the tests: for tests that others
    call, such as Hypothesis.
    """
    return _wait(coroutine)


def _wait(coroutine: Coroutine[Any, Any, Any]) -> Any:
    if _installed:
        return _installed[0](coroutine)
    if asyncio._get_running_loop() is not None:
        coroutine.close()
        raise RuntimeError(
            "An async test cannot run while this thread belongs to another event loop. "
            "Playwright's synchronous interface keeps one: run browser tests in their own pytest."
        )
    if not _runner:
        _runner.append(asyncio.Runner())
    return _runner[0].run(coroutine)


def at_end(close: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    """Await *close* on the loop of the tests when all of them have run."""
    _closers.append(close)


def pytest_unconfigure() -> None:
    """Close the loop, so that a task or generator left behind is reported."""
    while _closers:
        _wait(_closers.pop()())
    while _runner:
        _runner.pop().close()


@pytest.fixture
def client(application: Configuration) -> Client:
    """A client of the fixture ``application``, which an application's conftest.py defines."""
    # Imported here: most tests need neither Starlette nor routes.
    from velocious.testing.client import Client

    return Client(application)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run an ``async def`` test to its end."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    _wait(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
    return True


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    """Let a fixture be ``async def``, with or without a ``yield``."""
    original = fixturedef.func
    if inspect.isasyncgenfunction(original):
        replaced: Any = _generator_fixture(original)
    elif inspect.iscoroutinefunction(original):
        replaced = _coroutine_fixture(original)
    else:
        return (yield)
    object.__setattr__(fixturedef, "func", replaced)
    try:
        return (yield)
    finally:
        object.__setattr__(fixturedef, "func", original)


def _coroutine_fixture(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def fixture(*args: Any, **kwargs: Any) -> Any:
        return _wait(function(*args, **kwargs))

    return fixture


def _generator_fixture(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def fixture(*args: Any, **kwargs: Any) -> Any:
        steps = function(*args, **kwargs)
        yield _wait(_begin(steps))
        _wait(_finish(steps))

    return fixture


async def _begin(steps: Any) -> Any:
    return await anext(steps)


async def _finish(steps: Any) -> None:
    try:
        await anext(steps)
    except StopAsyncIteration:
        return
    raise RuntimeError("an async fixture may yield only once; this one yielded again")
