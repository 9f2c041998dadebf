"""``self.flash``: messages for the page that the visitor sees next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterator

    from velocious.controller.session import Session

_KEY = "flash"


class Flash:
    """Messages by kind; what is not there reads as None.

    ::

        self.flash["notice"] = "Saved."         # shown by the page that the redirect leads to
        self.flash.now["alert"] = "Not valid."  # shown by the page that is rendered now
        self.flash.keep()                       # what came stays for one more request

    A message that was not asked for waits in the session: a request in between that never looks,
    for an image or for data, does not swallow it.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        #: What the page of this request shows.
        self._shown: dict[str, Any] = dict(self._session.aside.get(_KEY) or {})
        #: What the next one will.
        self._next: dict[str, Any] = {}

    @property
    def now(self) -> FlashNow:
        """Messages for the page of this request alone."""
        return FlashNow(self._shown)

    def __getitem__(self, kind: str) -> Any:
        return self._shown.get(kind)

    def get(self, kind: str, default: Any = None) -> Any:
        """The message of *kind*, or *default*."""
        return self._shown.get(kind, default)

    def __setitem__(self, kind: str, message: Any) -> None:
        self._shown[kind] = self._next[kind] = message

    def __delitem__(self, kind: str) -> None:
        self._shown.pop(kind, None)
        self._next.pop(kind, None)

    def __contains__(self, kind: object) -> bool:
        return kind in self._shown

    def __iter__(self) -> Iterator[str]:
        return iter(self._shown)

    def __len__(self) -> int:
        return len(self._shown)

    def items(self) -> ItemsView[str, Any]:
        """Kinds and messages, for templates."""
        return self._shown.items()

    def keep(self, *kinds: str) -> None:
        """Let what is shown now be shown by the next page, too: those of *kinds*, or all."""
        for kind in kinds or tuple(self._shown):
            if kind in self._shown:
                self._next[kind] = self._shown[kind]

    def discard(self, *kinds: str) -> None:
        """Do not show to the next page: those of *kinds*, or all."""
        for kind in kinds or tuple(self._next):
            self._next.pop(kind, None)

    def store(self) -> None:
        """Put what the next page shows into the session."""
        if self._next:
            self._session.aside[_KEY] = self._next
        else:
            self._session.aside.pop(_KEY, None)


class FlashNow:
    """See :attr:`Flash.now`."""

    def __init__(self, shown: dict[str, Any]) -> None:
        self._shown = shown

    def __getitem__(self, kind: str) -> Any:
        return self._shown.get(kind)

    def __setitem__(self, kind: str, message: Any) -> None:
        self._shown[kind] = message
