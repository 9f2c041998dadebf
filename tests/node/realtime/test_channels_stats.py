"""`velocious channels:stats`, of a server that runs."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING

from tests.node.running_server import CONFIGURATION, server

if TYPE_CHECKING:
    from pathlib import Path

ROUTES = """
from velocious.routing import Routes

routes = Routes()
routes.realtime("/realtime")
"""


async def stats(directory: Path, *options: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "velocious_node", "channels:stats", *options),
        cwd=directory,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, output.decode()


async def test_shows_what_a_running_server_does(tmp_path: Path) -> None:
    for name, text in {"configuration.py": CONFIGURATION, "routes.py": ROUTES}.items():
        (tmp_path / "app/config").mkdir(parents=True, exist_ok=True)
        (tmp_path / "app/config" / name).write_text(text)
    async with server(tmp_path) as running:
        code, text = await stats(tmp_path, "--url", running.url)
        assert (code, 'connections{state="open"}' in text) == (0, True), text
        assert "deliveries_total" in text
    code, text = await stats(tmp_path, "--url", running.url)
    assert code == 1
    assert "did not answer" in text
    code, token = await stats(tmp_path, "--token")
    assert (code, len(token.strip())) == (0, 64)
