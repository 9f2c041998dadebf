"""What the guide to dialects says is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.node.guides import python_blocks, run
from tests.project._repository import REPOSITORY
from velocious.realtime import Admit, Close, Engine, Identity
from velocious.realtime.dialects import ActionCableDialect
from velocious.realtime.dialects.named import HOMES, dialect_named
from velocious.testing.client import Client
from velocious.testing.realtime import ManualSchedule, Participant

if TYPE_CHECKING:
    from velocious.testing.environment import TestEnvironment

GUIDE = "docs/dialects.md"
DRAWN, CHESS = python_blocks(GUIDE)


async def test_the_entrances_of_the_guide_open(environment: TestEnvironment) -> None:
    found = run(DRAWN)
    secret = "a secret that nobody knows, of more than 32 characters"
    application = environment.application(
        secret=secret, routes=found["routes"], channels=[found["BoardChannel"]]
    )
    async with application as configuration:
        client = Client(configuration)
        for path in ("/realtime", "/app/my-key?protocol=7", "/websocket"):
            async with client.socket(path) as socket:
                assert socket.refused is None, path


async def test_the_channel_of_the_guide_answers_and_tells_the_others() -> None:
    channel = run(CHESS)["ChessChannel"]
    engine = Engine(schedule=ManualSchedule(), channels=[channel])
    dialect = ActionCableDialect([channel])
    ann, bob = (
        Participant(engine, dialect, admitted=Admit(Identity(name))) for name in ("ann", "bob")
    )
    identifier = '{"channel":"ChessChannel","game":"g1"}'
    for one in (ann, bob):
        await one.says(command="subscribe", identifier=identifier)
    data = '{"action":"move","to":"e4"}'
    await ann.says(command="message", identifier=identifier, data=data)
    assert [one["message"]["event"] for one in ann.frames[2:]] == ["noted", "move"]
    assert bob.frames[-1]["message"] == {"event": "moved", "data": {"to": "e4"}}


def test_the_guide_speaks_of_every_dialect() -> None:
    text = (REPOSITORY / GUIDE).read_text(encoding="utf-8")
    # That of events that the server sends is no dialect of sockets.
    spoken = [name for name in HOMES if name != "sse"]
    assert [name for name in spoken if f"| `{name}` |" not in text] == []
    assert [name for name in spoken if name != "native" and f"\n## {name}\n" not in text] == []


def test_the_guide_has_the_number_of_every_close_in_every_dialect() -> None:
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in (REPOSITORY / GUIDE).read_text(encoding="utf-8").splitlines()
        if line.startswith("|")
    ]
    head = next(row for row in rows if row[:2] == ["reason", "native"])
    told = {row[0]: row[1:] for row in rows if len(row) == len(head)}
    spoken = [dialect_named(name, ()) for name in head[1:]]
    assert sorted(head[1:]) == sorted(name for name in HOMES if name != "sse")
    for close in Close:
        expected = [str(one.close_code(close)) for one in spoken]
        assert told.get(close.name.lower()) == expected, close
