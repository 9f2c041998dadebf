"""What code prints goes to the command that runs it, and nowhere else."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from velocious.cli.output import TextOutput
from velocious.cli.printed import printed_to

if TYPE_CHECKING:
    import pytest


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


async def test_prints_of_two_commands_at_once_are_kept_apart() -> None:
    async def run(name: str, output: TextOutput) -> None:
        with printed_to(output):
            for number in range(3):
                say(f"{name}{number}")
                await asyncio.sleep(0)

    first, second = TextOutput(), TextOutput()
    await asyncio.gather(run("a", first), run("b", second))
    assert first.text == "a0\na1\na2\n"
    assert second.text == "b0\nb1\nb2\n"


async def test_tasks_that_were_not_asked_print_where_they_always_did(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = TextOutput()
    inside, done = asyncio.Event(), asyncio.Event()

    async def bystander() -> None:
        await inside.wait()
        say("from elsewhere")
        done.set()

    task = asyncio.create_task(bystander())
    with printed_to(output):
        inside.set()
        await done.wait()
        say("from the command")
    await task
    assert output.text == "from the command\n"
    assert capsys.readouterr().out == "from elsewhere\n"


def test_standard_output_is_as_it_was_afterwards() -> None:
    before = sys.stdout
    with printed_to(TextOutput()), printed_to(TextOutput()):
        assert sys.stdout is not before
    assert sys.stdout is before
