"""Functions that a page may call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from velocious.errors import ConfigurationError
from velocious_browser import actions
from velocious_browser.actions import ActionPayloadError, UnknownActionError, action, perform

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def only_the_actions_of_a_test(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_actions", {})
        yield


async def test_a_function_is_called_with_the_members_of_the_payload() -> None:
    @action("board.add")
    async def add(first: int, second: int = 1) -> int:
        return first + second

    assert await perform("board.add", {"first": 2, "second": 3}) == 5
    assert await perform("board.add", {"first": 2}) == 3
    assert await add(2) == 3


async def test_a_list_holds_the_arguments_in_their_order() -> None:
    @action("board.add")
    async def _add(first: int, second: int = 1) -> int:
        return first * 10 + second

    assert await perform("board.add", [2, 3]) == 23
    assert await perform("board.add", [2]) == 21


async def test_the_name_of_a_function_is_its_module_and_its_own() -> None:
    @action()
    async def answer() -> int:
        return 42

    name = f"{__name__}:{answer.__qualname__}"
    assert actions.action_names() == [name]
    assert await perform(name, None) == 42


@pytest.mark.parametrize(
    "name", ["os:system", "builtins:eval", "velocious.record", "__import__", ""]
)
async def test_nothing_is_ever_imported_for_a_name(name: str) -> None:
    with pytest.raises(UnknownActionError, match="There is no action"):
        await perform(name, {"command": "true"})


async def test_a_misspelt_name_gets_the_names_that_are_close() -> None:
    @action("board.list")
    async def _list() -> list[int]:
        return []

    with pytest.raises(UnknownActionError, match=r"Did you mean 'board\.list'"):
        await perform("board.lst", None)


@pytest.mark.parametrize(
    "payload", [{}, {"first": 1, "other": 2}, {"first": 1, "self": 2}, [], [1, 2], "1", 1]
)
async def test_a_payload_that_does_not_fit_names_the_parameters(payload: object) -> None:
    @action("board.add")
    async def _add(first: int) -> int:
        return first

    with pytest.raises(ActionPayloadError, match=r"board\.add.*\(first: .*int"):
        await perform("board.add", payload)


async def test_an_error_of_the_function_itself_is_not_taken_for_a_wrong_payload() -> None:
    @action("board.fail")
    async def _fail() -> None:
        raise TypeError("of the function")

    with pytest.raises(TypeError, match="of the function"):
        await perform("board.fail", None)


def test_two_functions_may_not_share_a_name() -> None:
    @action("board.list")
    async def _one() -> None: ...

    with pytest.raises(ConfigurationError, match="exposed twice"):

        @action("board.list")
        async def _other() -> None: ...


def test_a_function_that_cannot_be_awaited_is_refused() -> None:
    def plain() -> None: ...

    with pytest.raises(ConfigurationError, match="async def"):
        action("board.list")(cast("Any", plain))


def test_the_decorator_without_parentheses_says_what_is_missing() -> None:
    async def function() -> None: ...

    with pytest.raises(ConfigurationError, match="parentheses"):
        action(cast("Any", function))
