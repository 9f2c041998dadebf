"""What both HTTP protocols have in common beyond uvicorn's: limits, patience, and leaving politely.

Law: a client that is slow, silent or too many costs a timer and a socket, never a task that waits
for ever; a client that behaves pays for none of it but a look at two attributes.
"""

from __future__ import annotations

import logging
from asyncio import Protocol
from typing import TYPE_CHECKING, Any

from velocious_node.http.refusing import refusal
from velocious_node.http.request_head import RefusedRequest

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, TimerHandle, Transport

    from velocious_node.http.config import ServerConfig
    from velocious_node.settings import ServerSettings

logger = logging.getLogger("velocious.http")

#: Seconds that a refused client gets to read why, before the connection goes.
LINGER_SECONDS = 1.0
#: Seconds that a connection without a request is kept when the server stops: what was on its way
#: is still answered, and told to come on another connection.
LEAVING_SECONDS = 0.5


class Guard(Protocol):
    """Mixed in before a protocol of uvicorn's."""

    config: Any
    loop: AbstractEventLoop
    transport: Any
    connections: Any
    flow: Any
    cycle: Any

    if TYPE_CHECKING:

        @property
        def has_begun(self) -> bool:
            """Whether a part of a request's head has come, and the rest is still to come."""
            ...

    def prepare(self, config: ServerConfig) -> None:
        """Set up this part of the connection."""
        self.settings: ServerSettings = config.settings
        #: The timer for what the client has to send; None where it has to send nothing.
        self.patience: TimerHandle | None = None
        self._waits_for_body = False
        self._was_slow = False
        self._write_patience: TimerHandle | None = None
        self._leaving: TimerHandle | None = None
        self._unwritten = 0
        #: Bytes that came since the pace was looked at.
        self.received: int = 0
        self.refused = False
        #: The connection is a websocket's now.
        self.handed_over = False

    # What asyncio calls

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        limit = self.settings.max_connections
        if limit is not None and len(self.connections) > limit:
            self.refuse(RefusedRequest(503, "There are too many connections. Come back later."))
            # While it reads that, it keeps nobody else out.
            self.connections.discard(self)
            return
        self._wait(self.settings.head_seconds, self._head_is_late)

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        self.received += len(data)
        super().data_received(data)
        self.watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timers()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unwritten = self.transport.get_write_buffer_size()
        self._write_patience = self.loop.call_later(
            self.settings.write_seconds, self._check_that_answers_are_taken
        )

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._write_patience is not None:
            self._write_patience.cancel()
            self._write_patience = None

    # What the server calls

    def shutdown(self) -> None:
        """Answer what is being asked, then close."""
        if self.is_busy:
            self.cycle.keep_alive = False
        elif self._leaving is None:
            self._leaving = self.loop.call_later(LEAVING_SECONDS, self._leave)

    # What the protocols do

    @property
    def is_busy(self) -> bool:
        """Whether a request has come whose answer has not gone."""
        return self.cycle is not None and not self.cycle.response_complete

    def refuse(self, problem: RefusedRequest) -> None:
        """Say what is wrong, where the client can still hear it, and close the connection."""
        if self.refused or self.transport.is_closing():
            return
        self.refused = True
        logger.info("A request was refused: %s", problem)
        if not self.is_busy:
            self._say(problem)
        elif self.cycle.more_body:
            self._give_up(problem)
        else:
            # What came before it is answered first; nothing after it is read.
            self.cycle.keep_alive = False

    def _give_up(self, problem: RefusedRequest) -> None:
        """The request that runs will never be whole: its action learns that the client is gone."""
        started = self.cycle.response_started
        self.cycle.disconnected = True
        self.cycle.message_event.set()
        if started:
            self.transport.close()
        else:
            self._say(problem)

    def _say(self, problem: RefusedRequest) -> None:
        self.transport.write(refusal(problem.status, problem.reason))
        # Closing at once, with input unread, would take the answer back (RST).
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()
        self._wait(LINGER_SECONDS, self.transport.close)

    def hand_over(self) -> None:
        """The connection is a websocket's from here on, and so is the patience with it."""
        self.handed_over = True
        self._stop_timers()

    # Patience

    def watch(self) -> None:
        """See to it that whatever is waited for does not take too long."""
        if self.refused or self.handed_over:
            return
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            if self.patience is None or self._waits_for_body:
                self._wait(self.settings.head_seconds, self._head_is_late)
        elif cycle.more_body:
            if self.patience is None or not self._waits_for_body:
                self.received = 0
                self._wait(self.settings.body_seconds, self._check_pace)
                self._waits_for_body = True
        elif self.patience is not None:
            self.patience.cancel()
            self.patience = None

    def _wait(self, seconds: float, then: Any) -> None:
        if self.patience is not None:
            self.patience.cancel()
        self.patience = self.loop.call_later(seconds, then)
        self._waits_for_body = False

    def _stop_timers(self) -> None:
        for timer in (self.patience, self._write_patience, self._leaving):
            if timer is not None:
                timer.cancel()
        self.patience = self._write_patience = self._leaving = None

    def _head_is_late(self) -> None:
        self.patience = None
        if self.is_busy:
            self.watch()
        elif self.received:
            self.refuse(RefusedRequest(408, "The request did not come in time."))
        else:
            self.transport.close()

    def _check_pace(self) -> None:
        self.patience = None
        cycle = self.cycle
        # While the application does not read, or has not asked yet, the client need not send.
        ours = self.flow.read_paused or (cycle is not None and cycle.waiting_for_100_continue)
        expected = self.settings.body_pace * self.settings.body_seconds
        waits = self.is_busy and self.cycle.more_body and not ours
        is_slow = waits and self.received < expected
        # Once may be our own doing: it may have been told to go on a moment ago.
        if is_slow and self._was_slow:
            self.refuse(RefusedRequest(408, "The body did not come in time."))
        else:
            self.watch()
        self._was_slow = is_slow

    def _check_that_answers_are_taken(self) -> None:
        self._write_patience = None
        left = self.transport.get_write_buffer_size()
        if left >= self._unwritten:
            logger.info("A client took nothing of its answer for too long.")
            self.transport.abort()
            return
        self._unwritten = left
        self._write_patience = self.loop.call_later(
            self.settings.write_seconds, self._check_that_answers_are_taken
        )

    def _leave(self) -> None:
        self._leaving = None
        if self.is_busy:
            self.cycle.keep_alive = False
        elif self.has_begun:
            self._leaving = self.loop.call_later(LEAVING_SECONDS, self._leave)
        else:
            self.transport.close()
