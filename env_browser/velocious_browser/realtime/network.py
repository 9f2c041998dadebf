"""Whether a browser has a network, and whether somebody looks at the page.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``.
"""

from __future__ import annotations

import asyncio
from typing import Any

#: Seconds between two looks where the browser says nothing by itself.
LOOK = 1.0


class BrowserNetwork:
    """What the browser knows: ``navigator.onLine``, and the page's visibility where there is a page
    (workers have none).

    Arguments:
        while_hidden: whether a page that nobody looks at connects, too.
    """

    def __init__(self, *, while_hidden: bool = False) -> None:
        self._while_hidden = while_hidden

    @property
    def is_there(self) -> bool:
        import js

        js_navigator: Any = getattr(js, "navigator")  # noqa: B009
        return bool(js_navigator.onLine) and (self._while_hidden or not _is_hidden())

    async def wait(self) -> None:
        while not self.is_there:
            await _happening()

    async def news(self) -> None:
        was_there = self.is_there
        while True:
            has_happened = await _happening()
            if self.is_there and (has_happened or not was_there):
                return
            was_there = self.is_there


async def _happening() -> bool:
    """Return when something may have changed; whether the browser has said so."""
    import js
    from pyodide.ffi import create_proxy

    changed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def happens(_: Any) -> None:
        if not changed.done():
            changed.set_result(None)

    js_listener: Any = create_proxy(happens)
    js_global: Any = js
    js_targets = [(js_global, "online"), (js_global, "offline")]
    js_document: Any = getattr(js, "document", None)
    if js_document is not None:
        js_targets.append((js_document, "visibilitychange"))
    for js_target, event in js_targets:
        js_target.addEventListener(event, js_listener)
    try:
        # Workers of Chromium hear neither `online` nor `offline`; what they can ask changes.
        await asyncio.wait([changed], timeout=LOOK if js_document is None else None)
    finally:
        for js_target, event in js_targets:
            js_target.removeEventListener(event, js_listener)
        js_listener.destroy()
    return changed.done()


def _is_hidden() -> bool:
    import js

    js_document: Any = getattr(js, "document", None)
    return js_document is not None and js_document.visibilityState == "hidden"
