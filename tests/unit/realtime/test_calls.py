"""Calls with nothing before them, no guard and no subscription: the same holds as for others."""

from __future__ import annotations

import asyncio
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from tests.suites.rooms import engine, visitor
from tests.suites.waiting import until
from velocious.errors import BadFrameError, Fault
from velocious.realtime import RealtimeSettings, SocketRouter
from velocious.realtime.dialects import NativeDialect
from velocious.testing.realtime import settle

if TYPE_CHECKING:
    from velocious.realtime import Context
    from velocious.testing.realtime import Participant

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "by": {"type": "integer", "default": 1}},
}
_said: ContextVar[str] = ContextVar("_said", default="nothing")


class Answers(SocketRouter):
    """A router whose handlers do what handlers may do."""

    def __init__(self) -> None:
        self.door = asyncio.Event()

    def configure(self, routes: Any) -> None:
        routes.on("move", self.move, SCHEMA)
        routes.on("echo", self.move)
        for name in ("waits", "fails", "faults", "unwritable", "says", "keeps", "limited"):
            routes.on(name, getattr(self, name))
        routes.on("promises", self.promises)

    async def move(self, context: Context) -> Any:
        return context.data

    async def waits(self, context: Context) -> Any:
        await self.door.wait()
        return context.data

    async def fails(self, _: Context) -> Any:
        raise ValueError("the password")

    async def faults(self, _: Context) -> Any:
        raise Fault("room_full", "No room.", status=409)

    async def unwritable(self, _: Context) -> Any:
        return object()

    async def says(self, context: Context) -> str:
        before = _said.get()
        _said.set(context.data)
        if context.data == "waits":
            await asyncio.sleep(0)
        assert _said.get() == context.data
        return before

    async def keeps(self, context: Context) -> int:
        context.state["kept"] = context.state.get("kept", 0) + 1
        return context.state["kept"]

    async def limited(self, context: Context) -> Any:
        async with asyncio.timeout(0.01):
            if context.data == "waits":
                await asyncio.sleep(10)
        return context.data

    def promises(self, context: Context) -> asyncio.Future[Any]:
        promise = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(promise.set_result, context.data)
        return promise


async def caller(**settings: Any) -> tuple[Participant, Answers]:
    answers = Answers()
    realtime, _ = engine(routers=[answers], settings=RealtimeSettings(**settings))
    return await visitor(realtime), answers


def replies(one: Participant) -> list[Any]:
    return [frame["data"] for frame in one.all_heard("reply")]


async def test_data_is_checked_and_defaults_are_filled_in() -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=1, name="move", data={"id": 7})
    await ann.says(type="call", id=2, name="move", data={"id": "a secret"})
    assert ann.heard("reply")["data"] == {"id": 7, "by": 1}
    error = ann.heard("error")
    assert (error["id"], error["code"], error["status"]) == (2, "validation_failed", 422)


@pytest.mark.parametrize(
    ("name", "code"),
    [("fails", "internal"), ("unwritable", "internal"), ("faults", "room_full")],
)
async def test_what_goes_wrong_is_an_answer(name: str, code: str) -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=1, name=name)
    error = ann.heard("error")
    assert (error["code"], error["name"], error["id"]) == (code, name, 1)
    assert "password" not in error["message"]


async def test_they_are_answered_in_their_order_though_the_first_one_waits() -> None:
    ann, answers = await caller()
    await ann.says(type="call", id=1, name="waits", data="first")
    await ann.says(type="call", id=2, name="echo", data="second")
    assert replies(ann) == []
    answers.door.set()
    await settle()
    assert replies(ann) == ["first", "second"]


async def test_what_hangs_is_cut() -> None:
    ann, _ = await caller(call_timeout=0.01)
    await ann.says(type="call", id=1, name="waits")
    await until(lambda: ann.all_heard("error"))
    assert ann.heard("error")["code"] == "timeout"


async def test_each_has_context_variables_of_its_own() -> None:
    ann, _ = await caller()
    for data in ("a", "waits", "b", "waits"):
        await ann.says(type="call", name="says", id=1, data=data)
        await settle()
    assert replies(ann) == ["nothing"] * 4


async def test_each_has_a_state_of_its_own() -> None:
    ann, _ = await caller()
    for number in range(3):
        await ann.says(type="call", name="keeps", id=number)
    assert replies(ann) == [1, 1, 1]


async def test_handlers_may_set_deadlines_of_their_own() -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=1, name="limited", data="quick")
    await ann.says(type="call", id=2, name="limited", data="waits")
    await until(lambda: ann.all_heard("error"))
    assert ann.heard("reply")["data"] == "quick"
    assert ann.heard("error")["code"] == "timeout"


async def test_a_handler_may_return_anything_that_can_be_awaited() -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=1, name="promises", data=[1])
    await settle()
    assert ann.heard("reply")["data"] == [1]


@pytest.mark.parametrize("id", [0, -5, 2**53 - 1, "a", 'quo"te', "ä\n"])
async def test_the_answer_has_the_id_of_the_question(id: Any) -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=id, name="echo", data=1)
    assert ann.heard("reply")["id"] == id


@pytest.mark.parametrize("id", [True, 1.0, 2**53, -(2**53), [], "x" * 201])
async def test_other_ids_are_refused(id: Any) -> None:
    ann, _ = await caller()
    await ann.says(type="call", id=id, name="echo", data=1)
    assert ann.heard("error")["code"] == "bad_frame"


async def test_the_smaller_limit_holds_where_those_who_are_known_may_say_less() -> None:
    ann, _ = await caller(message_limit=100, early_message_limit=8000)
    await ann.says(type="call", id=1, name="echo", data="x" * 100)
    assert ann.closed is not None
    assert ann.closed[0] == 1009


@pytest.mark.parametrize("text", [' {"type":"ping"}', '{"type":"ping"}\n', '\t{"type":"ping"} '])
def test_spaces_around_a_frame_are_nothing(text: str) -> None:
    assert len(NativeDialect().decode(text)) == 1


@pytest.mark.parametrize("text", ['{"type":"ping"}x', '{"type":"ping"} {}', "x", "", " ", "{"])
def test_anything_else_around_it_is_an_error(text: str) -> None:
    with pytest.raises(BadFrameError):
        NativeDialect().decode(text)
