"""Notices of changes between the tabs of an application: the browser carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious_browser.interop import Host


class TabChanges:
    """The change carrier of a tab."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def open(self, receive: Callable[[str], None]) -> None:
        self._host.open_changes(receive)

    def send(self, text: str) -> None:
        self._host.send_changes(text)

    def close(self) -> None:
        self._host.close_changes()
