"""What was acknowledged is there after the whole browser was killed in the middle of writing.

``VELOCIOUS_KILLS=50`` makes it a drill; without it the browser dies three times.
"""

from __future__ import annotations

import os
import random
import sys
import time
from typing import TYPE_CHECKING

from browser_tests._mortal import MortalBrowser
from browser_tests._page import BarePage
from browser_tests._server import bare_site, serving

if TYPE_CHECKING:
    from pathlib import Path

    from browser_tests._server import Site

KILLS = int(os.environ.get("VELOCIOUS_KILLS", "3"))
GROUP = 5
SHORTEST, LONGEST = 0.3, 1.5
ACKNOWLEDGED = "/velocious/acknowledged?"

OPEN = """
import asyncio, sqlite3
from js import fetch
database = sqlite3.connect("/opfs/test/kept.sqlite3", isolation_level=None)
database.execute("PRAGMA journal_mode=WAL").fetchall()
database.execute("PRAGMA synchronous=FULL")
database.execute("CREATE TABLE IF NOT EXISTS single(id INTEGER PRIMARY KEY, text TEXT)")
database.execute("CREATE TABLE IF NOT EXISTS grouped(id INTEGER PRIMARY KEY, number INTEGER)")
"""

CHECK = """
count = lambda table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
groups = database.execute("SELECT number, count(*) FROM grouped GROUP BY number").fetchall()
torn = [number for number, size in groups if size != 5]
check = database.execute("PRAGMA integrity_check").fetchone()[0]
result = {"single": count("single"), "groups": count("grouped") // 5, "torn": torn, "check": check}
"""

WRITE = """
async def write():
    single, groups = count("single"), count("grouped") // 5
    while True:
        for _ in range(10):
            database.execute("INSERT INTO single(text) VALUES(?)", ["text " * 50])
            single += 1
        database.execute("BEGIN")
        for _ in range(5):
            database.execute("INSERT INTO grouped(number) VALUES(?)", [groups])
        database.execute("COMMIT")
        groups += 1
        fetch(f"/velocious/acknowledged?{single}-{groups}")  # its way must not pause the writing
        await asyncio.sleep(0)
writing = asyncio.ensure_future(write())
"""


def acknowledged(site: Site) -> tuple[int, int]:
    """The last numbers of rows and groups that the page told the server about."""
    said = [path.removeprefix(ACKNOWLEDGED) for path in site.requests if ACKNOWLEDGED in path]
    single, groups = said[-1].split("-") if said else ("0", "0")
    return int(single), int(groups)


def start(browser: MortalBrowser, origin: str) -> BarePage:
    tab = BarePage(browser.page(), origin)
    tab.boot()
    return tab


def test_no_acknowledged_row_is_lost_when_the_browser_is_killed(tmp_path: Path) -> None:
    moments = random.Random(5)
    site = bare_site()
    with serving(site) as origin:
        for kill in range(KILLS + 1):
            browser = MortalBrowser(tmp_path / "profile")
            try:
                tab = start(browser, origin)
                found = tab.run(OPEN + CHECK)
                single, groups = acknowledged(site)
                assert found["check"] == "ok", f"after kill {kill}"
                assert found["torn"] == [], f"after kill {kill}"
                assert found["single"] >= single, f"after kill {kill}"
                assert found["groups"] >= groups, f"after kill {kill}"
                if kill < KILLS:
                    tab.run(WRITE)
                    time.sleep(moments.uniform(SHORTEST, LONGEST))
            finally:
                browser.kill()
            assert acknowledged(site) > (single, groups) or kill == KILLS
            said = acknowledged(site)
            sys.stdout.write(f"kill {kill}: {found}, then acknowledged {said[0]} and {said[1]}\n")
