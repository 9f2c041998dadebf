"""Hearing by a websocket that the server's board has changed, and who else is there.

Law: the page is told that something changed, not what: it asks for what it shows.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from app.models.project import Project
from app.models.task import Task

from velocious.errors import NotConnectedError, RemoteFault
from velocious.live import live
from velocious.realtime.client import ClientState, RealtimeClient
from velocious_browser.realtime import WebsocketConnector
from velocious_browser.worker import application

if TYPE_CHECKING:
    from velocious.live import LiveHandle

logger = logging.getLogger("app.homes")

CHANNEL = "presence-board"


class Listening:
    """A connection that comes back by itself.

    Attributes:
        client: it; while it is connected, commands go through it, too.
    """

    def __init__(self, home: str, address: str) -> None:
        self._home = home
        url = f"{address.replace('http', 'ws', 1)}/realtime"
        self.client = RealtimeClient(url, WebsocketConnector())
        self.client.on_state(self._connection_changed)
        self._people = self.client.channel(CHANNEL)
        self._people.on_members = self._tell_who_is_there
        self._joining: asyncio.Task[None] | None = None
        self._following: LiveHandle | None = None

    def start(self) -> None:
        """Connect, and listen from then on to the home that the block is at."""
        self.client.start()
        # Where no websocket gets through, HTTP may: nobody waits for this.
        self._joining = asyncio.create_task(self._join())
        self._following = live(_glance, self._tell_of_a_change, _log)

    async def stop(self) -> None:
        """Listen no more; safe to call twice."""
        if self._joining is None or self._following is None:
            return
        self._following.stop()
        self._joining.cancel()
        await asyncio.gather(self._joining, return_exceptions=True)
        self._joining = self._following = None
        await self._people.unsubscribe()
        await self.client.close()

    async def _join(self) -> None:
        try:
            await self._people.subscribe()
        except (RemoteFault, NotConnectedError) as error:
            _log(error)

    def _connection_changed(self, state: ClientState) -> None:
        if state is not ClientState.CONNECTED:
            self._emit_people([])

    def _tell_of_a_change(self, _: object) -> None:
        application().host.emit("board.changed", {"home": self._home})

    def _tell_who_is_there(self) -> None:
        self._emit_people([one.info["name"] for one in self._people.members.values()])

    def _emit_people(self, names: list[str]) -> None:
        application().host.emit("board.people", {"home": self._home, "names": names})


async def _glance() -> tuple[bool, bool]:
    """Reads of each model as little as can be, to be told of all that happens to it."""
    return await Task.exists(), await Project.exists()


def _log(error: Exception) -> None:
    logger.info("The board is not followed now: %s", error)
