"""For PyScript pages: the application of this origin, on the same database as its other pages.

::

    <script type="py" worker config='{"interpreter": "/velocious/…/interpreter.mjs"}'>
        from velocious_browser.pyscript import application
        app = await application()
        from app.models.task import Task
        print(await Task.count())
    </script>
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from velocious_browser.application import open_application
from velocious_browser.interop import page_globals

if TYPE_CHECKING:
    from velocious_browser.application import Application

_opened: list[Application] = []


async def application() -> Application:
    """The application, opened when it is first asked for.

    Raises:
        NotAvailableHereError: the page does not load Velocious' interpreter.
    """
    if not _opened:
        boot_text, js_host = page_globals()
        _opened.append(await open_application(boot_text, js_host))
    return _opened[0]
