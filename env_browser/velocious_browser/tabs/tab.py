"""This tab among the others: whether it owns the files, and the way to the one that does."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from velocious.errors import ReloadNeededError
from velocious_browser.tabs.engine import Engine
from velocious_browser.tabs.key import connections_of, path_of, settings_of
from velocious_browser.tabs.line import Line
from velocious_browser.tabs.pace import nap

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from velocious.database.sqlite.pragmas import Pragmas
    from velocious_browser.tabs.key import Key
    from velocious_browser.tabs.service import Service

type Post = Callable[[bytes], object]
type PostTo = Callable[[str, bytes], object]

#: An acknowledged commit has reached the disk; a tab may be killed at any moment. The next owner
#: reads the log before it answers, some 40 microseconds a page: it is half of what SQLite
#: would let it grow to. A quarter would cost commits a sixth of their speed.
PRAGMAS: Pragmas = {"synchronous": "full", "wal_autocheckpoint": 500}

#: Seconds that open transactions get to end when another tab asks for the files.
PATIENCE = 2.0


class Tab:
    """One tab. Without arguments: the only one there is, which owns its files.

    Arguments:
        name: unlike that of any other tab.
        ask: sends a request to the owner.
        answer: sends an answer to another tab.
        turn: lets everything else run that waits.

    Attributes:
        line: the way to the owner.
        engines: the opened databases; None in a tab that does not own the files.
    """

    def __init__(
        self,
        name: str = "",
        *,
        ask: Post | None = None,
        answer: PostTo | None = None,
        turn: Callable[[], Awaitable[object]] = nap,
        owns: bool = True,
    ) -> None:
        self.name = name
        self.turn = turn
        self.line = Line()
        self.engines: dict[str, Engine] | None = {} if owns else None
        self._ask = ask
        self._answer = answer
        self._others: Iterable[str] = ()
        self._service: Service | None = None

    # What happens

    def own(self, others: Iterable[str] = ()) -> None:
        """This tab owns the files from now on; *others* are there, too."""
        self._others = [*others, self.name]
        self.engines = {}
        # What this tab asked for while another one was the owner is its own matter now.
        self.line.lead_to(lambda content: self.hear(self.name, content))

    def follow(self, *, is_known: bool) -> None:
        """Another tab owns the files; not *is_known*: it is yet to say that it does."""
        self.line.lead_to(self._ask if is_known else None)

    def give_up(self) -> None:
        """Close all files, at once: another tab is to own them."""
        service, self._service = self._service, None
        if service is not None:
            service.stop()
        engines, self.engines = self.engines or {}, None
        for engine in engines.values():
            engine.give_up()
        self.line.lead_to(None)

    async def rest(self) -> None:
        """As :meth:`give_up`, but after the transactions that are open now, for which it waits
        :data:`PATIENCE` seconds.
        """
        engines = list((self.engines or {}).values())
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for engine in engines:
                    await engine.close()
        self.give_up()

    def end(self, message: str) -> None:
        """This tab must not use the database any more, because of what *message* says."""
        self.give_up()
        self.line.fail(ReloadNeededError(message))

    def hear(self, sender: str, content: bytes) -> None:
        """Another tab asks for something."""
        if self.engines is None:
            return
        if self._service is None:
            # Imported here: nobody asks a tab that is alone.
            from velocious_browser.tabs.service import Service

            self._service = Service(self._engine, self._reply, self._others)
        self._service.hear(sender, content)

    def gone(self, other: str) -> None:
        """Another tab is not there any more."""
        if self._service is not None:
            self._service.gone(other)

    # For the driver

    def engine(self, key: Key, name: str) -> Engine | None:
        """The database of *key*, whose ``connections_of`` is *name*; None where another tab has
        it.
        """
        if self.engines is None:
            return None
        engine = self.engines.get(name)
        if engine is None:
            engine = self.engines[name] = Engine(settings_of(key), path_of(key), PRAGMAS)
        return engine

    def _engine(self, key: Key) -> Engine:
        engine = self.engine(key, connections_of(key))
        assert engine is not None, "only the owner serves"
        return engine

    def _reply(self, client: str, content: bytes) -> None:
        if client == self.name:
            self.line.hear(content)
        elif self._answer is not None:
            self._answer(client, content)
