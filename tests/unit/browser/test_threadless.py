"""What runs in place of threads, where there are none."""

from __future__ import annotations

import sys
import threading

import anyio.to_thread
import pytest

from velocious_browser.threadless import run_here, run_without_threads


async def test_work_is_done_at_once_and_answers() -> None:
    told = await run_here(lambda *words: (words, threading.get_ident()), 1, 2, limiter=None)
    assert told == ((1, 2), threading.get_ident())


async def test_a_failure_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        await run_here(lambda: 1 // 0)


async def test_a_place_with_threads_keeps_them() -> None:
    assert sys.platform != "emscripten"
    run_without_threads()
    assert await anyio.to_thread.run_sync(threading.get_ident) != threading.get_ident()
