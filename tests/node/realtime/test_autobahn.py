"""What the Autobahn test-suite says of the server's websocket: framing, UTF-8, closing.

Its groups 9 (how fast) and 12 and 13 (compression, which is off) are left out.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from tests.node.http_server import serving
from tests.node.realtime.sockets import echoing

if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPT = Path(__file__).parents[3] / ".ci" / "find-autobahn"
GROUPS = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*"]
#: How many cases these groups have.
CASES = 247
PATIENCE = 120.0
#: All other verdicts are failures.
GOOD = {"OK", "NON-STRICT", "INFORMATIONAL"}


@pytest.fixture(scope="session")
def wstest() -> str:
    """The suite's program; it is installed once, and where it cannot be, CI fails."""
    done = subprocess.run(
        [SCRIPT, Path(sys.prefix) / "autobahn"], capture_output=True, text=True, check=False
    )
    if done.returncode:
        report = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        report(f"The Autobahn test-suite cannot be run: {done.stderr.strip()}")
    return done.stdout.strip()


@pytest.mark.slow
async def test_no_case_of_the_suite_fails(wstest: str, tmp_path: Path) -> None:
    async with serving(echoing, "httptools") as running:
        specification = {
            "outdir": str(tmp_path / "reports"),
            "servers": [{"agent": "velocious", "url": f"ws://127.0.0.1:{running.port}"}],
            "cases": GROUPS,
            "exclude-cases": [],
        }
        path = tmp_path / "specification.json"
        path.write_text(json.dumps(specification))
        await finished(wstest, "-m", "fuzzingclient", "-s", str(path), cwd=tmp_path)
    verdicts = json.loads((tmp_path / "reports" / "index.json").read_text())["velocious"]
    assert failures(verdicts) == {}
    assert len(verdicts) == CASES


def failures(verdicts: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """The cases that failed: how they behaved, and how they closed."""
    return {
        case: (verdict["behavior"], verdict["behaviorClose"])
        for case, verdict in cast("dict[str, Any]", verdicts).items()
        if not {verdict["behavior"], verdict["behaviorClose"]} <= GOOD
    }


async def finished(*command: str, cwd: Path) -> None:
    """Run *command* until it ends."""
    with (cwd / "output").open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=cwd, stdout=output, stderr=output
        )
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    assert process.returncode == 0, (cwd / "output").read_text()[-2000:]
