"""``Serving``: files and streams, and what spares an answer that the client has already.

Law: what these methods need is imported when the first action calls them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from velocious.controller.answer.status import status_code
from velocious.controller.authorizing import Authorizing

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Callable, Mapping
    from datetime import datetime, timedelta

    from velocious.controller.sending.byte_sources import ByteSource
    from velocious.controller.sending.event_stream import Event
    from velocious.record.attachments.attachment import AttachedFile
    from velocious.record.attachments.one_attachment import OneAttachment


class Serving(Authorizing):
    """The part of :class:`Controller` that sends in parts, in several formats, or not again."""

    # Files and streams. What they need is imported when the first one is sent.

    async def send_file(
        self,
        path: str,
        *,
        inside: str | None = None,
        filename: str | None = None,
        content_type: str | None = None,
        disposition: str = "attachment",
    ) -> None:
        """Answer with the file at *path*: in parts where the client asks for parts, and not at all
        where it has the file already.

        Arguments:
            path: below the application's root, or absolute. A name that comes from a client is
                only safe with *inside*.
            inside: the folder that *path* must stay in; without such a file there the answer is
                404.
            filename: what the client is told it is called; the last part of *path* by default.
            disposition: ``"inline"`` lets browsers show it.

        Raises:
            RenderError: there is no such file.
        """
        from velocious.controller.sending.sending import find_file

        found = await find_file(self.configuration, path, inside)
        name = filename or path.replace("\\", "/").rpartition("/")[2]
        self._send(found, name, content_type, disposition)

    def send_data(
        self,
        data: bytes,
        *,
        filename: str | None = None,
        content_type: str | None = None,
        disposition: str = "attachment",
    ) -> None:
        """Answer with *data* as if it were a file."""
        from velocious.controller.sending.byte_sources import Memory

        self._send(Memory(data), filename or "", content_type, disposition)

    def send_attachment(
        self, attached: AttachedFile | OneAttachment, *, disposition: str = "attachment"
    ) -> None:
        """Answer with a file of a record, under its own name and type.

        Raises:
            RecordNotFoundError: there is none.
        """
        from velocious.controller.sending.byte_sources import attachment

        found = attachment(attached)
        self._send(found, found.filename, found.content_type, disposition)

    def stream(
        self,
        pieces: AsyncIterable[bytes | str],
        *,
        content_type: str = "application/octet-stream",
        status: int | str = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Answer with *pieces* as they come. The next one is asked for when the last one has left;
        when the client is gone the generator is closed.
        """
        from velocious.controller.sending.streaming import Stream, encoded

        given = {"content-type": content_type, **(headers or {})}
        self._answer(Stream(lambda: encoded(pieces), status_code(status), given))

    def event_stream(
        self, events: AsyncIterable[Event | str], *, heartbeat: float | None = 15.0
    ) -> None:
        """Answer with server-sent *events* until they end or the client is gone.

        Arguments:
            heartbeat: seconds of silence after which a comment is sent, for common proxies hang up
                after 60; None for never.
        """
        from velocious.controller.sending.event_stream import encoded_events
        from velocious.controller.sending.streaming import Stream
        from velocious.realtime.sse.encoding import HEADERS

        self._answer(Stream(lambda: encoded_events(events, heartbeat), 200, HEADERS))

    @property
    def last_event_id(self) -> str | None:
        """The last event that a client saw before it connected again."""
        return self.request.headers.get("last-event-id")

    # Formats and caches

    async def respond_to(self, **answers: Callable[[], Any]) -> None:
        """Call the one that the client likes best, the first one of equals::

            await self.respond_to(html=self.page, json=lambda: self.render(json=[1, 2]))

        Raises:
            NotAcceptableError: it accepts none of them.
        """
        from velocious.controller.formats import respond_to

        await respond_to(self, answers)

    async def fresh_when(
        self, *things: Any, etag: Any = None, last_modified: datetime | None = None
    ) -> bool:
        """Say that the answer is of this version; whether the client has that one: then it has been
        told so, with 304.

        Arguments:
            things: records, lists and queries of them; their ``updated_at`` or ``lock_version``
                tells. A query costs its number of rows and their latest change.
            etag: any value that changes with the answer.
        """
        from velocious.controller.caching.freshness import fresh_when

        return await fresh_when(self, things, etag, last_modified)

    async def stale(
        self, *things: Any, etag: Any = None, last_modified: datetime | None = None
    ) -> bool:
        """Whether something is to be rendered: the opposite of :meth:`fresh_when`."""
        return not await self.fresh_when(*things, etag=etag, last_modified=last_modified)

    async def check_unchanged(self, *things: Any, etag: Any = None) -> None:
        """Before a change: answer 412 where the client's ``If-Match`` is not this version.

        Raises:
            PreconditionFailedError: somebody changed it meanwhile.
        """
        from velocious.controller.caching.freshness import check_expected

        await check_expected(self, things, etag)

    def expires_in(
        self,
        seconds: float | timedelta,
        *,
        public: bool = False,
        immutable: bool = False,
        must_revalidate: bool = False,
        stale_while_revalidate: float | timedelta | None = None,
    ) -> None:
        """Let the client keep the answer, and with *public* every cache on the way."""
        from velocious.controller.caching.cache_control import cache_control

        self.headers["cache-control"] = cache_control(
            seconds,
            public=public,
            immutable=immutable,
            must_revalidate=must_revalidate,
            stale_while_revalidate=stale_while_revalidate,
        )

    def no_store(self) -> None:
        """Let nobody keep the answer, not even the browser's own history of pages."""
        self.headers["cache-control"] = "no-store"

    def _send(
        self, source: ByteSource, filename: str, content_type: str | None, disposition: str
    ) -> None:
        from velocious.controller.sending.sending import send_source

        self._answer(
            send_source(
                self.request,
                source,
                filename=filename,
                content_type=content_type,
                disposition=disposition,
            )
        )
