"""Tabs of one application in one process: their messages are real bytes, and take their time."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from velocious.database.sqlite.factory import SqliteDriverFactory
from velocious_browser.tabs.driver import TabDriver
from velocious_browser.tabs.tab import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious.database.driver import Driver
    from velocious.database.settings import DatabaseSettings


def _never(sender: str, receiver: str, content: bytes) -> bool:
    return False


class Tabs:
    """Makes tabs that hear of each other.

    Attributes:
        owner: the tab that owns the files now; None between two owners.
        lost: a message for which it is true never arrives: ``lost(sender, receiver, content)``.
    """

    def __init__(self) -> None:
        self.owner: Tab | None = None
        self.lost: Callable[[str, str, bytes], bool] = _never
        self._all: dict[str, Tab] = {}

    def open(self, name: str) -> Tab:
        """A new tab: the first one owns the files, the others follow it."""
        tab = Tab(
            name,
            ask=lambda content: self._ask(name, content),
            answer=lambda receiver, content: self._answer(name, receiver, content),
            owns=self.owner is None,
        )
        self._all[name] = tab
        if self.owner is None:
            self.owner = tab
        else:
            tab.follow(is_known=True)
        return tab

    def end_owner(self) -> None:
        """The owner goes away; nobody has the files until :meth:`promote`."""
        assert self.owner is not None
        del self._all[self.owner.name]
        # What a browser does to a worker: it does not get to do anything more.
        self.owner.give_up()
        self.owner = None
        for tab in self._all.values():
            tab.follow(is_known=False)

    def promote(self, tab: Tab) -> None:
        """*tab* owns the files from now on."""
        self.owner = tab
        tab.own(name for name in self._all if name != tab.name)
        for other in self._all.values():
            if other is not tab:
                other.follow(is_known=True)

    def end(self, tab: Tab) -> None:
        """A tab that does not own the files goes away."""
        del self._all[tab.name]
        if self.owner is not None:
            self.owner.gone(tab.name)

    def _ask(self, sender: str, content: bytes) -> None:
        owner = self.owner
        if owner is not None and not self.lost(sender, owner.name, content):
            asyncio.get_running_loop().call_soon(owner.hear, sender, content)

    def _answer(self, sender: str, receiver: str, content: bytes) -> None:
        tab = self._all.get(receiver)
        if tab is not None and not self.lost(sender, receiver, content):
            asyncio.get_running_loop().call_soon(tab.line.hear, content)


class TabDriverFactory(SqliteDriverFactory):
    """Makes the drivers of one tab."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    def make_driver(self, settings: DatabaseSettings, path: str) -> Driver:
        return TabDriver(settings, path, self._tab)
