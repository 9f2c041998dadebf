"""For PyScript pages: the application of this origin, on the same database as its other pages, and
what a page needs to show it.

::

    <script type="module" src="/velocious/pyscript.mjs"></script>
    <ul id="tasks"></ul>
    <script type="py" worker>
        from velocious_browser.pyscript import bind, mount
        await mount()
        from app.models.task import Task
        await bind(Task.order("id"), "#tasks", "{% for one in tasks %}<li>{{ one }}{% endfor %}")
    </script>

Law: it works without SharedArrayBuffer: Python never reaches the page's elements, it sends HTML and
hears of events. What comes from the page is data of whoever sits there.
"""

from __future__ import annotations

from velocious_browser.pyscript.binding import Binding as Binding
from velocious_browser.pyscript.binding import bind as bind
from velocious_browser.pyscript.events import Event as Event
from velocious_browser.pyscript.events import on as on
from velocious_browser.pyscript.events import on_submit as on_submit
from velocious_browser.pyscript.opening import application as application
from velocious_browser.pyscript.opening import mount as mount
