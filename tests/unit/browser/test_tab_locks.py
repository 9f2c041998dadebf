"""Advisory locks of a browser worker, as its page sees them."""

from __future__ import annotations

import pytest

from tests.unit.browser._host import RecordedHost
from velocious.database.database import Database
from velocious.database.settings import parse_settings
from velocious.errors import AdvisoryLockBusyError
from velocious_browser.handler import BrowserEnvironmentHandler
from velocious_browser.interop import Host


def open_database(page: RecordedHost, directory: str) -> Database:
    handler = BrowserEnvironmentHandler(directory, Host(page))
    settings = parse_settings("default", "sqlite:///db/notes.sqlite3")
    return Database(settings, handler.drivers()["sqlite"], handler.files(None))


async def test_the_page_holds_the_lock_for_all_tabs() -> None:
    page = RecordedHost()
    async with open_database(page, "/opfs/notes").advisory_lock("import"):
        assert list(page.locks.values()) == ["velocious-lock:/opfs/notes/db/notes.sqlite3:import"]
        with pytest.raises(AdvisoryLockBusyError):
            async with open_database(page, "/opfs/notes").advisory_lock("import", or_fail=True):
                pytest.fail("two tabs held it")
        async with open_database(page, "/opfs/other").advisory_lock("import", or_fail=True):
            pass
    assert page.locks == {}
