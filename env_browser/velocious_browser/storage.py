"""How safe the data of this page is: a public value that can be watched.

``durable``: a commit is on the disk and the browser promised to keep it. ``best-effort``: it is on
the disk, but the browser may clear it when space runs short, or flushes could not be proved.
``volatile``: it is gone when the page closes; only where the application allowed that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from velocious.errors import NotAvailableHereError

if TYPE_CHECKING:
    from collections.abc import Callable

    from velocious_browser.interop import Host

type State = Literal["durable", "best-effort", "volatile"]
type Space = Literal["enough", "low", "full"]


@dataclass(frozen=True, slots=True)
class StorageState:
    """The state of the storage at one moment.

    Sizes in bytes, None where the browser does not say.
    """

    state: State
    reason: str
    directory: str | None = None
    persisted: bool | None = None
    usage: int | None = None
    quota: int | None = None
    #: ``low``: the quota is nearly used up; ``full``: the newest write was refused.
    space: Space = "enough"


type Watcher = Callable[[StorageState], object]


class Storage:
    """The storage of the running application.

    :func:`current` and :func:`watch` are its short forms.
    """

    def __init__(self, host: Host) -> None:
        self._host = host
        self._watchers: list[Watcher] = []
        self._value = parse_state(host.storage())

    @property
    def value(self) -> StorageState:
        """The state, read anew; watchers hear when it differs from the last one."""
        fresh = parse_state(self._host.storage())
        changed = _notable(fresh) != _notable(self._value)
        self._value = fresh
        if changed:
            for watcher in tuple(self._watchers):
                watcher(fresh)
        return fresh

    async def status(self) -> dict[str, Any]:
        """What ``storage:status`` shows, as plain data; the browser is asked anew."""
        return await self._host.storage_status()

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call *watcher* now and whenever the state changes; the answer stops it."""
        self._watchers.append(watcher)
        watcher(self._value)
        return lambda: self._watchers.remove(watcher)


_running: list[Storage] = []


def install(storage: Storage) -> None:
    """Make *storage* the one of this worker."""
    _running[:] = [storage]


def current() -> StorageState:
    """The state of this worker's storage.

    Raises NotAvailableHereError outside of a running application.
    """
    return _storage().value


def watch(watcher: Watcher) -> Callable[[], None]:
    """Watch this worker's storage; see :meth:`Storage.watch`."""
    return _storage().watch(watcher)


def parse_state(given: dict[str, Any]) -> StorageState:
    """A state from what the worker's JavaScript reports."""
    return StorageState(
        state=cast("State", given["state"]),
        reason=given.get("reason") or "",
        directory=given.get("directory"),
        persisted=given.get("persisted"),
        usage=given.get("usage"),
        quota=given.get("quota"),
        space=cast("Space", given.get("space") or "enough"),
    )


def _notable(value: StorageState) -> tuple[object, ...]:
    return value.state, value.reason, value.space


async def status() -> dict[str, Any]:
    """This worker's storage with its files; see :meth:`Storage.status`."""
    return await _storage().status()


def _storage() -> Storage:
    if not _running:
        raise NotAvailableHereError(
            "The state of the storage",
            environment="browser",
            instead="Ask after the application has started: in an action or a command.",
        )
    return _running[0]
