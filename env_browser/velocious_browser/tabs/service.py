"""What the owner does for the other tabs.

Law: a request that is said again, because its answer was lost with an owner, is answered for
certain: a write that was stored is not done twice, one that was not is done now, and a transaction
that was open is gone as a whole.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from velocious.database.driver import Result
from velocious.database.sqlite.factory import create_file, drop_files
from velocious.errors import DatabaseError, TransactionLostError
from velocious_browser.tabs import applied
from velocious_browser.tabs.session import Session
from velocious_browser.tabs.wire import pack_error, packed, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from velocious.database.driver import Connection
    from velocious_browser.tabs.engine import Engine
    from velocious_browser.tabs.key import Key
    from velocious_browser.tabs.session import Outcome

_log = logging.getLogger("velocious.tabs")


class Service:
    """Answers the requests of other tabs on the databases of this one.

    Arguments:
        engine: gives the opened database for a key.
        post: sends an answer to a tab.
        clients: the tabs that are there, whose last writes are remembered.
    """

    def __init__(
        self,
        engine: Callable[[Key], Engine],
        post: Callable[[str, bytes], object],
        clients: Iterable[str] = (),
    ) -> None:
        self._engine = engine
        self._post = post
        self._clients = set(clients)
        self._sessions: dict[tuple[str, int], Session] = {}
        self._running: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._tidied: set[Engine] = set()
        self._is_stopped = False

    # What comes

    def hear(self, client: str, content: bytes) -> None:
        """A request came from *client*."""
        if self._is_stopped:
            return
        number, again, kind, *details = unpacked(content)
        self._clients.add(client)
        if kind == "cancel":
            self._cancel(client, number)
            return
        work = self._answer(client, number, again, kind, details)
        # Most requests need not wait for anything: they are answered before this returns.
        loop = asyncio.get_running_loop()
        task = asyncio.Task(work, loop=loop, eager_start=True)
        if not task.done():
            self._running[client, number] = task
            task.add_done_callback(lambda _: self._running.pop((client, number), None))

    def gone(self, client: str) -> None:
        """*client* is not there any more: what it had open is rolled back."""
        self._clients.discard(client)
        self._tidied.clear()
        for sender, number in tuple(self._running):
            if sender == client:
                self._cancel(sender, number)
        for sender, session in tuple(self._sessions):
            if sender == client:
                self._start(self._leave(sender, session))

    def stop(self) -> None:
        """Answer nobody any more: another tab will."""
        self._is_stopped = True
        for task in tuple(self._running.values()):
            task.cancel()
        self._sessions.clear()

    def _cancel(self, client: str, number: int) -> None:
        task = self._running.get((client, number))
        if task is not None:
            task.cancel()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.Task(work, loop=asyncio.get_running_loop(), eager_start=True)

    async def _answer(
        self, client: str, number: int, again: bool, kind: str, details: list[Any]
    ) -> None:
        try:
            value = await self._do(client, number, again, kind, details)
        except DatabaseError as error:
            answer = (number, False, pack_error(error))
        except Exception as error:
            _log.exception("A request (%s) of another tab failed.", kind)
            answer = (number, False, pack_error(error))
        else:
            answer = (number, True, value)
        if not self._is_stopped and kind != "leave":
            self._post(client, packed(answer))

    async def _do(
        self, client: str, number: int, again: bool, kind: str, details: list[Any]
    ) -> Any:
        match kind:
            case "read":
                return await self._read(*details)
            case "write":
                return await self._write(client, number, again, *details)
            case "in":
                return await self._inside(client, *details)
            case "end":
                return await self._end(client, number, *details)
            case "leave":
                return await self._leave(client, *details)
            case "bare":
                return await self._bare(*details)
            case "open":
                return await self._engine(details[0]).ready()
            case "secret":
                return _secret(*details)
            case "create" | "drop":
                return await self._manage(kind, *details)
            case _:
                raise DatabaseError(
                    f"The tab that owns the database does not know the request {kind!r}. Reload "
                    "the tabs of this application."
                )

    # Outside of transactions

    async def _read(self, key: Key, operation: str, *arguments: Any) -> Any:
        engine = self._engine(key)
        reader = engine.opened_reader
        if reader is None:
            await engine.ready()
            reader = engine.reader()
        return _plain(await getattr(reader, operation)(*arguments))

    async def _write(
        self, client: str, number: int, again: bool, key: Key, operation: str, *arguments: Any
    ) -> Any:
        engine = self._engine(key)
        connection = await engine.lease()
        try:
            await connection.control("BEGIN")
            if again:
                answer = await applied.find(connection, client, number)
                if answer is not applied.NOTHING:
                    return answer
            answer = _plain(await getattr(connection, operation)(*arguments))
            await self._note(engine, connection, client, number, answer)
            await connection.control("COMMIT")
        finally:
            # Rolls back what was not committed.
            await engine.release(connection)
        return answer

    async def _bare(self, key: Key, operation: str, *arguments: Any) -> Any:
        """A statement that a transaction does not allow; to do it twice does no harm."""
        engine = self._engine(key)
        connection = await engine.lease()
        try:
            return _plain(await getattr(connection, operation)(*arguments))
        finally:
            await engine.release(connection)

    async def _manage(self, kind: str, key: Key) -> bool:
        """Create the file, or drop it."""
        engine = self._engine(key)
        if kind == "create":
            return await create_file(engine.settings, engine.path, engine)
        await engine.close()
        return drop_files(engine.settings, engine.path)

    # Transactions

    async def _inside(
        self,
        client: str,
        key: Key,
        number: int,
        controls: Sequence[str],
        operation: str,
        *arguments: Any,
    ) -> Outcome:
        session = self._sessions.get((client, number))
        if session is None:
            if controls[:1] != ("BEGIN",):
                raise TransactionLostError(key[0])
            engine = self._engine(key)
            session = Session(engine, await engine.lease())
            self._sessions[client, number] = session
        work = getattr(session.connection, operation)

        async def run() -> Any:
            return _plain(await work(*arguments))

        outcome = await session.run(controls, run)
        if not session.has_begun:
            await self._leave(client, number)
        return outcome

    async def _end(
        self, client: str, number: int, key: Key, session_number: int, controls: Sequence[str]
    ) -> Outcome:
        session = self._sessions.get((client, session_number))
        if session is None:
            # Where it was stored, the answer was lost on its way.
            await self._engine(key).ready()
            done = await applied.find(self._engine(key).reader(), client, number)
            if done is applied.NOTHING:
                raise TransactionLostError(key[0])
            return False, True, None

        async def commit() -> None:
            await self._note(session.engine, session.connection, client, number, None)
            await session.connection.control("COMMIT")

        outcome = await session.run(controls, commit)
        if not outcome[0]:
            await self._leave(client, session_number)
        return outcome

    async def _leave(self, client: str, number: int) -> None:
        session = self._sessions.pop((client, number), None)
        if session is not None:
            await session.end()

    async def _note(
        self, engine: Engine, connection: Connection, client: str, number: int, answer: Any
    ) -> None:
        if engine.settings.read_only:
            return
        await applied.note(connection, client, number, answer)
        if engine not in self._tidied:
            self._tidied.add(engine)
            await applied.keep_only(connection, self._clients)


def _secret(directory: str) -> str:
    """The own secret of the application whose files are in *directory*."""
    from velocious_browser.files import BrowserFiles
    from velocious_browser.own_secret import own_secret

    return own_secret(BrowserFiles(directory))


def _plain(answer: Any) -> Any:
    """A result as a tuple: named tuples do not travel."""
    return (*answer,) if isinstance(answer, Result) else answer
