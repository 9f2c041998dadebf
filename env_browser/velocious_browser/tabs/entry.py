"""What the worker's JavaScript tells Python about the other tabs.

Law: as in ``interop.py``, a name that holds a JavaScript value starts with ``js_``; what crosses is
bytes, names and JSON text.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import TYPE_CHECKING, Any

from velocious_browser.tabs.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious_browser.interop import JsHost

_joined: list[Tab] = []


def join(js_host: JsHost) -> Tab:
    """This worker's tab, made when it is first asked for; the only one there is where *js_host*
    knows no others.
    """
    described = js_host.tab()
    if not described:
        return Tab()
    if not _joined:
        given: dict[str, Any] = json.loads(described)
        js_bytes = _js_bytes()
        tab = Tab(
            given["name"],
            ask=lambda content: js_host.ask(js_bytes(content)),
            answer=lambda name, content: js_host.answer(name, js_bytes(content)),
            turn=js_host.turn,
            owns=given["owns"],
        )
        if given["owns"]:
            tab.own(given["others"])
        else:
            tab.follow(is_known=given["isKnown"])
        _joined.append(tab)
    return _joined[0]


def prepare() -> None:
    """Import what the owner needs: whoever waits for a new one does not wait for that, too."""
    import_module("velocious_browser.tabs.service")


def own(others: str) -> None:
    """This tab owns the files from now on; *others* is a JSON list of the other tabs' names."""
    for tab in _joined:
        tab.own(json.loads(others))


def follow(is_known: bool) -> None:
    """Another tab is the owner, or is to be."""
    for tab in _joined:
        tab.follow(is_known=is_known)


def give_up() -> None:
    """Close the files at once."""
    for tab in _joined:
        tab.give_up()


async def rest() -> None:
    """Close the files as soon as no transaction is open, after a moment in any case."""
    for tab in _joined:
        await tab.rest()


def outdated(message: str) -> None:
    """The application of this tab is too old for the others: it must not use the database."""
    for tab in _joined:
        tab.end(message)


def hear(sender: str, js_content: Any) -> None:
    """Another tab asks for something."""
    for tab in _joined:
        tab.hear(sender, js_content.to_bytes())


def answer(js_content: Any) -> None:
    """The owner answers."""
    for tab in _joined:
        tab.line.hear(js_content.to_bytes())


def refresh() -> None:
    """Another tab has changed the tables: what this one knows of them is read again."""
    from velocious_browser.worker import tables_changed

    tables_changed()


def gone(name: str) -> None:
    """Another tab is not there any more."""
    for tab in _joined:
        tab.gone(name)


def _js_bytes() -> Callable[[bytes], Any]:
    # Imported when there are other tabs, and once: an import in a function costs each call.
    from pyodide.ffi import to_js

    return to_js
