"""Runs inside Pyodide: what does an application import from a first visit to its first rows?

It does what a page does that is opened for the first time: it migrates, writes and reads.
"""

from __future__ import annotations

import os
import sys

DATABASES = "/tmp/first-rows"
ARCHIVES = ("libraries", "velocious")
BOOT = """{
  "databaseDirectory": "/tmp/first-rows",
  "protocol": 1,
  "appId": "first-rows",
  "environment": "production",
  "migrate": true,
  "app": {"entry": "app.config.configuration", "directory": "/app"}
}"""


def _archived_modules() -> list[str]:
    found: list[str] = []
    for name, module in list(sys.modules.items()):
        origin = getattr(module.__spec__, "origin", None) or ""
        if ".zip/" in origin and origin.endswith(".pyc"):
            found.append(name)
    return found


async def modules_of_first_rows() -> str:
    import velocious_flush_check
    import velocious_settling

    assert velocious_settling.settle
    os.makedirs(DATABASES)
    velocious_flush_check.commit(f"{DATABASES}/check")
    known = _archived_modules()
    sys.path += [f"/host/{name}.zip" for name in ARCHIVES]

    from velocious_browser import worker
    from velocious_browser.interop import console_host

    await worker.start(BOOT, console_host())
    await worker.call("first_rows.fill", "{}")
    await worker.call("first_rows.read", "{}")
    await worker.close()
    import json

    application = {name for name in sys.modules if name == "app" or name.startswith("app.")}
    return json.dumps(sorted({*known, *_archived_modules()} - application))
