"""Code with await at its top level."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import pytest

from velocious.cli.evaluate import CodeError, evaluate


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", 2),
        ("x = 2\nx * 3", 6),
        ("x = 2", None),
        ("", None),
        ("await two()", 2),
        ("y = await two()\n[await two() for _ in range(y)]", [2, 2]),
        ("async def f():\n    return await two()\nawait f()", 2),
        ("import math; math.floor(2.5)", 2),
        ("n = 3\n[n * i for i in range(n)]", [0, 3, 6]),
    ],
)
async def test_the_value_is_that_of_the_last_expression(code: str, value: object) -> None:
    async def two() -> int:
        await asyncio.sleep(0)
        return 2

    assert await evaluate(code, {"two": two}) == value


async def test_names_are_kept_for_the_next_code() -> None:
    names: dict[str, Any] = {}
    await evaluate("x = 5", names)
    assert await evaluate("x", names) == 5


@pytest.mark.parametrize("code", ["1 +", "if True", "return 3", "x = \0", "'"])
async def test_code_that_is_not_python_is_explained(code: str) -> None:
    with pytest.raises(CodeError) as raised:
        await evaluate(code, {})
    assert "The code" in str(raised.value)


async def test_the_wrong_line_is_shown() -> None:
    with pytest.raises(CodeError, match=r"in line 2: 'y = = 2'"):
        await evaluate("x = 1\ny = = 2", {})


async def test_a_traceback_shows_the_line_of_the_code() -> None:
    with pytest.raises(ZeroDivisionError) as raised:
        await evaluate("x = 1\nx / 0", {}, file="<seen>")
    assert "x / 0" in "".join(traceback.format_exception(raised.value))
